import { Injectable } from '@nestjs/common';
import type { SessionMethod } from '../../common/access/principal.js';
import { Sql } from '../../database/sql.js';
import type { Session } from './session.entity.js';

export type OwnSessionRow = Pick<
  Session,
  'id' | 'method' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'userAgent' | 'clientHost'
>;

/** $2 the method that is not in use, $3 the session that is always listed. */
const LIST = {
  name: 'own_sessions_list',
  text: `
    select id, method, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt",
      user_agent as "userAgent", client_host as "clientHost"
    from sessions
    where user_id = $1 and expires_at > now() and method <> $2
    order by id = $3 desc, coalesce(last_used_at, created_at) desc, id desc
    limit $4`,
};

const REMOVE = { name: 'own_sessions_remove', text: 'delete from sessions where user_id = $1 and id = $2' };

const REMOVE_ALL = { name: 'own_sessions_remove_all', text: 'delete from sessions where user_id = $1' };

/** Sessions by their user; no statement sees those of other users. */
@Injectable()
export class OwnSessionsRepository {
  constructor(private readonly sql: Sql) {}

  /** Valid sessions, that with `currentId` first, then the most recently used ones. */
  list(
    userId: string,
    { currentId, exceptMethod, limit }: { currentId: string; exceptMethod: SessionMethod; limit: number },
  ): Promise<OwnSessionRow[]> {
    return this.sql.rows<OwnSessionRow>(LIST, [userId, exceptMethod, currentId, limit]);
  }

  /** False if the user has no such session. */
  async remove(userId: string, id: string): Promise<boolean> {
    return (await this.sql.affected(REMOVE, [userId, id])) === 1;
  }

  /** Returns how many there were. */
  removeAll(userId: string): Promise<number> {
    return this.sql.affected(REMOVE_ALL, [userId]);
  }
}
