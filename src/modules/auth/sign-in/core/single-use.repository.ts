import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../../../database/jobs/removal.job.js';
import { sweep } from '../../../../database/jobs/sweep.statements.js';
import { named, Sql } from '../../../../database/transactions/sql.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import type { LogoutToken } from '../../oidc/index.js';
import { EmailConfirmation } from './entities.js';

type NewConfirmation = Omit<EmailConfirmation, 'expiresAt'>;
type UsedConfirmation = Pick<EmailConfirmation, 'userId' | 'email'> & { hasExpired: boolean };

/** Of concurrent requests, one inserts; the others wait for that and insert nothing. */
const INSERT_LOGIN_STATE = named('used_login_states_insert')`
  insert into used_login_states (digest, expires_at) values ($1, to_timestamp($2)) on conflict (digest) do nothing`;

const INSERT_LOGOUT_TOKEN = named('used_logout_tokens_insert')`
  insert into used_logout_tokens (digest, expires_at) values ($1, $2) on conflict do nothing`;

const UPSERT_CONFIRMATION = named('email_confirmations_upsert')`
  insert into email_confirmations (user_id, digest, email, expires_at) values ($1, $2, $3, now() + make_interval(hours => $4))
  on conflict (user_id) do update
    set digest = excluded.digest, email = excluded.email, expires_at = excluded.expires_at`;

/** Of concurrent requests with one token, the first gets the row and all others none. */
const TAKE_CONFIRMATION = named('email_confirmations_take')`
  delete from email_confirmations where digest = $1
  returning user_id as "userId", email, expires_at <= now() as "hasExpired"`;

const SWEEPS = {
  'used login states': sweep('used_login_states', { key: 'digest' }),
  'used logout tokens': sweep('used_logout_tokens', { key: 'digest', minutesLater: 10 }), // tolerates clock differences
  /** Kept for a week, so that an expired link says that it has expired. */
  'expired confirmation links': sweep('email_confirmations', { key: 'user_id', daysLater: 7 }),
};

/** What is accepted once, on all replicas: login states, logout tokens and the links that confirm an e-mail address. */
@Injectable()
export class SingleUseRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    for (const [what, statement] of Object.entries(SWEEPS)) removals.addSweep(what, statement);
  }

  /** False if the state was used before. `expiresAt`: seconds since the Unix epoch. */
  async useLoginState({ state, expiresAt }: { state: string; expiresAt: number }): Promise<boolean> {
    return (await this.sql.affected(INSERT_LOGIN_STATE, [digestOf(state), expiresAt])) === 1;
  }

  async useLogoutToken({ issuer, jti, expiresAt }: LogoutToken): Promise<boolean> {
    return (await this.sql.affected(INSERT_LOGOUT_TOKEN, [digestOf(`${issuer}\0${jti}`), expiresAt])) === 1;
  }

  async replaceConfirmation({ userId, digest, email }: NewConfirmation, hours: number): Promise<void> {
    await this.sql.affected(UPSERT_CONFIRMATION, [userId, digest, email, hours]);
  }

  useConfirmation(digest: Buffer): Promise<UsedConfirmation | null> {
    return this.sql.row<UsedConfirmation>(TAKE_CONFIRMATION, [digest]);
  }

  async removeConfirmation({ userId, digest }: Pick<NewConfirmation, 'userId' | 'digest'>): Promise<void> {
    await this.transaction.manager.getRepository(EmailConfirmation).delete({ userId, digest });
  }
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
