import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';
import { sweep } from '../../../database/sweep.statements.js';

const RECENT_DAYS = 30;

const FIND_RECENT = {
  name: 'login_networks_find_recent',
  text: `
    select encode(key, 'hex') as key, last_success_at < now() - interval '1 day' as "isDue" from login_networks
    where key = any($1) and last_success_at > now() - interval '${RECENT_DAYS} days'`,
};

/** In key order, so that concurrent logins do not deadlock. */
const UPSERT = {
  name: 'login_networks_upsert',
  text: `
    insert into login_networks (key, last_success_at)
    select key, now() from unnest($1::bytea[]) as given (key) order by key
    on conflict (key) do update set last_success_at = excluded.last_success_at`,
};

const SWEEP = sweep('login_networks', {
  key: 'key',
  time: 'last_success_at',
  minutesLater: RECENT_DAYS * 24 * 60,
  limit: 1000,
});

@Injectable()
export class LoginNetworksRepository {
  constructor(private readonly sql: Sql) {}

  /** Keys with a success in the last 30 days, in hex; `isDue`: the next success should renew the row. */
  findRecent(keys: readonly Buffer[]): Promise<{ key: string; isDue: boolean }[]> {
    return this.sql.rows(FIND_RECENT, [keys]);
  }

  /** Also deletes rows that are no longer recent. */
  async upsert(keys: readonly Buffer[]): Promise<void> {
    await this.sql.affected(UPSERT, [keys]);
    await this.sql.affected(SWEEP, []);
  }
}
