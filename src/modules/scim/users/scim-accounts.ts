import { Injectable } from '@nestjs/common';
import { LoginBelongsToSomebody, LoginMethodsService, UsersService } from '../../users/index.js';
import { LinkedIssuer } from '../linked-issuer.js';
import { ScimError } from '../protocol/scim-error.js';
import { AccountHolders } from './account-holders.repository.js';
import type { ScimUser } from './scim-user.entity.js';
import type { UserProfile } from './user-profile.js';

/**
 * The account of a user: the one that the provider's subject signs in to, else the one of his address if no login of any
 * provider holds it, else a new one (docs/decisions/0017). Callers hold the roster lock.
 */
@Injectable()
export class ScimAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly issuer: LinkedIssuer,
    private readonly holders: AccountHolders,
  ) {}

  /** Only an account that is made here gets the login of the provider: nobody is let into one that exists. */
  async settle(profile: UserProfile): Promise<Pick<ScimUser, 'userId' | 'madeAccount'>> {
    const login = this.issuer.loginOf(profile.externalId);
    const known = login && (await this.logins.find(login));
    if (known) return { userId: known.userId, madeAccount: false };
    const { email, fullName } = profile;
    const { users, newIds } = await this.users.ensure([{ email, fullName }]);
    const { id: userId } = users.get(email)!;
    if (!newIds.has(userId)) return this.byAddress(userId);
    if (login) await this.logins.add(userId, login, 'scim');
    return { userId, madeAccount: true };
  }

  /** Follows the record, as far as the account is ours. True when the address could not follow: it is another's. */
  async follow(record: ScimUser, before: UserProfile, after: UserProfile): Promise<boolean> {
    if (!record.madeAccount || !(await this.holders.isOursAlone(record.orgId, record.userId))) return false;
    if (after.fullName !== before.fullName) await this.users.rename(record.userId, after.fullName);
    const login = this.issuer.loginOf(after.externalId);
    if (login && after.externalId !== before.externalId) await this.relink(record.userId, login);
    if (after.email === before.email) return false;
    return !(await this.users.changeEmailIfFree(record.userId, after.email));
  }

  /** Takes back what SCIM had made, so that whoever is given the same address later inherits nothing. */
  async abandon(record: ScimUser): Promise<void> {
    if (record.madeAccount && (await this.holders.isOursAlone(record.orgId, record.userId)))
      await this.users.remove(record.userId);
  }

  private async byAddress(userId: string): Promise<Pick<ScimUser, 'userId' | 'madeAccount'>> {
    const methods = await this.logins.listOf(userId);
    if (methods.some(({ provider }) => provider !== 'email'))
      throw new ScimError(
        'uniqueness',
        'This e-mail address belongs to an account that signs in with another subject of the identity provider; ' +
          'externalId has to be the subject that the provider sends at sign-in.',
      );
    return { userId, madeAccount: false };
  }

  private async relink(userId: string, login: { issuer: string; subject: string }): Promise<void> {
    const owner = await this.logins.find(login);
    if (owner && owner.userId !== userId)
      throw new ScimError('uniqueness', new LoginBelongsToSomebody().message);
    if (!owner) await this.logins.moveProvisioned(userId, login);
  }
}
