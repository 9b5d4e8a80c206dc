import { Injectable } from '@nestjs/common';
import type { LoginMethod } from './login-method.entity.js';
import { LoginMethodsRepository } from './login-methods.repository.js';
import type { User } from './user.entity.js';
import { type NewUser, UsersRepository } from './users.repository.js';

/** People by their canonical e-mail or id. Callers open the transaction. */
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
    return new Map((await this.users.listByIds(ids)).map((user) => [user.id, user]));
  }

  /** By e-mail; unknown addresses are missing. */
  async findByEmails(emails: readonly string[]): Promise<Map<string, User>> {
    if (emails.length === 0) return new Map();
    return new Map((await this.users.listByEmails(emails)).map((user) => [user.email, user]));
  }

  /**
   * Everybody of these addresses, new people added; existing ones are left as they are. Who was to have a chosen id that
   * is somebody else's is missing.
   */
  async ensure(
    people: readonly NewUser[],
  ): Promise<{ users: Map<string, User>; newIds: ReadonlySet<string> }> {
    const newIds = people.length === 0 ? new Set<string>() : await this.users.insertMissing(people);
    return { users: await this.findByEmails(people.map(({ email }) => email)), newIds };
  }

  /** Until the open transaction ends, nothing is written that refers to these accounts. */
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
   * Nothing is proved of the new address yet. The caller makes sure that no organization knows the person by the old
   * one. Throws EmailAlreadyInUse.
   */
  async changeEmail(userId: string, email: string): Promise<void> {
    await this.users.changeEmail(userId, email);
    await this.clearEmailVerification(userId);
  }

  /** A name that a person or an admin has given stays. */
  setNameIfMissing(userId: string, fullName: string): Promise<void> {
    return this.users.setNameIfMissing(userId, fullName);
  }

  /** As `changeEmail`; false, and nothing done, when the address is another account's. */
  async changeEmailIfAvailable(userId: string, email: string): Promise<boolean> {
    const isChanged = await this.users.changeEmailIfAvailable(userId, email);
    if (isChanged) await this.clearEmailVerification(userId);
    return isChanged;
  }

  /** With all that hangs on the account. The caller knows that nobody else needs it. */
  remove(userId: string): Promise<void> {
    return this.users.remove(userId);
  }

  /** Notes that these people can sign in with a password. */
  async addPasswordLogins(
    userIds: readonly string[],
    method: LoginMethod['provisioningMethod'] = null,
  ): Promise<void> {
    if (userIds.length > 0) await this.users.insertPasswordLogins(userIds, method);
  }

  /** Somebody else has chosen the password, so that an earlier proof says nothing about who knows it. */
  doubtPasswordLogin(userId: string): Promise<void> {
    return this.logins.doubtPasswordLogin(userId);
  }

  /** These people have no password any more. */
  removePasswordLogins(userIds: readonly string[]): Promise<void> {
    return userIds.length === 0 ? Promise.resolve() : this.logins.removePasswordLogins(userIds);
  }

  /** They were of another address. */
  private clearEmailVerification(userId: string): Promise<void> {
    return this.logins.clearEmailVerification(userId, ['provider', 'mail']);
  }
}
