import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';

const INSERT = {
  name: 'used_login_states_insert',
  text: `
    insert into used_login_states (digest, expires_at) values ($1, to_timestamp($2)) on conflict (digest) do nothing`,
};

/** A few at a time, and none that another login is removing now. */
const REMOVE_EXPIRED = {
  name: 'used_login_states_remove_expired',
  text: `
    delete from used_login_states where digest in (
      select digest from used_login_states where expires_at < now()
      order by expires_at limit 100 for update skip locked)`,
};

@Injectable()
export class UsedLoginStatesRepository {
  constructor(private readonly sql: Sql) {}

  /** False when it was used before, by whichever replica; `expiresAt` in seconds since 1970. */
  async markUsed({ state, expiresAt }: { state: string; expiresAt: number }): Promise<boolean> {
    await this.sql.affected(REMOVE_EXPIRED, []);
    const digest = createHash('sha256').update(state).digest();
    return (await this.sql.affected(INSERT, [digest, expiresAt])) === 1;
  }
}
