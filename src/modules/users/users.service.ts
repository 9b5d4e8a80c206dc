import { Injectable } from '@nestjs/common';
import { awaitAll } from '../../database/transactions/await-all.js';
import type { LoginMethod, User } from './entities.js';
import { LoginMethodsRepository } from './login-methods.repository.js';
import { type NewUser, UsersRepository } from './users.repository.js';

/** Users by canonical e-mail or id. Callers open the transaction. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly logins: LoginMethodsRepository,
  ) {}

  async findByEmail(email: string): Promise<User | null> {
    return (await this.users.listByEmails([email]))[0] ?? null;
  }

  async findById(id: string): Promise<User | null> {
    return (await this.users.listByIds([id]))[0] ?? null;
  }

  /** By id. */
  async findByIds(ids: readonly string[]): Promise<Map<string, User>> {
    if (ids.length === 0) return new Map();
    return new Map((await this.users.listByIds(ids)).map((user) => [user.id, user]));
  }

  /** By e-mail; unknown addresses are missing. */
  async findByEmails(emails: readonly string[]): Promise<Map<string, User>> {
    if (emails.length === 0) return new Map();
    return new Map((await this.users.listByEmails(emails)).map((user) => [user.email, user]));
  }

  /**
   * The users with these addresses; missing ones are created, existing ones are not changed. A new user whose
   * requested id is taken is missing from the result.
   */
  async ensure(
    users: readonly NewUser[],
  ): Promise<{ users: Map<string, User>; newIds: ReadonlySet<string> }> {
    const [newIds, found] = await awaitAll([
      users.length === 0 ? new Set<string>() : this.users.insertMissing(users),
      this.findByEmails(users.map(({ email }) => email)),
    ]);
    return { users: found, newIds };
  }

  /** Until the open transaction ends, no row that references these users can be inserted. */
  async lock(userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await this.users.lock(userIds);
  }

  async renameAll(users: readonly Pick<User, 'id' | 'fullName'>[]): Promise<void> {
    if (users.length > 0) await this.users.renameAll(users);
  }

  rename(userId: string, fullName: string | null): Promise<void> {
    return this.users.rename(userId, fullName);
  }

  /**
   * The new address is unverified. The caller ensures that no organization knows the user by the old one.
   * @throws EmailAlreadyInUse
   */
  async changeEmail(userId: string, email: string): Promise<void> {
    await this.users.changeEmail(userId, email);
    await this.clearEmailVerification(userId);
  }

  /** Keeps a name that the user or an admin has set. */
  setNameIfMissing(userId: string, fullName: string): Promise<void> {
    return this.users.setNameIfMissing(userId, fullName);
  }

  /** `changeEmail`; false, without a change, if another account has the address. */
  async changeEmailIfAvailable(userId: string, email: string): Promise<boolean> {
    const isChanged = await this.users.changeEmailIfAvailable(userId, email);
    if (isChanged) await this.clearEmailVerification(userId);
    return isChanged;
  }

  /** Deletes the account and all its data. The caller has checked that it is not needed elsewhere. */
  remove(userId: string): Promise<void> {
    return this.users.remove(userId);
  }

  /** Adds password as a login method of these users. */
  async addPasswordLogins(
    userIds: readonly string[],
    method: LoginMethod['provisioningMethod'] = null,
  ): Promise<void> {
    if (userIds.length > 0) await this.users.insertPasswordLogins(userIds, method);
  }

  /** The user has followed a mailed link to set the password. */
  confirmPasswordLogin(userId: string): Promise<void> {
    return this.logins.confirmPasswordLogin(userId);
  }

  /** Another user chose the password, so earlier verifications no longer apply. */
  unconfirmPasswordLogin(userId: string): Promise<void> {
    return this.logins.unconfirmPasswordLogin(userId);
  }

  /** Removes password from the login methods of these users. */
  removePasswordLogins(userIds: readonly string[]): Promise<void> {
    return userIds.length === 0 ? Promise.resolve() : this.logins.removePasswordLogins(userIds);
  }

  /** The verifications were of another address. */
  private clearEmailVerification(userId: string): Promise<void> {
    return this.logins.clearEmailVerification(userId, ['provider', 'mail']);
  }
}
