import { Injectable } from '@nestjs/common';
import { first } from '../../../common/collections.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { type LoginLane, PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { passwordProblems } from '../../../common/secrets/password-rule.js';
import { PasswordLoginDisabled } from '../../../common/secrets/errors.js';
import { SessionsService } from '../../sessions/index.js';
import { UsersRepository } from '../../users/index.js';
import { LoginThrottle } from './login-throttle.js';
import type { PasswordChooser } from './address-proof.js';
import { PasswordLinks } from './password-links.js';
import { type ChosenForOther, type PasswordDigest, PasswordsRepository } from './passwords.repository.js';

/** Hashing methods are called outside of transactions, storing methods inside of one. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly passwords: PasswordsRepository,
    private readonly hasher: PasswordHasher,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly links: PasswordLinks,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws PasswordLoginDisabled with single sign-on */
  assertEnabled(): void {
    if (!this.links.areUsed) throw new PasswordLoginDisabled();
  }

  /** For others. @throws ValidationFailed at `body.password` if it violates the password rule; PasswordHashingBusy */
  async hash(password: string): Promise<string> {
    assertAcceptable(password);
    return first(await this.hasher.hashAll([password]));
  }

  /** For passwords that satisfy the rule, in their order. @throws PasswordHashingBusy */
  hashAll(passwords: readonly string[]): Promise<string[]> {
    return this.hasher.hashAll(passwords);
  }

  /** Limited like failed logins. @throws TooManyRequests, ValidationFailed, PasswordHashingOverloaded */
  async hashForUser(userId: string, password: string): Promise<string> {
    await this.throttle.hitFor('new password of', userId);
    assertAcceptable(password);
    return this.hasher.hashOwn(password);
  }

  /** Null if it is wrong; takes as long without a password. @throws PasswordHashingBusy or PasswordHashingOverloaded */
  async verify(userId: string, password: string, lane: LoginLane): Promise<PasswordDigest | null> {
    let digest = null as string | null; // assigned by `find`
    const find = async () => (digest = (await this.passwords.find(userId))?.digest ?? null);
    const isValid = await this.hasher.verify(find, password, lane);
    return isValid && digest ? { userId, digest } : null;
  }

  /** Who set the user's password; null if they have none. */
  async findChooser(userId: string): Promise<PasswordChooser | null> {
    return (await this.passwords.find(userId))?.chosenBy ?? null;
  }

  /** Locks the verified password, so that no session starts with it after a change has ended all sessions. */
  lockIfUnchanged(verified: PasswordDigest): Promise<boolean> {
    return this.passwords.lockUnchanged(verified);
  }

  /** The user's own change: keeps what the previous password proved, and ends all other sessions. */
  async changeOwn(password: PasswordDigest, keptSessionId: string): Promise<void> {
    await this.passwords.changeOwn(password);
    await this.endEarlierAccess(password.userId, keptSessionId);
  }

  /** The user's own choice by a mailed link, which proves the address; ends all sessions of that user. */
  async setProved(password: PasswordDigest): Promise<void> {
    await this.passwords.upsert(password, { chosenBy: 'owner', issuingOrgId: null, addressProved: true });
    await this.users.addPasswordLogins([password.userId]);
    await this.users.confirmPasswordLogin(password.userId);
    await this.endEarlierAccess(password.userId);
  }

  /** A password chosen for another user; ends all sessions of that user. */
  async choose(password: PasswordDigest, chosen: ChosenForOther): Promise<void> {
    await this.passwords.upsert(password, { ...chosen, addressProved: false });
    await this.users.addPasswordLogins([password.userId]);
    await this.users.unconfirmPasswordLogin(password.userId);
    await this.endEarlierAccess(password.userId);
  }

  /** Passwords chosen for users without one; existing passwords are never changed. Returns the users who got one. */
  async chooseFirst(
    passwords: readonly PasswordDigest[],
    chosen: ChosenForOther,
    method: 'bootstrap' | null = null,
  ): Promise<ReadonlySet<string>> {
    const set =
      passwords.length === 0 ? new Set<string>() : await this.passwords.insertMissing(passwords, chosen);
    await this.users.addPasswordLogins([...set], method);
    return set;
  }

  /** Before the memberships are read: a concurrent new one is either seen, or waits and sees the new password. */
  async lockToChoose(userId: string): Promise<{ isProved: boolean }> {
    const locked = await this.passwords.lock(userId);
    if (!locked) await this.users.lock([userId]); // the insert of a membership refers to the account and waits
    return locked ?? { isProved: false };
  }

  async removeUnproved(userIds: readonly string[], orgId: string): Promise<void> {
    await this.users.removePasswordLogins(await this.passwords.removeUnproved(userIds, orgId));
  }

  /** What a new password ends. `keptSessionId`: the session in which the user changes their own password. */
  private async endEarlierAccess(userId: string, keptSessionId: string | null = null): Promise<void> {
    await this.links.revokeOfUsers([userId]);
    await this.sessions.endAllOf([userId], keptSessionId);
  }
}

function assertAcceptable(password: string): void {
  const problems = passwordProblems(password);
  if (problems.length === 0) return;
  throw new ValidationFailed(
    problems.map((msg) => ({ loc: ['body', 'password'], msg, type: 'value_error' })),
  );
}
