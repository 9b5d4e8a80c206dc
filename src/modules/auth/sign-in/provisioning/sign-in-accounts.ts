import { Injectable } from '@nestjs/common';
import { AdminCommandError } from '../../../../common/admin-commands.js';
import { getOrThrow, required } from '../../../../common/collections.js';
import { canonicalEmailOrNull } from '../../../../common/canonical-email.js';
import { INVISIBLE, withoutMisleading } from '../../../../common/http/operations/value-checks.js';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../../../audit/index.js';
import { OrgsRepository } from '../../../orgs/index.js';
import { SessionsService } from '../../../sessions/index.js';
import {
  EmailAlreadyInUse,
  LoginMethodsRepository,
  type StoredClaims,
  type User,
  UsersRepository,
} from '../../../users/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import type { SignInAccount } from './sign-in-decision.js';
import { AccountCreatedConcurrently } from './sign-in.errors.js';
import type { SignInPerson } from './sign-in-person-resolver.js';

@Injectable()
export class SignInAccounts {
  constructor(
    private readonly users: UsersRepository,
    private readonly logins: LoginMethodsRepository,
    private readonly sessions: SessionsService,
    private readonly orgs: OrgsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns the user id. @throws AccountCreatedConcurrently */
  async ensureUser(identity: SsoIdentity, person: SignInPerson): Promise<string> {
    if (person.user) return person.user.id;
    const email = required(person.email, 'the e-mail address');
    const fullName = displayableName(identity.fullName);
    const { users, newIds } = await this.users.ensure([{ email, fullName }]);
    const { id } = getOrThrow(users, email);
    if (!newIds.has(id)) throw new AccountCreatedConcurrently();
    return id;
  }

  /** @throws LoginAlreadyInUse or EmailAlreadyInUse after a concurrent change */
  async updateAccount(
    userId: string,
    identity: SsoIdentity,
    { account, person }: { account: SignInAccount; person: SignInPerson },
  ): Promise<void> {
    const { issuer, subject } = identity;
    const claims = storedClaims(identity);
    const confirmedBy = person.emailIsVerified ? 'provider' : null;
    const fullName = displayableName(identity.fullName);
    await awaitAll([
      ...(account === 'known'
        ? [this.logins.updateClaims(identity, claims), this.updateEmail(userId, identity, person)]
        : [this.logins.add([{ userId, issuer, subject, claims, confirmedBy }])]),
      fullName && person.user && !person.user.fullName
        ? this.users.setNameIfMissing(userId, fullName)
        : undefined,
    ]);
  }

  /**
   * Binds an account to another login as the operator instructs, because no e-mail proves that two logins belong to one
   * user (docs/contract/sign-in.md#linking-logins). Ends all sessions of the user.
   *
   * @throws LoginAlreadyInUse or AdminCommandError
   */
  async rebind(email: string, login: { issuer: string; subject: string }): Promise<User> {
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.inOrganization(orgId, async () => {
      const user = await this.users.findByEmail(canonicalEmailOrNull(email) ?? '');
      if (!user) throw new AdminCommandError(`There is no account with the e-mail address ${email}.`);
      await this.logins.rebind(user.id, login);
      await this.sessions.endAllOf([user.id]);
      await this.audit.record(operatorIn(orgId), 'update_login_methods', [user.id], {
        details: { login: 'rebound' },
      });
      return user;
    });
  }

  private async updateEmail(userId: string, identity: SsoIdentity, person: SignInPerson): Promise<void> {
    if (person.newEmail && !(await this.users.changeEmail(userId, person.newEmail)))
      throw new EmailAlreadyInUse();
    if (identity.emailIsVerified === false) await this.logins.clearEmailVerification(userId, ['provider']);
    else if (person.emailIsVerified) await this.logins.confirmEmail(userId, 'provider');
  }
}

const storedClaims = ({ email, username }: SsoIdentity): StoredClaims => ({
  email: email === null ? null : canonicalEmailOrNull(email),
  username: username !== null && INVISIBLE.test(username) ? null : displayableName(username),
});

const MAX_NAME_LENGTH = 200; // characters; the provider does not limit the length

function displayableName(name: string | null): string | null {
  const trimmed = withoutMisleading(name ?? '').trim();
  return trimmed !== '' && trimmed.length <= MAX_NAME_LENGTH ? trimmed : null;
}
