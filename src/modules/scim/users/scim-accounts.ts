import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { SessionsService } from '../../auth/index.js';
import { LoginBelongsToSomebody, LoginMethodsService, UsersService } from '../../users/index.js';
import { LinkedIssuer } from '../linked-issuer.js';
import { ScimError } from '../protocol/scim-error.js';
import { TokenReach } from '../token-reach.js';
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
    private readonly reach: TokenReach,
  ) {}

  /**
   * In the order of the profiles. Only an account that is made here gets the login of the provider: nobody is let into one
   * that exists. One that SCIM had made before, and nobody holds any more, counts as made: it follows its record again.
   */
  async settle(by: ScimPrincipal, profiles: readonly UserProfile[]): Promise<Account[]> {
    const known = await this.findKnown(profiles);
    const unknown = profiles.filter(({ externalId }) => !known.has(externalId));
    const { users, newIds } = await this.users.ensure(unknown);
    const abandoned = await this.holders.listAbandoned([...known.values()]);
    const accounts = profiles.map(({ externalId, email }) => {
      const userId = known.get(externalId) ?? users.get(email)!.id;
      return { userId, madeAccount: newIds.has(userId) || abandoned.has(userId) };
    });
    const joined = profiles.map(({ externalId }, index) => ({ ...accounts[index]!, externalId }));
    await this.assertJoinable(
      joined.filter(({ externalId, madeAccount }) => !madeAccount && !known.has(externalId)),
    );
    await this.linkNew(profiles, accounts, newIds);
    await this.reach.assertCovers(
      by,
      accounts.map(({ userId }) => userId),
    );
    return accounts;
  }

  /** Follows the record, as far as the account is ours. True when the address could not follow: it is another's. */
  async follow(record: ScimUser, before: UserProfile, after: UserProfile): Promise<boolean> {
    if (!record.madeAccount || sameAccount(before, after)) return false;
    if (!(await this.holders.holdIfOursAlone(record.orgId, record.userId))) return false;
    if (after.fullName !== before.fullName) await this.users.rename(record.userId, after.fullName);
    if (after.externalId !== before.externalId) await this.relink(record.userId, after.externalId);
    if (after.email === before.email) return false;
    return !(await this.users.changeEmailIfFree(record.userId, after.email));
  }

  /** Takes back what SCIM had made, so that whoever is given the same address later inherits nothing. */
  async abandon(record: ScimUser): Promise<void> {
    if (record.madeAccount && (await this.holders.holdIfOursAlone(record.orgId, record.userId)))
      await this.users.remove(record.userId);
  }

  /** The people of those subjects that somebody signs in with already. */
  private async findKnown(profiles: readonly UserProfile[]): Promise<Map<string | null, string>> {
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
    const outside = await this.logins.listOutside(joined.map(({ userId }) => userId));
    const isJoinable = ({ userId, externalId }: (typeof joined)[number]) => {
      const held = outside.filter((login) => login.userId === userId);
      const { issuer } = this.issuer;
      return (
        held.length === 0 || held.some((login) => login.issuer === issuer && login.subject === externalId)
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
    if (owner && owner.userId !== userId)
      throw new ScimError('uniqueness', new LoginBelongsToSomebody().message);
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
