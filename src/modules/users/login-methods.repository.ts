import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { newIds } from '../../database/statements/new-id.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type EmailVerification, type ExternalLogin, LoginMethod, type StoredClaims } from './entities.js';
import { LoginAlreadyInUse } from './errors.js';

/** Keeps the first verification. */
const CONFIRM = named('login_methods_confirm')`
  update login_methods set email_confirmed_at = now(), email_confirmed_by = $2, updated_at = now()
  where user_id = $1 and provider <> 'email' and email_confirmed_at is null`;

const BY_SUBJECTS = named('login_methods_by_subjects')`
  select subject, user_id as "userId" from login_methods where issuer = $1 and subject = any($2)`;

/** Inserts no login whose subject is taken: the caller rolls back then. */
const INSERT_EXTERNAL = named('login_methods_insert_external')`
  insert into login_methods (id, user_id, provider, issuer, subject, provisioning_method, provider_email,
    provider_username, email_confirmed_by, email_confirmed_at)
  select id, user_id, 'custom-oidc', issuer, subject, provisioning_method, provider_email,
    provider_username, email_confirmed_by, case when email_confirmed_by is not null then now() end
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    as given (id, user_id, issuer, subject, provisioning_method, provider_email, provider_username, email_confirmed_by)
  on conflict do nothing`;

const LIST_EXTERNAL = named('login_methods_list_outside')`
  select user_id as "userId", issuer, subject from login_methods
  where user_id = any($1) and provider <> 'email'`;

/** A password alone is no proof; `passwords` has its origin. */
const CONFIRMED = named('login_methods_confirmed')`
  select distinct user_id as "userId" from login_methods
  where user_id = any($1) and provider <> 'email' and email_confirmed_at is not null`;

const UPDATE_CLAIMS = named('login_methods_update_claims')`
  update login_methods set provider_email = $3, provider_username = $4, updated_at = now()
  where issuer = $1 and subject = $2 and (provider_email, provider_username) is distinct from ($3, $4)`;

const BY_SUBJECT = named('login_methods_by_subject')`
  select ${entityColumns(LoginMethod)} from login_methods where issuer = $1 and subject = $2`;

/** `confirmedBy`: what has verified the address, if anything. */
type NewExternalLogin = ExternalLogin & {
  readonly userId: string;
  readonly provisioningMethod?: LoginMethod['provisioningMethod'];
  readonly claims?: StoredClaims;
  readonly confirmedBy?: EmailVerification | null;
};

/** Login methods of users, above all those at the provider. Callers open the transaction and have verified their data. */
@Injectable()
export class LoginMethodsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(LoginMethod);
  }

  find({ issuer, subject }: ExternalLogin): Promise<LoginMethod | null> {
    return this.sql.row<LoginMethod>(BY_SUBJECT, [issuer, subject]);
  }

  /** Oldest first. */
  listByUser(userId: string): Promise<LoginMethod[]> {
    return this.rows.find({ where: { userId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  async hasPassword(userId: string): Promise<boolean> {
    return (await this.listByUser(userId)).some(({ provider }) => provider === 'email');
  }

  async listExternal(userIds: readonly string[]): Promise<(ExternalLogin & { readonly userId: string })[]> {
    return userIds.length === 0 ? [] : this.sql.rows(LIST_EXTERNAL, [userIds]);
  }

  /** The users who proved their address at a provider, or by a mailed link for a provider login. */
  async findConfirmed(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.sql.rows<{ userId: string }>(CONFIRMED, [userIds]);
    return new Set(rows.map(({ userId }) => userId));
  }

  /** User ids by subject; unknown subjects are missing. */
  async findOwners(issuer: string, subjects: readonly string[]): Promise<Map<string, string>> {
    if (subjects.length === 0) return new Map();
    const rows = await this.sql.rows<{ subject: string; userId: string }>(BY_SUBJECTS, [issuer, subjects]);
    return new Map(rows.map(({ subject, userId }) => [subject, userId]));
  }

  /** @throws LoginAlreadyInUse */
  async add(logins: readonly NewExternalLogin[]): Promise<void> {
    if (logins.length === 0) return;
    const inserted = await this.sql.affected(INSERT_EXTERNAL, [
      newIds(logins),
      logins.map(({ userId }) => userId),
      logins.map(({ issuer }) => issuer),
      logins.map(({ subject }) => subject),
      logins.map(({ provisioningMethod = null }) => provisioningMethod),
      logins.map(({ claims }) => claims?.email ?? null),
      logins.map(({ claims }) => claims?.username ?? null),
      logins.map(({ confirmedBy = null }) => confirmedBy),
    ]);
    if (inserted < logins.length) throw new LoginAlreadyInUse();
  }

  /** Replaces all provider logins of the user with this one. @throws LoginAlreadyInUse */
  async rebind(userId: string, login: ExternalLogin): Promise<void> {
    await this.rows.delete({ userId, provider: 'custom-oidc' });
    await this.add([{ userId, ...login }]);
  }

  /** Adds logins for users that SCIM created. @throws LoginAlreadyInUse */
  addProvisioned(
    issuer: string,
    links: readonly { readonly userId: string; readonly subject: string }[],
  ): Promise<void> {
    return this.add(links.map((link) => ({ ...link, issuer, provisioningMethod: 'scim' })));
  }

  /** Replaces the login that SCIM created for this provider. @throws LoginAlreadyInUse */
  async moveProvisioned(userId: string, { issuer, subject }: ExternalLogin): Promise<void> {
    await this.removeProvisioned(userId, issuer);
    await this.addProvisioned(issuer, [{ userId, subject }]);
  }

  async removeProvisioned(userId: string, issuer: string): Promise<void> {
    await this.rows.delete({ userId, issuer, provisioningMethod: 'scim' });
  }

  async updateClaims({ issuer, subject }: ExternalLogin, { email, username }: StoredClaims): Promise<void> {
    await this.sql.affected(UPDATE_CLAIMS, [issuer, subject, email, username]);
  }

  /** The user has proved that the address of the account is theirs. */
  async confirmEmail(userId: string, by: EmailVerification): Promise<void> {
    await this.sql.affected(CONFIRM, [userId, by]);
  }

  async clearEmailVerification(userId: string, by: readonly EmailVerification[]): Promise<void> {
    await this.rows.update(
      { userId, emailConfirmedBy: In([...by]) },
      { emailConfirmedAt: null, emailConfirmedBy: null, updatedAt: () => 'now()' },
    );
  }
}
