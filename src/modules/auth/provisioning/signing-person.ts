import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../common/email/canonical-email.js';
import { Config } from '../../../config/config.js';
import { OrgMembersService, type OrgMembership } from '../../members/index.js';
import { OrgsService } from '../../orgs/index.js';
import { LoginMethodsService, type User, UsersService } from '../../users/index.js';
import type { SsoIdentity } from '../sso/sso-identity.js';
import type { Access, SignInFacts } from './sign-in-decision.js';

/** Who is signing in, as far as we know him. */
export type SigningPerson = Pick<
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
export class SigningPersons {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginMethodsService,
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly config: Config,
  ) {}

  async recognise(identity: SsoIdentity, defaultOrgId: string): Promise<SigningPerson> {
    const email = identity.email === null ? null : canonicalEmailOrNull(identity.email);
    const login = await this.logins.find(identity);
    const user = login ? await this.users.findById(login.userId) : await this.ownerOf(email);
    const memberships = user ? await this.members.holdOrgsOf(user.id) : []; // until he has a session
    const mayMove = login !== null && memberships.length === 0 && this.isVerified(identity);
    const newEmail = user && mayMove ? await this.freeAddress(user, email) : null;
    const isTheAccounts = !user || user.email === email || newEmail !== null;
    const isProved = this.isVerified(identity) || (!newEmail && login?.emailConfirmedBy === 'mail');
    return {
      user,
      newEmail,
      email: newEmail ?? user?.email ?? email,
      hasEmail: email !== null,
      emailIsVerified: isTheAccounts && isProved,
      account: await this.accountOf(user, login !== null),
      ...(await this.accessOf(memberships, defaultOrgId)),
    };
  }

  /**
   * An account follows the address of its login when no organization knows the person by the old one: he was removed,
   * renamed at the provider, and comes back (semantics, section 5).
   */
  private async freeAddress(user: User, email: string | null): Promise<string | null> {
    if (email === null || email === user.email) return null;
    return (await this.users.findByEmail(email)) ? null : email;
  }

  private async ownerOf(email: string | null): Promise<User | null> {
    return email === null ? null : this.users.findByEmail(email);
  }

  /** An operator may trust a provider that says nothing; one that says no is believed. */
  private isVerified({ emailIsVerified }: SsoIdentity): boolean {
    return emailIsVerified ?? this.config.sso?.trustUnverifiedEmail ?? false;
  }

  private async accountOf(user: User | null, isKnown: boolean): Promise<SignInFacts['account']> {
    if (isKnown) return 'known';
    if (!user) return 'free';
    const logins = await this.logins.listOf(user.id);
    return logins.some(({ provider }) => provider !== 'email') ? 'held_with_sso_login' : 'held';
  }

  /** Personal organizations are nobody's business but their owner's. */
  private async accessOf(memberships: readonly OrgMembership[], defaultOrgId: string) {
    const orgs = await this.orgs.list(memberships.map(({ orgId }) => orgId));
    const shared = new Set(orgs.filter(({ isPersonal }) => !isPersonal).map(({ id }) => id));
    const there = memberships.filter(({ orgId }) => orgId === defaultOrgId);
    const elsewhere = memberships.filter(({ orgId }) => orgId !== defaultOrgId && shared.has(orgId));
    return { access: best(there), accessElsewhere: best(elsewhere) };
  }
}

function best(memberships: readonly OrgMembership[]): Access {
  if (memberships.some(({ isDisabled }) => !isDisabled)) return 'active';
  return memberships.length > 0 ? 'disabled' : 'none';
}
