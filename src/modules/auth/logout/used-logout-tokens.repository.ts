import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../../database/sql.js';
import type { LogoutToken } from '../sso/identity-provider.js';

/** Of several that show the same token at once, one inserts it; the others wait for that and insert nothing. */
const INSERT: Statement = {
  name: 'used_logout_tokens_insert',
  text: 'insert into used_logout_tokens (digest, expires_at) values ($1, $2) on conflict do nothing',
};

/** A few at a time, and none that another request is removing now. */
const REMOVE_EXPIRED: Statement = {
  name: 'used_logout_tokens_remove_expired',
  text: `
    delete from used_logout_tokens where digest in (
      select digest from used_logout_tokens where expires_at < now() - interval '10 minutes'
      order by expires_at limit 100 for update skip locked)`, // clocks may differ
};

@Injectable()
export class UsedLogoutTokensRepository {
  constructor(private readonly sql: Sql) {}

  /** False when it was used before. Expired ones are swept on the way. */
  async markUsed({ issuer, jti, expiresAt }: LogoutToken): Promise<boolean> {
    const digest = createHash('sha256').update(`${issuer}\0${jti}`).digest();
    await this.sql.affected(REMOVE_EXPIRED, []);
    return (await this.sql.affected(INSERT, [digest, expiresAt])) === 1;
  }
}
