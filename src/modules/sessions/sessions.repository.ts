import { Injectable } from '@nestjs/common';
import type { SessionMethod } from '../../common/access/principal.js';
import { LastUsedJob, updateLastUsedAt } from '../../database/jobs/last-used.job.js';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { sweep } from '../../database/jobs/sweep.statements.js';
import { Transaction } from '../../database/transactions/transaction.js';
import type { Authentication } from '../orgs/index.js';
import { Session } from './session.entity.js';

/** `distinct from`, because the id of the session to keep may be null. */
const REMOVE_ALL_OF = named('sessions_remove_all_of')`
  delete from sessions where user_id = any($1) and id is distinct from $2`;

/** Here and in `FIND_ID`, one of the two is null. */
const REMOVE = named('sessions_remove')`
  delete from sessions where id = $1 or token_digest = $2
  returning user_id as "userId", sealed_id_token as "sealedIdToken"`;

const FIND_ID = named('sessions_find_id')`
  select id from sessions where (id = $1 or token_digest = $2) and expires_at > now()`;

const EXPIRED = sweep('sessions', { key: 'id' });

/** $5: the latest end, or null. */
const INSERT = named('sessions_insert')`
  insert into sessions (id, user_id, method, user_agent, client_host, expires_at)
  values ($1, $2, $3, $6, $7, least(now() + make_interval(secs => $4), $5::timestamptz))
  returning created_at as "createdAt", expires_at as "expiresAt"`;

/** $2 the method that is not in use, $3 the session that is always listed. */
const LIST_OWN = named('own_sessions_list')`
  select id, method, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt",
    user_agent as "userAgent", client_host as "clientHost", acr, amr, authenticated_at as "authenticatedAt"
  from sessions
  where user_id = $1 and expires_at > now() and method <> $2
  order by id = $3 desc, coalesce(last_used_at, created_at) desc, id desc
  limit $4`;

const FIND_AUTHENTICATION = named('sessions_find_authentication')`
  select acr, amr, extract(epoch from clock_timestamp() - authenticated_at)::float8 as "ageSeconds"
  from sessions where id = $1`;

const COUNT = named('sessions_count')`
  select count(*)::int as count, max(coalesce(last_used_at, created_at)) as "lastUsedAt"
  from sessions
  where user_id = $1 and expires_at > now() and method <> $2`;

/** `sealedIdToken`: null unless single sign-on opened the session. */
export type EndedSession = Pick<Session, 'userId' | 'sealedIdToken'>;

/** The id in a signed token, or the digest of an opaque one. */
export type SessionKey = Record<'id', string | null> & Pick<Session, 'tokenDigest'>;

type NewSession = Pick<Session, 'id' | 'userId' | 'method' | 'userAgent' | 'clientHost'>;
export type SessionTimes = Pick<Session, 'createdAt' | 'expiresAt'>;

export type ListedSession = Pick<
  Session,
  | 'id'
  | 'method'
  | 'createdAt'
  | 'expiresAt'
  | 'lastUsedAt'
  | 'userAgent'
  | 'clientHost'
  | 'acr'
  | 'amr'
  | 'authenticatedAt'
>;

/** `lastUsedAt`: null if there are none. */
export type SessionCount = { readonly count: number; readonly lastUsedAt: Date | null };

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    lastUsed: LastUsedJob,
    removals: RemovalJob,
  ) {
    lastUsed.add('sessions', updateLastUsedAt('sessions'), 60_000);
    removals.addSweep('expired sessions', EXPIRED);
  }

  private get rows() {
    return this.transaction.manager.getRepository(Session);
  }

  /** Valid for `seconds`, but not after `notAfter`, unless that is null. */
  async insert(
    { id, userId, method, userAgent, clientHost }: NewSession,
    { seconds, notAfter }: { seconds: number; notAfter: Date | null },
  ): Promise<SessionTimes> {
    const values = [id, userId, method, seconds, notAfter, userAgent, clientHost];
    return this.sql.one<SessionTimes>(INSERT, values);
  }

  async findId({ id, tokenDigest }: SessionKey): Promise<string | null> {
    return (await this.sql.row<{ id: string }>(FIND_ID, [id, tokenDigest]))?.id ?? null;
  }

  /** How the user has signed in at the provider; null if the session has ended. */
  findAuthentication(id: string): Promise<Authentication | null> {
    return this.sql.row(FIND_AUTHENTICATION, [id]);
  }

  /** Valid sessions of the user, that with `currentId` first, then the most recently used ones. */
  listOwn(
    userId: string,
    { currentId, exceptMethod, limit }: { currentId: string; exceptMethod: SessionMethod; limit: number },
  ): Promise<ListedSession[]> {
    return this.sql.rows<ListedSession>(LIST_OWN, [userId, exceptMethod, currentId, limit]);
  }

  count(userId: string, exceptMethod: SessionMethod): Promise<SessionCount> {
    return this.sql.one<SessionCount>(COUNT, [userId, exceptMethod]);
  }

  async removeOwn(userId: string, id: string): Promise<boolean> {
    const { affected } = await this.rows.delete({ userId, id });
    return affected === 1;
  }

  remove({ id, tokenDigest }: SessionKey): Promise<EndedSession | null> {
    return this.sql.row(REMOVE, [id, tokenDigest]);
  }

  removeAllOf(userIds: readonly string[], keptId: string | null): Promise<number> {
    return this.sql.affected(REMOVE_ALL_OF, [userIds, keptId]);
  }

  async removeBreakGlassOf(userId: string): Promise<void> {
    await this.rows.delete({ userId, method: 'break-glass' });
  }
}
