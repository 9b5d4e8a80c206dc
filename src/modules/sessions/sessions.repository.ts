import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../database/removal.job.js';
import { Sql } from '../../database/sql.js';
import { sweep } from '../../database/sweep.statements.js';
import { Transaction } from '../../database/transaction.js';
import { Session } from './session.entity.js';

/** `distinct from`, because the id of the session to keep may be null. */
const REMOVE_ALL_OF = {
  name: 'sessions_remove_all_of',
  text: 'delete from sessions where user_id = any($1) and id is distinct from $2',
};

const REMOVE = {
  name: 'sessions_remove',
  text: `
    delete from sessions where id = $1 returning user_id as "userId", sealed_id_token as "sealedIdToken"`,
};

const EXPIRED = sweep('sessions', { key: 'id' });

/** $5: the latest end, or null. */
const INSERT = {
  name: 'sessions_insert',
  text: `
    insert into sessions (id, user_id, method, user_agent, client_host, expires_at)
    values ($1, $2, $3, $6, $7, least(now() + make_interval(secs => $4), $5::timestamptz))
    returning created_at as "createdAt", expires_at as "expiresAt"`,
};

/** `sealedIdToken`: null unless single sign-on opened the session. */
export type EndedSession = Pick<Session, 'userId' | 'sealedIdToken'>;

export type NewSession = Pick<Session, 'id' | 'userId' | 'method' | 'userAgent' | 'clientHost'>;
export type SessionTimes = Pick<Session, 'createdAt' | 'expiresAt'>;

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('expired sessions', EXPIRED);
  }

  /** Valid for `seconds`, but not after `notAfter`, unless that is null. */
  async insert(
    { id, userId, method, userAgent, clientHost }: NewSession,
    { seconds, notAfter }: { seconds: number; notAfter: Date | null },
  ): Promise<SessionTimes> {
    const values = [id, userId, method, seconds, notAfter, userAgent, clientHost];
    return this.sql.one<SessionTimes>(INSERT, values);
  }

  /** Returns the ended session, or null. */
  remove(id: string): Promise<EndedSession | null> {
    return this.sql.row(REMOVE, [id]);
  }

  async removeAllOf(userIds: readonly string[], keptId: string | null): Promise<void> {
    await this.sql.affected(REMOVE_ALL_OF, [userIds, keptId]);
  }

  async removeBreakGlassOf(userId: string): Promise<void> {
    await this.transaction.manager.getRepository(Session).delete({ userId, method: 'break-glass' });
  }
}
