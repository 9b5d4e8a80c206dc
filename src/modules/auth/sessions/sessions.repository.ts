import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';
import { sweep } from '../../../database/sweep.statements.js';
import { Transaction } from '../../../database/transaction.js';
import { Session } from './session.entity.js';

/** `distinct from`, because the id of the session to keep may be null. */
const REMOVE_ALL_OF = {
  name: 'sessions_remove_all_of',
  text: 'delete from sessions where user_id = any($1) and id is distinct from $2',
};

const SWEEP = sweep('sessions', { key: 'id' });

/** The method is 'password' unless given. */
type NewSession = Pick<Session, 'id' | 'userId' | 'createdAt' | 'expiresAt'> &
  Partial<Pick<Session, 'method'>>;

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  async insert(session: NewSession): Promise<void> {
    await this.transaction.manager.getRepository(Session).insert(session);
  }

  async removeAllOf(userIds: readonly string[], keptId: string | null): Promise<void> {
    await this.sql.affected(REMOVE_ALL_OF, [userIds, keptId]);
  }

  async removeBreakGlassOf(userId: string): Promise<void> {
    await this.transaction.manager.getRepository(Session).delete({ userId, method: 'break-glass' });
  }

  async removeExpired(): Promise<void> {
    await this.sql.affected(SWEEP, []);
  }
}
