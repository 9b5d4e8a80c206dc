import { Injectable } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import { newIds } from '../../database/statements/new-id.js';
import { awaitAll } from '../../database/transactions/unit-of-work.js';
import { mapViolations } from '../../database/transactions/constraint-violation.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { LoginMethod, User } from './entities.js';
import { LoginMethodsRepository } from './login-methods.repository.js';
import { EmailAlreadyInUse } from './errors.js';

/** Ordered, so that concurrent transactions lock in one order. An existing address or id is not overwritten. */
const INSERT_MISSING = named('users_insert_missing')`
  insert into users (id, email, full_name)
  select * from unnest($1::uuid[], $2::text[], $3::text[]) as given (id, email, full_name) order by email
  on conflict do nothing
  returning id`;

const LOCK = { name: 'users_lock', text: 'select id from users where id = any($1) order by id for update' };

const RENAME = named('users_rename')`
  update users u set full_name = given.full_name, updated_at = now()
  from unnest($1::uuid[], $2::text[]) as given (id, full_name)
  where u.id = given.id`;

const CHANGE_EMAIL = named('users_change_email')`
  update users set email = $2, updated_at = now()
  where id = $1 and not exists (select from users where email = $2 and id <> $1)`;

const INSERT_PASSWORD_LOGINS = named('users_insert_password_logins')`
  insert into login_methods (id, user_id, provider, provisioning_method)
  select id, user_id, 'email', $3 from unnest($1::uuid[], $2::uuid[]) as given (id, user_id)
  on conflict do nothing`;

const COLUMNS = entityColumns(User);
const BY_EMAILS = { name: 'users_by_emails', text: `select ${COLUMNS} from users where email = any($1)` };
const BY_IDS = { name: 'users_by_ids', text: `select ${COLUMNS} from users where id = any($1)` };

const EMAIL_IS_TAKEN = { users_email_key: () => new EmailAlreadyInUse() };

/** `id` is set if the caller chose one. */
type NewUser = { id?: string | null; email: string; fullName: string | null };

/** Users by canonical e-mail or id, and their logins with a password. Callers open the transaction. */
@Injectable()
export class UsersRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    private readonly logins: LoginMethodsRepository,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(User);
  }

  private get loginRows() {
    return this.transaction.manager.getRepository(LoginMethod);
  }

  findByEmail(email: string): Promise<User | null> {
    return this.sql.row<User>(BY_EMAILS, [[email]]);
  }

  findById(id: string): Promise<User | null> {
    return this.sql.row<User>(BY_IDS, [[id]]);
  }

  async findByIds(ids: readonly string[]): Promise<Map<string, User>> {
    if (ids.length === 0) return new Map();
    const users = await this.sql.rows<User>(BY_IDS, [ids]);
    return new Map(users.map((user) => [user.id, user]));
  }

  /** By e-mail; unknown addresses are missing. */
  async findByEmails(emails: readonly string[]): Promise<Map<string, User>> {
    if (emails.length === 0) return new Map();
    const users = await this.sql.rows<User>(BY_EMAILS, [emails]);
    return new Map(users.map((user) => [user.email, user]));
  }

  /**
   * Creates missing users, changes no existing one. A new user whose requested id is taken is missing from the result.
   */
  async ensure(
    users: readonly NewUser[],
  ): Promise<{ users: Map<string, User>; newIds: ReadonlySet<string> }> {
    const [insertedIds, found] = await awaitAll([
      users.length === 0 ? new Set<string>() : this.insertMissing(users),
      this.findByEmails(users.map(({ email }) => email)),
    ]);
    return { users: found, newIds: insertedIds };
  }

  /** Until the open transaction ends, no row that references these users can be inserted. */
  async lock(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.sql.affected(LOCK, [ids]);
  }

  async rename(users: readonly Pick<User, 'id' | 'fullName'>[]): Promise<void> {
    if (users.length === 0) return;
    await this.sql.affected(RENAME, [users.map(({ id }) => id), users.map(({ fullName }) => fullName)]);
  }

  /** Keeps a name that the user or an admin has set. */
  async setNameIfMissing(id: string, fullName: string): Promise<void> {
    await this.rows.update({ id, fullName: IsNull() }, { fullName, updatedAt: () => 'now()' });
  }

  /**
   * The new address is unverified. The caller ensures that no organization knows the user by the old one. False,
   * without a change, if another account has the address.
   *
   * @throws EmailAlreadyInUse if it was taken concurrently
   */
  async changeEmail(id: string, email: string): Promise<boolean> {
    const write = this.sql.affected(CHANGE_EMAIL, [id, email]);
    const isChanged = (await mapViolations(write, EMAIL_IS_TAKEN)) === 1;
    if (isChanged) await this.logins.clearEmailVerification(id, ['provider', 'mail']);
    return isChanged;
  }

  /** Deletes the account and all its data. The caller has checked that it is not needed elsewhere. */
  async remove(id: string): Promise<void> {
    await this.rows.delete({ id });
  }

  async addPasswordLogins(
    userIds: readonly string[],
    method: LoginMethod['provisioningMethod'] = null,
  ): Promise<void> {
    if (userIds.length > 0)
      await this.sql.affected(INSERT_PASSWORD_LOGINS, [newIds(userIds), userIds, method]);
  }

  /** By a mailed link; it counts from the owner's next change of the password on (docs/decisions/0021). */
  async confirmPasswordLogin(userId: string): Promise<void> {
    await this.loginRows.update(
      { userId, provider: 'email', emailConfirmedAt: IsNull() },
      { emailConfirmedAt: () => 'now()', emailConfirmedBy: 'mail', updatedAt: () => 'now()' },
    );
  }

  /** Another user chose the password, so earlier verifications no longer apply. */
  async unconfirmPasswordLogin(userId: string): Promise<void> {
    await this.loginRows.update(
      { userId, provider: 'email', emailConfirmedAt: Not(IsNull()) },
      { emailConfirmedAt: null, emailConfirmedBy: null, updatedAt: () => 'now()' },
    );
  }

  async removePasswordLogins(userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await this.loginRows.delete({ userId: In([...userIds]), provider: 'email' });
  }

  private async insertMissing(users: readonly NewUser[]): Promise<Set<string>> {
    const inserted = newIds(users);
    const columns = [
      users.map(({ id }, index) => id ?? inserted[index]),
      users.map(({ email }) => email),
      users.map(({ fullName }) => fullName),
    ];
    const rows = await this.sql.rows<{ id: string }>(INSERT_MISSING, columns);
    return new Set(rows.map(({ id }) => id));
  }
}
