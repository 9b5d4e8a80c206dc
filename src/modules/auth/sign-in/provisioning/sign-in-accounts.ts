import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../../common/collections.js';
import { canonicalEmailOrNull } from '../../../../common/email/canonical-email.js';
import { INVISIBLE } from '../../../../common/http/value-checks.js';
import { required } from '../../../../common/required.js';
import { awaitAll } from '../../../../database/transactions/await-all.js';
import { LoginMethodsService, type StoredClaims, UsersService } from '../../../users/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import type { SignInAccount } from './sign-in-decision.js';
import { AccountCreatedConcurrently } from './sign-in.errors.js';
import type { SignInPerson } from './sign-in-person-resolver.js';

/** Finds, links or creates the account of a login, as decided. */
@Injectable()
export class SignInAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
  ) {}

  /** Returns the user id. @throws AccountCreatedConcurrently */
  async ensureUser(identity: SsoIdentity, { user, email }: SignInPerson): Promise<string> {
    if (user) return user.id;
    return this.createUser(required(email, 'the e-mail address'), displayableName(identity.fullName));
  }

  /** @throws LoginAlreadyInUse or EmailAlreadyInUse after a concurrent change */
  async updateAccount(
    userId: string,
    identity: SsoIdentity,
    { account, person }: { account: SignInAccount; person: SignInPerson },
  ): Promise<void> {
    await awaitAll([
      account === 'known'
        ? this.updateLogin(userId, identity, person)
        : this.addLogin(userId, identity, person),
      this.updateName(userId, identity, person),
    ]);
  }

  private addLogin(userId: string, identity: SsoIdentity, person: SignInPerson): Promise<void> {
    const { issuer, subject } = identity;
    const confirmedBy = person.emailIsVerified ? 'provider' : null;
    return this.logins.add({ userId, issuer, subject, claims: storedClaims(identity), confirmedBy });
  }

  private async updateLogin(userId: string, identity: SsoIdentity, person: SignInPerson): Promise<void> {
    await awaitAll([
      this.logins.updateClaims(identity, storedClaims(identity)),
      this.updateEmail(userId, identity, person),
    ]);
  }

  private async updateName(userId: string, identity: SsoIdentity, { user }: SignInPerson): Promise<void> {
    const fullName = displayableName(identity.fullName);
    if (fullName && user && !user.fullName) await this.users.setNameIfMissing(userId, fullName);
  }

  private async updateEmail(userId: string, identity: SsoIdentity, person: SignInPerson): Promise<void> {
    if (person.newEmail) await this.users.changeEmail(userId, person.newEmail);
    if (identity.emailIsVerified === false) await this.logins.clearProviderVerification(userId);
    else if (person.emailIsVerified) await this.logins.confirmEmail(userId, 'provider');
  }

  private async createUser(email: string, fullName: string | null): Promise<string> {
    const { users, newIds } = await this.users.ensure([{ email, fullName }]);
    const { id } = getOrThrow(users, email);
    if (!newIds.has(id)) throw new AccountCreatedConcurrently();
    return id;
  }
}

const storedClaims = ({ email, username }: SsoIdentity): StoredClaims => ({
  email: email === null ? null : canonicalEmailOrNull(email),
  username: username !== null && INVISIBLE.test(username) ? null : displayableName(username),
});

const MAX_NAME_LENGTH = 200; // characters; the provider does not limit the length

/** Null for a name that cannot be stored or displayed. */
function displayableName(name: string | null): string | null {
  const trimmed = name?.trim() ?? '';
  const isValid = trimmed !== '' && trimmed.length <= MAX_NAME_LENGTH && trimmed.isWellFormed();
  return isValid && !/\p{Cc}/u.test(trimmed) ? trimmed : null;
}
