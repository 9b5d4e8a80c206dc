import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql } from '../../../../database/transactions/sql.js';
import { sweep } from '../../../../database/jobs/sweep.statements.js';
import type { LogoutToken } from '../../oidc/index.js';

/** Of concurrent requests with the same token, one inserts it; the others wait for that and insert nothing. */
const INSERT = {
  name: 'used_logout_tokens_insert',
  text: 'insert into used_logout_tokens (digest, expires_at) values ($1, $2) on conflict do nothing',
};

const SWEEP = sweep('used_logout_tokens', { key: 'digest', minutesLater: 10 }); // tolerates clock differences

@Injectable()
export class UsedLogoutTokensRepository {
  constructor(private readonly sql: Sql) {}

  /** False if the token was used before. Also deletes expired rows. */
  async markUsed({ issuer, jti, expiresAt }: LogoutToken): Promise<boolean> {
    const digest = createHash('sha256').update(`${issuer}\0${jti}`).digest();
    await this.sql.affected(SWEEP, []);
    return (await this.sql.affected(INSERT, [digest, expiresAt])) === 1;
  }
}
