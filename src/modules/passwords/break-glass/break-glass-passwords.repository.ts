import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import type { BreakGlassPassword } from '../core/entities.js';

export type NewWindow = Pick<BreakGlassPassword, 'userId' | 'digest'> & { readonly hours: number };
export type OpenWindow = Pick<BreakGlassPassword, 'userId' | 'digest' | 'expiresAt'>;

const UPSERT = named('break_glass_passwords_upsert')`
  insert into break_glass_passwords (user_id, digest, expires_at)
  values ($1, $2, now() + make_interval(secs => $3))
  on conflict (user_id) do update
    set digest = excluded.digest, expires_at = excluded.expires_at, created_at = now()
  returning expires_at as "expiresAt"`;

const FIND_OPEN = named('break_glass_passwords_find_open')`
  select user_id as "userId", digest, expires_at as "expiresAt" from break_glass_passwords
  where user_id = $1 and expires_at > now()`;

const LOCK_UNCHANGED = named('break_glass_passwords_lock_unchanged')`
  select user_id from break_glass_passwords
  where user_id = $1 and digest = $2 and expires_at > now() for share`;

const REMOVE = named('break_glass_passwords_remove')`delete from break_glass_passwords where user_id = $1`;

const EXPIRED = sweep('break_glass_passwords', { key: 'user_id' });

@Injectable()
export class BreakGlassPasswordsRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('expired break-glass passwords', EXPIRED);
  }

  findOpen(userId: string): Promise<OpenWindow | null> {
    return this.sql.row<OpenWindow>(FIND_OPEN, [userId]);
  }

  async upsert({ userId, digest, hours }: NewWindow): Promise<Date> {
    return (await this.sql.one<{ expiresAt: Date }>(UPSERT, [userId, digest, hours * 3600])).expiresAt;
  }

  async remove(userId: string): Promise<boolean> {
    return (await this.sql.affected(REMOVE, [userId])) === 1;
  }

  /** False if the window has ended or was replaced; otherwise it cannot be changed until the transaction ends. */
  async lockUnchanged({ userId, digest }: OpenWindow): Promise<boolean> {
    return (await this.sql.row(LOCK_UNCHANGED, [userId, digest])) !== null;
  }
}
