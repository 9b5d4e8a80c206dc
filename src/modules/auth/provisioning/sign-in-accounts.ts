import { Injectable } from '@nestjs/common';
import { LoginMethodsService, UsersService } from '../../users/index.js';
import type { SsoIdentity } from '../sso/sso-identity.js';
import type { SignInAccount } from './sign-in-decision.js';
import { AccountAppeared } from './sign-in.errors.js';
import type { SigningPerson } from './signing-person.js';

/** Makes an account the login's: it is known already, is joined, or is new. */
@Injectable()
export class SignInAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
  ) {}

  /** The id of the person. Throws AccountAppeared, LoginBelongsToSomebody, EmailBelongsToSomebody: another was first. */
  async settle(identity: SsoIdentity, account: SignInAccount, person: SigningPerson): Promise<string> {
    const fullName = usableName(identity.fullName);
    const userId = person.user?.id ?? (await this.open(person.email!, fullName));
    if (account !== 'known') await this.logins.add(userId, identity);
    await this.settleEmail(userId, identity, person);
    if (fullName && !person.user?.fullName) await this.users.nameIfNameless(userId, fullName);
    return userId;
  }

  private async settleEmail(userId: string, identity: SsoIdentity, person: SigningPerson): Promise<void> {
    if (person.newEmail) await this.users.changeEmail(userId, person.newEmail);
    if (identity.emailIsVerified === false) await this.logins.doubtProvider(userId);
    else if (person.emailIsVerified) await this.logins.confirmEmail(userId, 'provider');
  }

  private async open(email: string, fullName: string | null): Promise<string> {
    const { users, newIds } = await this.users.ensure([{ email, fullName }]);
    const { id } = users.get(email)!;
    if (!newIds.has(id)) throw new AccountAppeared();
    return id;
  }
}

const LONGEST_NAME = 200; // characters; the provider chooses its length

/** A name that could not be stored or shown is none. */
function usableName(name: string | null): string | null {
  const trimmed = name?.trim() ?? '';
  const isFit = trimmed !== '' && trimmed.length <= LONGEST_NAME && trimmed.isWellFormed();
  return isFit && !/\p{Cc}/u.test(trimmed) ? trimmed : null;
}
