import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { ConcurrentChange } from '../../../database/transactions/constraint-violation.errors.js';
import { IdentityProvider } from '../../auth/oidc/index.js';
import { SessionsService } from '../../sessions/index.js';
import { LoginAlreadyInUse, LoginMethodsRepository, UsersRepository } from '../../users/index.js';
import { ScimError } from '../protocol/scim.errors.js';
import type { ScimUser } from './scim-user.entity.js';
import { ScimUsersRepository } from './scim-users.repository.js';
import type { UserProfile } from './user-profile.js';

const FOLLOWED = ['fullName', 'externalId', 'email'] as const;

/** `accountEmail`: the address of the account, which may differ from that of the SCIM user. */
export type Account = Pick<ScimUser, 'userId' | 'externalId' | 'madeAccount'> & {
  readonly accountEmail: string;
};

/** User ids by subject. */
export type LinkedAccounts = ReadonlyMap<string | null, string>;

/**
 * The account of a SCIM user: the one that signs in with the provider's subject, else the one with the address if no
 * provider login holds it, else a new one (docs/decisions/0017). Callers hold the roster lock.
 */
@Injectable()
export class ScimAccounts {
  private loadedIssuer: string | null = null;

  constructor(
    private readonly users: UsersRepository,
    private readonly logins: LoginMethodsRepository,
    private readonly scimUsers: ScimUsersRepository,
    private readonly sessions: SessionsService,
    private readonly provider: IdentityProvider,
    private readonly config: Config,
  ) {}

  /** Queries the provider; call it before the first transaction that links users. @throws ProviderUnavailable */
  async loadIssuer(): Promise<void> {
    if (this.config.sso !== null) this.loadedIssuer ??= (await this.provider.metadata()).issuer;
  }

  /**
   * The issuer whose subjects are the `externalId`s of users, with a trailing slash if the provider has one
   * (docs/contract/scim.md#linked-issuer). Null without single sign-on.
   */
  private get issuer(): string | null {
    if (this.config.sso !== null && this.loadedIssuer === null)
      throw new Error('ScimAccounts.loadIssuer() has to be called first');
    return this.loadedIssuer;
  }

  async findLinked(profiles: readonly UserProfile[]): Promise<LinkedAccounts> {
    const subjects = profiles.flatMap(({ externalId }) => externalId ?? []);
    const { issuer } = this;
    return issuer === null ? new Map() : this.logins.findOwners(issuer, subjects);
  }

  /**
   * In the order of the profiles; `linked` is of `findLinked` in the same transaction. Only an account created here gets the provider
   * login, so that no existing account is opened to another user; one that `listAbandoned` returns counts as created here.
   */
  async resolve(profiles: readonly UserProfile[], linked: LinkedAccounts): Promise<Account[]> {
    const linkedIds = [...linked.values()];
    const [{ users, newIds }, linkedUsers, abandoned] = await awaitAll([
      this.users.ensure(profiles.filter(({ externalId }) => !linked.has(externalId))),
      this.users.findByIds(linkedIds),
      this.scimUsers.listAbandoned(linkedIds),
    ]);
    const accounts = profiles.map(({ externalId, email }): Account => {
      const linkedId = linked.get(externalId);
      const user = linkedId === undefined ? users.get(email) : linkedUsers.get(linkedId);
      if (!user) throw new ConcurrentChange('another organization removed an account at the same time');
      const madeAccount = newIds.has(user.id) || abandoned.has(user.id);
      return { userId: user.id, externalId, accountEmail: user.email, madeAccount };
    });
    const joined = accounts.filter(({ externalId, madeAccount }) => !madeAccount && !linked.has(externalId));
    const created = accounts.filter(({ userId }) => newIds.has(userId));
    await awaitAll([this.assertJoinable(joined), this.link(created)]);
    return accounts;
  }

  /** Updates the account as far as SCIM owns it. True if another account has the address: the account keeps its own then. */
  async applyProfileChange(scimUser: ScimUser, before: UserProfile, after: UserProfile): Promise<boolean> {
    const isChanged = FOLLOWED.some((name) => after[name] !== before[name]);
    if (!isChanged || !(await this.lockIfSolelyHeld(scimUser))) return false;
    if (after.fullName !== before.fullName)
      await this.users.rename([{ id: scimUser.userId, fullName: after.fullName }]);
    if (after.externalId !== before.externalId) await this.relink(scimUser.userId, after.externalId);
    if (after.email === before.email) return false;
    return !(await this.users.changeEmail(scimUser.userId, after.email));
  }

  /** Removes what SCIM created, so that a later user of the same address inherits nothing. */
  async removeIfSolelyHeld(scimUser: ScimUser): Promise<void> {
    if (await this.lockIfSolelyHeld(scimUser)) await this.users.remove(scimUser.userId);
  }

  /**
   * SCIM may change or remove an account that it created only while no other organization or login method holds it
   * (docs/contract/scim.md#records). The lock is needed since other organizations decide under their own roster locks.
   */
  private async lockIfSolelyHeld({ orgId, userId, madeAccount }: ScimUser): Promise<boolean> {
    if (!madeAccount) return false;
    await this.users.lock([userId]); // the next statement sees the rows that refer to the account and are committed
    return this.scimUsers.isSoleHolder(orgId, userId);
  }

  private async link(created: readonly Account[]): Promise<void> {
    const links = created.flatMap(({ userId, externalId }) =>
      externalId === null ? [] : [{ userId, subject: externalId }],
    );
    if (this.issuer !== null) await this.logins.addProvisioned(this.issuer, links);
  }

  /**
   * An existing account is joined by its address only if no provider login holds it (docs/contract/sign-in.md#linking-logins), or
   * only this one: another organization created the same user concurrently.
   */
  private async assertJoinable(joined: readonly Account[]): Promise<void> {
    const outside = await this.logins.listExternal(joined.map(({ userId }) => userId));
    const loginsOf = Map.groupBy(outside, ({ userId }) => userId);
    const isJoinable = ({ userId, externalId }: Account) =>
      loginsOf.get(userId)?.some(({ issuer, subject }) => issuer === this.issuer && subject === externalId) ??
      true;
    if (joined.every(isJoinable)) return;
    throw new ScimError(
      'uniqueness',
      'This e-mail address belongs to an account that signs in with another subject of the identity provider; ' +
        'externalId has to be the subject that the provider sends at sign-in.',
    );
  }

  /** Without an externalId the link is removed, and the old subject signs in to no account. */
  private async relink(userId: string, externalId: string | null): Promise<void> {
    const { issuer } = this;
    if (issuer === null) return;
    const login = externalId === null ? null : { issuer, subject: externalId };
    const owner = login && (await this.logins.find(login));
    if (owner && owner.userId !== userId)
      throw new ScimError('uniqueness', new LoginAlreadyInUse().message, { attributes: ['externalId'] });
    if (owner) return;
    if (login) await this.logins.moveProvisioned(userId, login);
    else await this.logins.removeProvisioned(userId, issuer);
    await this.sessions.endAllOf([userId]); // they were started by another subject
  }
}
