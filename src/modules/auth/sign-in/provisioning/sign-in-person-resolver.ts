import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../../common/canonical-email.js';
import { Config } from '../../../../config/config.js';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import { PendingInvitationLookup } from '../../../invitations/index.js';
import {
  type LoginMethod,
  LoginMethodsRepository,
  type User,
  UsersRepository,
} from '../../../users/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { type HeldAccess, SignInAccess } from './sign-in-access.js';
import type { SignInFacts } from './sign-in-decision.js';

export type SignInPerson = Omit<
  SignInFacts,
  'unmetRequirement' | 'orgIsDisabled' | 'invitesEnabled' | 'jitEnabled' | 'requiredGroup' | 'seatIsFree'
> &
  Pick<HeldAccess, 'oldestOrgId' | 'endedAccess'> & {
    /** The account of the login, or else of the e-mail; null if there is none. */
    readonly user: User | null;
    /** The canonical e-mail of the account, else of the claims; null if it is missing or not storable. */
    readonly email: string | null;
    /** The new e-mail of the account; null if it stays unchanged. */
    readonly newEmail: string | null;
    /** Of the default organization, addressed to `email`. */
    readonly pendingInvitation: PendingInvitation | null;
  };

type PendingInvitation = NonNullable<Awaited<ReturnType<PendingInvitationLookup['find']>>>;

/** Finds the user of a login: by issuer and subject, else by e-mail (docs/contract/sign-in.md#linking-logins). */
@Injectable()
export class SignInPersonResolver {
  constructor(
    private readonly users: UsersRepository,
    private readonly logins: LoginMethodsRepository,
    private readonly access: SignInAccess,
    private readonly invitations: PendingInvitationLookup,
    private readonly config: Config,
  ) {}

  async resolve(identity: SsoIdentity, defaultOrgId: string): Promise<SignInPerson> {
    const email = identity.email === null ? null : canonicalEmailOrNull(identity.email);
    const [login, owner] = await awaitAll([
      this.logins.find(identity),
      email === null ? null : this.users.findByEmail(email),
    ]);
    const user = login ? await this.users.findById(login.userId) : owner;
    const access = await this.access.of(user?.id ?? null, defaultOrgId);
    const mayChangeEmail = login !== null && access.oldestOrgId === null && this.isVerified(identity);
    const newEmail = user && mayChangeEmail ? await this.findAvailableEmail(user, email) : null;
    const matchesAccount = !user || user.email === email || newEmail !== null;
    const isProven = this.isVerified(identity) || (!newEmail && login?.emailConfirmedBy === 'mail');
    const currentEmail = newEmail ?? user?.email ?? email;
    return {
      user,
      newEmail,
      email: currentEmail,
      hasEmail: email !== null,
      emailIsVerified: matchesAccount && isProven,
      verificationIsUnknown: matchesAccount && identity.emailIsVerified === null,
      emailDomain: this.emailDomainOf(
        email,
        this.isVerified(identity) || (user?.email === email && isProven),
      ),
      account: await this.accountOf(user, login !== null),
      ...access,
      ...(await this.invitationsOf(currentEmail, defaultOrgId)),
    };
  }

  /** Without a membership, the account takes over the e-mail of its login (docs/contract/sign-in.md#linking-logins). */
  private async findAvailableEmail(user: User, email: string | null): Promise<string | null> {
    if (email === null || email === user.email) return null;
    return (await this.users.findByEmail(email)) ? null : email;
  }

  /** OAUTH_TRUST_UNVERIFIED_EMAIL applies only if the provider says nothing, never to an explicit false. */
  private isVerified({ emailIsVerified }: SsoIdentity): boolean {
    return emailIsVerified ?? this.config.sso?.trustUnverifiedEmail ?? false;
  }

  /** About the e-mail of this login, not that of the account (docs/contract/sign-in.md#allowed-domains). */
  private emailDomainOf(email: string | null, isVerified: boolean): SignInFacts['emailDomain'] {
    const domains = this.config.sso?.allowedEmailDomains ?? null;
    if (domains === null) return 'allowed';
    if (!domains.includes(email?.split('@')[1] ?? '')) return 'not_allowed';
    return isVerified ? 'allowed' : 'not_verified';
  }

  private async accountOf(user: User | null, isKnown: boolean): Promise<SignInFacts['account']> {
    if (isKnown) return 'known';
    if (!user) return 'free';
    const logins = (await this.logins.listByUser(user.id)).filter(({ provider }) => provider !== 'email');
    if (logins.length === 0) return 'held';
    return logins.every(isUnusedOfScim) ? 'held_with_unused_scim_login' : 'held_with_sso_login';
  }

  private async invitationsOf(email: string | null, defaultOrgId: string) {
    const [pendingInvitation, isInvitedElsewhere] =
      email === null
        ? [null, false]
        : await awaitAll([
            this.invitations.find(defaultOrgId, email),
            this.invitations.canAcceptElsewhere(defaultOrgId, email),
          ]);
    const invitation = pendingInvitation ? (pendingInvitation.isExpired ? 'expired' : 'usable') : 'none';
    return { pendingInvitation, invitation, isInvitedElsewhere } as const;
  }
}

/** Each sign-in stores the address that the provider sent. */
const isUnusedOfScim = ({ provisioningMethod, providerEmail }: LoginMethod): boolean =>
  provisioningMethod === 'scim' && providerEmail === null;
