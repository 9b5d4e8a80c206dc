import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { newIds } from '../../database/statements/new-id.js';
import { mapViolations } from '../../database/transactions/constraint-violation.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { LoginMethod, User } from './entities.js';
import { EmailAlreadyInUse } from './users.errors.js';

/**
 * Ordered by e-mail, so that concurrent transactions lock in the same order. An existing address or id is not
 * overwritten.
 */
const INSERT_MISSING = {
  name: 'users_insert_missing',
  text: `
    insert into users (id, email, full_name)
    select * from unnest($1::uuid[], $2::text[], $3::text[]) as given (id, email, full_name) order by email
    on conflict do nothing
    returning id`,
};

const INSERT_PASSWORD_LOGINS = {
  name: 'users_insert_password_logins',
  text: `
    insert into login_methods (id, user_id, provider, provisioning_method)
    select id, user_id, 'email', $3 from unnest($1::uuid[], $2::uuid[]) as given (id, user_id)
    on conflict do nothing`,
};

const LOCK = { name: 'users_lock', text: 'select id from users where id = any($1) order by id for update' };

const RENAME_ALL = {
  name: 'users_rename_all',
  text: `
    update users u set full_name = given.full_name, updated_at = now()
    from unnest($1::uuid[], $2::text[]) as given (id, full_name)
    where u.id = given.id`,
};

const CHANGE_EMAIL = {
  name: 'users_change_email',
  text: `
    update users set email = $2, updated_at = now()
    where id = $1 and not exists (select from users where email = $2 and id <> $1)`,
};

const EMAIL_IS_TAKEN = { users_email_key: () => new EmailAlreadyInUse() };

/** `id` is set if the caller chose one. */
export type NewUser = { id?: string | null; email: string; fullName: string | null };

@Injectable()
export class UsersRepository {
  private readonly byEmails: Statement;
  private readonly byIds: Statement;

  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {
    const columns = entityColumns(transaction.manager, User);
    this.byEmails = { name: 'users_by_emails', text: `select ${columns} from users where email = any($1)` };
    this.byIds = { name: 'users_by_ids', text: `select ${columns} from users where id = any($1)` };
  }

  private get rows() {
    return this.transaction.manager.getRepository(User);
  }

  listByEmails(emails: readonly string[]): Promise<User[]> {
    return this.sql.rows<User>(this.byEmails, [emails]);
  }

  listByIds(ids: readonly string[]): Promise<User[]> {
    return this.sql.rows<User>(this.byIds, [ids]);
  }

  /** Returns the ids of the new users. */
  async insertMissing(users: readonly NewUser[]): Promise<Set<string>> {
    const inserted = newIds(users);
    const columns = [
      users.map(({ id }, index) => id ?? inserted[index]),
      users.map(({ email }) => email),
      users.map(({ fullName }) => fullName),
    ];
    const rows = await this.sql.rows<{ id: string }>(INSERT_MISSING, columns);
    return new Set(rows.map(({ id }) => id));
  }

  async lock(ids: readonly string[]): Promise<void> {
    await this.sql.affected(LOCK, [ids]);
  }

  async renameAll(users: readonly Pick<User, 'id' | 'fullName'>[]): Promise<void> {
    await this.sql.affected(RENAME_ALL, [users.map(({ id }) => id), users.map(({ fullName }) => fullName)]);
  }

  async rename(id: string, fullName: string | null): Promise<void> {
    await this.rows.update({ id }, { fullName, updatedAt: () => 'now()' });
  }

  /** @throws EmailAlreadyInUse */
  async changeEmail(id: string, email: string): Promise<void> {
    const write = this.rows.update({ id }, { email, updatedAt: () => 'now()' });
    await mapViolations(write, EMAIL_IS_TAKEN);
  }

  async setNameIfMissing(id: string, fullName: string): Promise<void> {
    await this.rows.update({ id, fullName: IsNull() }, { fullName, updatedAt: () => 'now()' });
  }

  /** False if another account has the address. @throws EmailAlreadyInUse if it was taken concurrently. */
  async changeEmailIfAvailable(id: string, email: string): Promise<boolean> {
    const write = this.sql.affected(CHANGE_EMAIL, [id, email]);
    return (await mapViolations(write, EMAIL_IS_TAKEN)) === 1;
  }

  async remove(id: string): Promise<void> {
    await this.rows.delete({ id });
  }

  async insertPasswordLogins(
    userIds: readonly string[],
    method: LoginMethod['provisioningMethod'],
  ): Promise<void> {
    await this.sql.affected(INSERT_PASSWORD_LOGINS, [newIds(userIds), userIds, method]);
  }
}
