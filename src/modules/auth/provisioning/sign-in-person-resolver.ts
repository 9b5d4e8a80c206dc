import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../common/email/canonical-email.js';
import { Config } from '../../../config/config.js';
import { OrgMembersService, type OrgMembership } from '../../members/index.js';
import { OrgsService } from '../../orgs/index.js';
import { LoginMethodsService, type User, UsersService } from '../../users/index.js';
import type { SsoIdentity } from '../sso/sso-identity.js';
import type { Access, SignInFacts } from './sign-in-decision.js';

/** Who is signing in, as far as we know him. */
export type SignInPerson = Pick<
  SignInFacts,
  'hasEmail' | 'emailIsVerified' | 'account' | 'access' | 'accessElsewhere'
> & {
  /** The account of the login, or of the e-mail; null: there is none. */
  readonly user: User | null;
  /** Of the account, else as claimed, canonical; an address that could not be stored is none. */
  readonly email: string | null;
  /** What the account's address becomes; null: it stays. */
  readonly newEmail: string | null;
};

/** A login of the provider → the person behind it (contract decision 26): by issuer and subject, else by e-mail. */
@Injectable()
export class SignInPersonResolver {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly config: Config,
  ) {}

  async resolve(identity: SsoIdentity, defaultOrgId: string): Promise<SignInPerson> {
    const email = identity.email === null ? null : canonicalEmailOrNull(identity.email);
    const login = await this.logins.find(identity);
    const user = login ? await this.users.findById(login.userId) : await this.findOwner(email);
    const memberships = user ? await this.members.lockOrgMemberships(user.id) : []; // until he has a session
    const mayChangeEmail = login !== null && memberships.length === 0 && this.isVerified(identity);
    const newEmail = user && mayChangeEmail ? await this.findAvailableEmail(user, email) : null;
    const matchesAccount = !user || user.email === email || newEmail !== null;
    const isProven = this.isVerified(identity) || (!newEmail && login?.emailConfirmedBy === 'mail');
    return {
      user,
      newEmail,
      email: newEmail ?? user?.email ?? email,
      hasEmail: email !== null,
      emailIsVerified: matchesAccount && isProven,
      account: await this.accountOf(user, login !== null),
      ...(await this.accessOf(memberships, defaultOrgId)),
    };
  }

  /**
   * An account follows the address of its login when no organization knows the person by the old one: he was removed,
   * renamed at the provider, and comes back (semantics, section 5).
   */
  private async findAvailableEmail(user: User, email: string | null): Promise<string | null> {
    if (email === null || email === user.email) return null;
    return (await this.users.findByEmail(email)) ? null : email;
  }

  private async findOwner(email: string | null): Promise<User | null> {
    return email === null ? null : this.users.findByEmail(email);
  }

  /** An operator may trust a provider that says nothing; one that says no is believed. */
  private isVerified({ emailIsVerified }: SsoIdentity): boolean {
    return emailIsVerified ?? this.config.sso?.trustUnverifiedEmail ?? false;
  }

  private async accountOf(user: User | null, isKnown: boolean): Promise<SignInFacts['account']> {
    if (isKnown) return 'known';
    if (!user) return 'free';
    const logins = await this.logins.listByUser(user.id);
    return logins.some(({ provider }) => provider !== 'email') ? 'held_with_sso_login' : 'held';
  }

  /** Personal organizations are nobody's business but their owner's. */
  private async accessOf(memberships: readonly OrgMembership[], defaultOrgId: string) {
    const orgs = await this.orgs.listByIds(memberships.map(({ orgId }) => orgId));
    const shared = new Set(orgs.filter(({ isPersonal }) => !isPersonal).map(({ id }) => id));
    const inDefaultOrg = memberships.filter(({ orgId }) => orgId === defaultOrgId);
    const elsewhere = memberships.filter(({ orgId }) => orgId !== defaultOrgId && shared.has(orgId));
    return { access: bestAccess(inDefaultOrg), accessElsewhere: bestAccess(elsewhere) };
  }
}

function bestAccess(memberships: readonly OrgMembership[]): Access {
  if (memberships.some(({ isDisabled }) => !isDisabled)) return 'active';
  return memberships.length > 0 ? 'disabled' : 'none';
}
