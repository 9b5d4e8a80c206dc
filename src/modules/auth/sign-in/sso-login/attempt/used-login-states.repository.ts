import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../../../../database/jobs/removal.job.js';
import { Sql } from '../../../../../database/transactions/sql.js';
import { sweep } from '../../../../../database/jobs/sweep.statements.js';

const INSERT = {
  name: 'used_login_states_insert',
  text: `
    insert into used_login_states (digest, expires_at) values ($1, to_timestamp($2)) on conflict (digest) do nothing`,
};

const EXPIRED = sweep('used_login_states', { key: 'digest' });

@Injectable()
export class UsedLoginStatesRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('used login states', EXPIRED);
  }

  /** Returns false if the state was used before, on any replica. `expiresAt`: seconds since the Unix epoch. */
  async markUsed({ state, expiresAt }: { state: string; expiresAt: number }): Promise<boolean> {
    const digest = createHash('sha256').update(state).digest();
    return (await this.sql.affected(INSERT, [digest, expiresAt])) === 1;
  }
}
