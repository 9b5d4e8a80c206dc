import type { UnmetRequirement } from '../../../orgs/index.js';

/** Why a user may sign in. `invited_elsewhere`: without a membership, to accept another organization's invitation. */
export type SignInRule = 'existing_access' | 'invitation' | 'jit' | 'invited_elsewhere';

/** The account of a login: known by issuer and subject, linked now by its e-mail, or created now. */
export type SignInAccount = 'known' | 'joined' | 'new';

export type SignInRefusalReason =
  | UnmetRequirement
  | 'no_email'
  | 'email_not_verified'
  | 'email_verification_unknown'
  | 'email_domain_not_allowed'
  | 'account_has_another_login'
  | 'scim_subject_mismatch'
  | 'member_disabled'
  | 'organization_disabled'
  | 'no_required_group'
  | 'groups_not_sent'
  | 'seats_used_up'
  | 'invitation_expired'
  | 'access_ended'
  | 'no_access';

export type SignInDecision =
  { readonly rule: SignInRule; readonly account: SignInAccount } | { readonly refusal: SignInRefusalReason };

export type Access = 'active' | 'disabled' | 'none';

/** Everything that decides a sign-in, read under the roster lock of the default organization. */
export type SignInFacts = {
  /** The part of the requirement of the organization that the sign-in at the provider does not meet; null: it meets all. */
  readonly unmetRequirement: UnmetRequirement | null;
  readonly hasEmail: boolean;
  /** By the provider, by mail, or by OAUTH_TRUST_UNVERIFIED_EMAIL if the provider is silent. */
  readonly emailIsVerified: boolean;
  readonly verificationIsUnknown: boolean;
  /** Whether the e-mail of this login is verified and of an allowed domain; allowed without a list. */
  readonly emailDomain: 'allowed' | 'not_verified' | 'not_allowed';
  /** Found by issuer and subject, else by e-mail. A login that SCIM made and no sign-in used is of another subject. */
  readonly account: 'known' | 'held' | 'held_with_sso_login' | 'held_with_unused_scim_login' | 'free';
  /** The membership in the default organization. */
  readonly access: Access;
  /** A membership in the default organization ended at its date and was not given again. */
  readonly accessHasEnded: boolean;
  /** The best membership in another organization that is not a personal one. */
  readonly accessElsewhere: Access;
  /** An invitation of the default organization, addressed to the e-mail of the account. */
  readonly invitation: 'usable' | 'expired' | 'none';
  readonly isInvitedElsewhere: boolean;
  readonly orgIsDisabled: boolean;
  readonly invitesEnabled: boolean;
  /** Enabled in the settings of both the organization and the installation. */
  readonly jitEnabled: boolean;
  /** `not_sent`: the provider has groups for the user, but the login does not contain them. */
  readonly requiredGroup: 'not_asked' | 'held' | 'missing' | 'not_sent';
  readonly seatIsFree: boolean;
};

/** By docs/contract/sign-in.md#decision-at-sign-in, #linking-logins and #who-is-new. */
export function decideSignIn(facts: SignInFacts): SignInDecision {
  if (facts.unmetRequirement !== null) return refuse(facts.unmetRequirement);
  const account = accountFor(facts);
  if (typeof account !== 'string') return account;
  const rule = ruleFor(facts);
  return typeof rule === 'string' ? { rule, account } : rule;
}

type Refusal = { refusal: SignInRefusalReason };
const refuse = (refusal: SignInRefusalReason): Refusal => ({ refusal });

/** An unverified e-mail links no account; an account with another provider login is never linked. */
function accountFor(facts: SignInFacts): SignInAccount | Refusal {
  const { hasEmail, emailIsVerified, emailDomain, account } = facts;
  if (!hasEmail) return refuse('no_email');
  if (emailDomain === 'not_allowed') return refuse('email_domain_not_allowed');
  if (emailDomain === 'not_verified') return refuse(unverified(facts));
  if (account === 'known') return 'known';
  if (account === 'free') return 'new';
  if (account === 'held_with_sso_login') return refuse('account_has_another_login');
  if (account === 'held_with_unused_scim_login') return refuse('scim_subject_mismatch');
  return emailIsVerified ? 'joined' : refuse(unverified(facts));
}

function ruleFor(facts: SignInFacts): SignInRule | Refusal {
  const { access, accessElsewhere } = facts;
  const hasGroup = meetsGroupRule(facts);
  if (access === 'active') return hasGroup ? 'existing_access' : refuse(withoutGroup(facts));
  if (access === 'none' && hasGroup && canBeInvited(facts)) return 'invitation';
  if (accessElsewhere === 'active') return 'existing_access';
  if (access === 'disabled' || accessElsewhere === 'disabled') return refuse('member_disabled');
  if (hasGroup && canJoin(facts) && facts.seatIsFree && !facts.accessHasEnded) return 'jit';
  if (facts.isInvitedElsewhere && facts.emailIsVerified) return 'invited_elsewhere';
  return refuse(refusalReason(facts));
}

const canBeInvited = ({ invitation, invitesEnabled, emailIsVerified, orgIsDisabled }: SignInFacts) =>
  invitation === 'usable' && invitesEnabled && emailIsVerified && !orgIsDisabled;

const unverified = ({ verificationIsUnknown }: SignInFacts): SignInRefusalReason =>
  verificationIsUnknown ? 'email_verification_unknown' : 'email_not_verified';

const meetsGroupRule = ({ requiredGroup }: SignInFacts) =>
  requiredGroup === 'not_asked' || requiredGroup === 'held';

const withoutGroup = ({ requiredGroup }: SignInFacts): SignInRefusalReason =>
  requiredGroup === 'not_sent' ? 'groups_not_sent' : 'no_required_group';

const canJoin = ({ jitEnabled, orgIsDisabled }: SignInFacts) => jitEnabled && !orgIsDisabled;

/** Returns the reason that can be fixed first. An expired invitation is revealed only if the e-mail is verified. */
function refusalReason(facts: SignInFacts): SignInRefusalReason {
  if (facts.orgIsDisabled) return 'organization_disabled';
  if (facts.accessHasEnded) return 'access_ended';
  if (!meetsGroupRule(facts) && (canBeInvited(facts) || canJoin(facts))) return withoutGroup(facts);
  if (canJoin(facts)) return 'seats_used_up';
  if (!facts.emailIsVerified) return unverified(facts);
  return facts.invitation === 'expired' && facts.invitesEnabled ? 'invitation_expired' : 'no_access';
}
