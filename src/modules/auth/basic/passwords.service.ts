import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import { type LoginLane, PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { passwordProblems } from '../../../common/secrets/password-rule.js';
import { PasswordLoginDisabled } from '../../../common/secrets/password-login.errors.js';
import { Config } from '../../../config/config.js';
import { UsersService } from '../../users/index.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { LoginThrottle } from '../login-throttle.js';
import { type ChosenForOther, type PasswordDigest, PasswordsRepository } from './passwords.repository.js';

/** Passwords: what hashes them is called outside of transactions, what stores them inside of one. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly passwords: PasswordsRepository,
    private readonly hasher: PasswordHasher,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly throttle: LoginThrottle,
    private readonly config: Config,
  ) {}

  /** Throws PasswordLoginDisabled when people sign in at an identity provider. */
  assertEnabled(): void {
    if (this.config.sso) throw new PasswordLoginDisabled();
  }

  /**
   * The digest of a password that is set for somebody else.
   *
   * @throws ValidationFailed at `body.password` when the rule forbids it, PasswordHashingBusy
   */
  async hash(password: string): Promise<string> {
    assertAcceptable(password);
    const [digest] = await this.hasher.hashAll([password]);
    return digest!;
  }

  /** `hash` for many passwords that the rule allows; digests in the order of the passwords. Throws PasswordHashingBusy. */
  hashAll(passwords: readonly string[]): Promise<string[]> {
    return this.hasher.hashAll(passwords);
  }

  /**
   * The digest of a password for one's own account, as often a minute as failed logins to it are allowed.
   *
   * @throws TooManyRequests, then ValidationFailed, then PasswordHashingOverloaded
   */
  async hashForUser(userId: string, password: string): Promise<string> {
    await this.throttle.hitForUser('new password of', userId);
    assertAcceptable(password);
    return this.hasher.hashOwn(password);
  }

  /**
   * What the password was proved against, or null; takes as long for somebody who has none.
   *
   * @throws PasswordHashingBusy or PasswordHashingOverloaded
   */
  async verify(userId: string, password: string, lane: LoginLane): Promise<PasswordDigest | null> {
    let digest = null as string | null; // assigned by `find`
    const find = async () => (digest = (await this.passwords.find(userId))?.digest ?? null);
    const isValid = await this.hasher.verify(find, password, lane);
    return isValid && digest ? { userId, digest } : null;
  }

  /**
   * Whether the password is still the one that was proved. Locks it until the transaction ends, so that no session
   * can start with an old password after a new one has ended all sessions.
   */
  lockIfUnchanged(verified: PasswordDigest): Promise<boolean> {
    return this.passwords.lockUnchanged(verified);
  }

  /** Their own: it proves what the one before proved. Ends all sessions but the one that asks for it. */
  async changeOwn(password: PasswordDigest, keptSessionId: string): Promise<void> {
    await this.passwords.changeOwn(password);
    await this.sessions.endAllOf([password.userId], keptSessionId);
  }

  /** Somebody else's choice. Ends the person's sessions. */
  async choose(password: PasswordDigest, chosen: ChosenForOther): Promise<void> {
    await this.passwords.upsert(password, chosen);
    await this.users.addPasswordLogins([password.userId]);
    await this.users.doubtPasswordLogin(password.userId);
    await this.sessions.endAllOf([password.userId]);
  }

  /** Somebody else's choice for people who have none; a password that exists is never touched. Returns who got one. */
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

  /**
   * Locks what says whose the account is, before its memberships are looked at: a membership that the person gets at this
   * moment is seen, or waits and sees the new password.
   */
  lockToChoose(userId: string): Promise<{ isProved: boolean }> {
    return this.passwords.lock(userId);
  }

  /** Of these people, passwords that prove nothing to the organization. */
  async removeUnproved(userIds: readonly string[], orgId: string): Promise<void> {
    await this.users.removePasswordLogins(await this.passwords.removeUnproved(userIds, orgId));
  }
}

function assertAcceptable(password: string): void {
  const problems = passwordProblems(password);
  if (problems.length === 0) return;
  throw new ValidationFailed(
    problems.map((msg) => ({ loc: ['body', 'password'], msg, type: 'value_error' })),
  );
}
