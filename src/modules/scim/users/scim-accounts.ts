import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { SessionsService } from '../../auth/index.js';
import { LoginAlreadyInUse, LoginMethodsService, UsersService } from '../../users/index.js';
import { LinkedIssuer } from '../linked-issuer.js';
import { ScimError } from '../protocol/scim.errors.js';
import { ScimTokenScope } from '../scim-token-scope.js';
import { AccountHolders } from './account-holders.js';
import type { ScimUser } from './scim-user.entity.js';
import type { UserProfile } from './user-profile.js';

export type Account = Pick<ScimUser, 'userId' | 'madeAccount'>;

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
    private readonly sessions: SessionsService,
    private readonly tokenScope: ScimTokenScope,
  ) {}

  /**
   * In the order of the profiles. Only an account that is made here gets the login of the provider: nobody is let into one
   * that exists. One that SCIM had made before, and nobody holds any more, counts as made: it follows its record again.
   */
  async resolve(principal: ScimPrincipal, profiles: readonly UserProfile[]): Promise<Account[]> {
    const linked = await this.findLinked(profiles);
    const unlinked = profiles.filter(({ externalId }) => !linked.has(externalId));
    const { users, newIds } = await this.users.ensure(unlinked);
    const abandoned = await this.holders.listAbandoned([...linked.values()]);
    const accounts = profiles.map(({ externalId, email }) => {
      const userId = linked.get(externalId) ?? users.get(email)!.id;
      return { userId, madeAccount: newIds.has(userId) || abandoned.has(userId) };
    });
    const joined = profiles.map(({ externalId }, index) => ({ ...accounts[index]!, externalId }));
    await this.assertJoinable(
      joined.filter(({ externalId, madeAccount }) => !madeAccount && !linked.has(externalId)),
    );
    await this.linkNew(profiles, accounts, newIds);
    await this.tokenScope.assertMayChange(
      principal,
      accounts.map(({ userId }) => userId),
    );
    return accounts;
  }

  /** Follows the record, as far as the account is ours. True when the address could not follow: it is another's. */
  async applyProfileChange(scimUser: ScimUser, before: UserProfile, after: UserProfile): Promise<boolean> {
    if (!scimUser.madeAccount || sameAccount(before, after)) return false;
    if (!(await this.holders.lockIfSolelyHeld(scimUser.orgId, scimUser.userId))) return false;
    if (after.fullName !== before.fullName) await this.users.rename(scimUser.userId, after.fullName);
    if (after.externalId !== before.externalId) await this.relink(scimUser.userId, after.externalId);
    if (after.email === before.email) return false;
    return !(await this.users.changeEmailIfAvailable(scimUser.userId, after.email));
  }

  /** Takes back what SCIM had made, so that whoever is given the same address later inherits nothing. */
  async removeIfSolelyHeld(scimUser: ScimUser): Promise<void> {
    if (scimUser.madeAccount && (await this.holders.lockIfSolelyHeld(scimUser.orgId, scimUser.userId)))
      await this.users.remove(scimUser.userId);
  }

  /** The people of those subjects that somebody signs in with already. */
  private async findLinked(profiles: readonly UserProfile[]): Promise<Map<string | null, string>> {
    const subjects = profiles.flatMap(({ externalId }) => externalId ?? []);
    return this.issuer.issuer === null ? new Map() : this.logins.findOwners(this.issuer.issuer, subjects);
  }

  private async linkNew(
    profiles: readonly UserProfile[],
    accounts: readonly Account[],
    newIds: ReadonlySet<string>,
  ): Promise<void> {
    const links = profiles.flatMap(({ externalId }, index) => {
      const { userId } = accounts[index]!;
      return newIds.has(userId) && externalId !== null ? [{ userId, subject: externalId }] : [];
    });
    if (this.issuer.issuer !== null) await this.logins.addProvisioned(this.issuer.issuer, links);
  }

  /**
   * An account that exists is joined by its address only when no login of any provider holds it (contract decision 26),
   * or this very one does: another organization has made the same person since we looked.
   */
  private async assertJoinable(
    joined: readonly { readonly userId: string; readonly externalId: string | null }[],
  ): Promise<void> {
    const outside = await this.logins.listExternal(joined.map(({ userId }) => userId));
    const isJoinable = ({ userId, externalId }: (typeof joined)[number]) => {
      const byUserId = outside.filter((login) => login.userId === userId);
      const { issuer } = this.issuer;
      return (
        byUserId.length === 0 ||
        byUserId.some((login) => login.issuer === issuer && login.subject === externalId)
      );
    };
    if (joined.every(isJoinable)) return;
    throw new ScimError(
      'uniqueness',
      'This e-mail address belongs to an account that signs in with another subject of the identity provider; ' +
        'externalId has to be the subject that the provider sends at sign-in.',
    );
  }

  /** Without an externalId there is no link: who has the old subject is nobody. */
  private async relink(userId: string, externalId: string | null): Promise<void> {
    const { issuer } = this.issuer;
    if (issuer === null) return;
    const login = this.issuer.loginOf(externalId);
    const owner = login && (await this.logins.find(login));
    if (owner && owner.userId !== userId) throw new ScimError('uniqueness', new LoginAlreadyInUse().message);
    if (owner) return;
    if (login) await this.logins.moveProvisioned(userId, login);
    else await this.logins.removeProvisioned(userId, issuer);
    await this.sessions.endAllOf([userId]); // they were begun as somebody else
  }
}

const sameAccount = (before: UserProfile, after: UserProfile): boolean =>
  before.fullName === after.fullName &&
  before.externalId === after.externalId &&
  before.email === after.email;
