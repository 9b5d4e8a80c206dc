/** Why somebody may come in. `invited_elsewhere`: into no organization yet, to accept what waits for him there. */
export type SignInRule = 'existing_access' | 'invitation' | 'jit' | 'invited_elsewhere';

/** The account of a login: known by issuer and subject, found by e-mail and joined now, or made now. */
export type SignInAccount = 'known' | 'joined' | 'new';

export type SignInRefusalReason =
  | 'no_email'
  | 'email_not_verified'
  | 'account_has_another_login'
  | 'member_disabled'
  | 'organization_disabled'
  | 'no_required_group'
  | 'seats_used_up'
  | 'invitation_expired'
  | 'no_access';

export type SignInDecision =
  { readonly rule: SignInRule; readonly account: SignInAccount } | { readonly refusal: SignInRefusalReason };

export type Access = 'active' | 'disabled' | 'none';

/** Everything that decides, read under the roster lock of the default organization. */
export type SignInFacts = {
  readonly hasEmail: boolean;
  /** The provider vouches for it, or its owner has confirmed it to us; an operator may trust a silent provider. */
  readonly emailIsVerified: boolean;
  /** By issuer and subject, else by e-mail. */
  readonly account: 'known' | 'held' | 'held_with_sso_login' | 'free';
  /** Membership in the default organization. */
  readonly access: Access;
  /** The best membership in another organization that is nobody's personal one. */
  readonly accessElsewhere: Access;
  /** To the default organization, addressed to the e-mail of the account. */
  readonly invitation: 'usable' | 'expired' | 'none';
  readonly isInvitedElsewhere: boolean;
  readonly orgIsDisabled: boolean;
  readonly invitesEnabled: boolean;
  /** The organization's switch and the installation's. */
  readonly jitEnabled: boolean;
  readonly requiredGroup: 'not_asked' | 'held' | 'missing';
  readonly seatIsFree: boolean;
};

/**
 * Who comes in, and why (semantics, section 5; contract decisions 26, 33 and 40): who has access, else who is invited,
 * else anybody where just-in-time provisioning is on, else nobody.
 */
export function decideSignIn(facts: SignInFacts): SignInDecision {
  const account = accountFor(facts);
  if (typeof account !== 'string') return account;
  const rule = ruleFor(facts);
  return typeof rule === 'string' ? { rule, account } : rule;
}

type Refusal = { refusal: SignInRefusalReason };
const refuse = (refusal: SignInRefusalReason): Refusal => ({ refusal });

/** An e-mail that anybody else may claim joins no account; one with another login of its own is joined by nobody. */
function accountFor({ hasEmail, emailIsVerified, account }: SignInFacts): SignInAccount | Refusal {
  if (!hasEmail) return refuse('no_email');
  if (account === 'known') return 'known';
  if (account === 'free') return 'new';
  if (account === 'held_with_sso_login') return refuse('account_has_another_login');
  return emailIsVerified ? 'joined' : refuse('email_not_verified');
}

function ruleFor(facts: SignInFacts): SignInRule | Refusal {
  const { access, accessElsewhere, requiredGroup } = facts;
  const hasGroup = requiredGroup !== 'missing';
  if (access === 'active') return hasGroup ? 'existing_access' : refuse('no_required_group');
  if (access === 'none' && hasGroup && canBeInvited(facts)) return 'invitation';
  if (accessElsewhere === 'active') return 'existing_access';
  if (access === 'disabled' || accessElsewhere === 'disabled') return refuse('member_disabled');
  if (hasGroup && canJoin(facts) && facts.seatIsFree) return 'jit';
  if (facts.isInvitedElsewhere && facts.emailIsVerified) return 'invited_elsewhere';
  return refuse(refusalReason(facts));
}

const canBeInvited = ({ invitation, invitesEnabled, emailIsVerified, orgIsDisabled }: SignInFacts) =>
  invitation === 'usable' && invitesEnabled && emailIsVerified && !orgIsDisabled;

const canJoin = ({ jitEnabled, orgIsDisabled }: SignInFacts) => jitEnabled && !orgIsDisabled;

/** The nearest thing that somebody can mend; of an invitation nothing is said to who does not prove its address. */
function refusalReason(facts: SignInFacts): SignInRefusalReason {
  if (facts.orgIsDisabled) return 'organization_disabled';
  if (facts.requiredGroup === 'missing' && (canBeInvited(facts) || canJoin(facts)))
    return 'no_required_group';
  if (canJoin(facts)) return 'seats_used_up';
  if (!facts.emailIsVerified) return 'email_not_verified';
  return facts.invitation === 'expired' && facts.invitesEnabled ? 'invitation_expired' : 'no_access';
}
