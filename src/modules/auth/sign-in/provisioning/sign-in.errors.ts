import { Conflict, Forbidden } from '../../../../common/errors/domain-error.js';
import type { EndedAccess } from '../../../members/index.js';
import type { SignInRefusalReason } from './sign-in-decision.js';

const ASK_ADMIN = 'ask an organization admin';
const ASK_PROVIDER = 'ask the administrators of your identity provider';
const ASK_OPERATOR = 'ask the operator of this installation';

type Refusal = {
  readonly code: string;
  readonly formerCode?: string;
  readonly message: string;
  /** For the log. */
  readonly reason?: string;
  /** What the provider is to ask for at the next attempt: another account of the user, or another sign-in. */
  readonly retryPrompt?: 'select_account' | 'login';
};

export const REFUSALS: Readonly<Record<SignInRefusalReason, Refusal>> = {
  acr: {
    code: 'authentication_too_weak',
    message:
      'The organization requires a stronger sign-in than the one that your identity provider reports; complete what it asks ' +
      `for, or ${ASK_PROVIDER} to allow you such a sign-in and to report it to this application.`,
    reason: 'the claim acr of the ID token is none of the required_acr of the organization',
    retryPrompt: 'login',
  },
  amr: {
    code: 'authentication_methods_missing',
    message:
      'The organization requires more sign-in methods than those that your identity provider reports, for example a second ' +
      `factor; use them when you sign in there, or ${ASK_PROVIDER} to report them to this application.`,
    reason: 'the claim amr of the ID token lacks one of the required_amr of the organization',
    retryPrompt: 'login',
  },
  age: {
    code: 'authentication_too_old',
    message:
      'The organization requires a recent sign-in, and your identity provider reports an earlier one or does not say when ' +
      `it was; sign in there again, or ${ASK_PROVIDER} to report the time of the sign-in to this application.`,
    reason:
      'the claim auth_time of the ID token is missing or older than max_authentication_age of the organization',
    retryPrompt: 'login',
  },
  no_email: {
    code: 'email_claim_missing',
    formerCode: 'provider_gave_no_email',
    message:
      `Your identity provider sent no e-mail address that can be used here; ${ASK_PROVIDER} to ` +
      'release the email claim to this application.',
  },
  email_not_verified: {
    code: 'email_not_verified',
    message:
      'Your identity provider does not confirm your e-mail address as verified, so it can be used neither for an ' +
      `existing account nor for an invitation; ${ASK_PROVIDER} to have it verified.`,
  },
  /** The provider has no such claim at all, as Entra ID: an administrator there cannot change that for one user. */
  email_verification_unknown: {
    code: 'email_verification_unknown',
    message:
      'Your identity provider does not say whether your e-mail address is verified, so it can be used neither for an ' +
      `existing account nor for an invitation; ${ASK_OPERATOR}, who decides whether its addresses are trusted.`,
    reason:
      'the provider sends no email_verified claim, or the address is of another claim than email; ' +
      'OAUTH_TRUST_UNVERIFIED_EMAIL=true accepts such addresses',
  },
  email_domain_not_allowed: {
    code: 'email_domain_not_allowed',
    message:
      'Only e-mail addresses of certain domains may sign in here, and yours is of another; ' +
      `sign in with an account of your organization, or ${ASK_OPERATOR}.`,
    reason: 'OAUTH_ALLOWED_EMAIL_DOMAINS does not name the domain of the e-mail address',
    retryPrompt: 'select_account',
  },
  /** A login is identified by issuer and subject, never by e-mail (docs/contract/sign-in.md#linking-logins). */
  account_has_another_login: {
    code: 'account_has_another_login',
    message:
      'The account with your e-mail address is linked to another login of the identity provider. Sign in with the ' +
      `other login; if the account is yours and you no longer have it, ${ASK_OPERATOR} to link this one.`,
    reason: 'npm run admin -- logins:rebind binds the account to the new login',
    retryPrompt: 'select_account',
  },
  /** Found before any sign-in with the login that SCIM made, so the provider most likely maps another attribute. */
  scim_subject_mismatch: {
    code: 'scim_subject_mismatch',
    message:
      'Your account was created over SCIM with another identifier (externalId) than the one that your identity provider ' +
      `signs you in with; ${ASK_PROVIDER} to map externalId to the subject of the sign-in.`,
    reason:
      'SCIM sent an externalId for this user that is not the subject of the sign-in: map externalId to what the claim sub ' +
      'holds (at Entra ID objectId, the claim oid); see docs/scim.md',
  },
  member_disabled: {
    code: 'membership_disabled',
    formerCode: 'membership_is_disabled',
    message: `Your membership is disabled; ${ASK_ADMIN} to restore it.`,
  },
  organization_disabled: {
    code: 'default_org_disabled',
    formerCode: 'default_org_is_disabled',
    message: `The organization is disabled, so it accepts no new members; ${ASK_OPERATOR}.`,
  },
  no_required_group: {
    code: 'required_group_missing',
    formerCode: 'no_required_group',
    message:
      'Signing in requires a group at the identity provider that grants access here, and you have none; ' +
      `${ASK_PROVIDER} for one.`,
    retryPrompt: 'select_account',
  },
  /**
   * Entra ID replaces more than 200 groups by a reference, `_claim_names` (docs/contract/sign-in.md#failed-sign-ins).
   */
  groups_not_sent: {
    code: 'groups_not_sent',
    message:
      'Signing in requires a group, and your identity provider did not send your groups, probably because there are ' +
      `too many for one token; ${ASK_PROVIDER} to send only the groups that are assigned to this application.`,
    reason: 'the groups claim is missing or is a reference to another source; see docs/sso.md',
  },
  seats_used_up: {
    code: 'no_free_seat',
    formerCode: 'no_seat_left',
    message: `All seats of the organization are taken; ${ASK_ADMIN} to free one, or the operator to raise the limit.`,
  },
  invitation_expired: {
    code: 'sign_in_invitation_expired',
    formerCode: 'your_invitation_has_expired',
    message: `Your invitation has expired; ${ASK_ADMIN} to send it again.`,
  },
  /** With the date and the admin who set it: `SignInRefused`. */
  access_ended: {
    code: 'access_ended',
    message: `Your access has ended; ${ASK_ADMIN} to give it again.`,
    retryPrompt: 'select_account',
  },
  no_access: {
    code: 'no_access_granted',
    formerCode: 'nobody_gave_access',
    message: `Your identity provider has authenticated you, but you have no access here; ${ASK_ADMIN} to invite you.`,
    retryPrompt: 'select_account',
  },
};

type SignInRefusal = { readonly refusal: SignInRefusalReason; readonly endedAccess?: EndedAccess | null };

/** The name is in the second sentence, since a page takes the first full stop for the end of the problem. */
const endedText = ({ endedAt, setByName }: EndedAccess): string =>
  `You had access until ${endedAt.toISOString().slice(0, 16).replace('T', ', ')} UTC; ${ASK_ADMIN} to give it again.` +
  (setByName === null ? '' : ` The end was set by ${setByName}.`);

export class SignInRefused extends Forbidden {
  override readonly code: string;
  override readonly formerCode: string | undefined;
  readonly reason: string | undefined;
  readonly retryPrompt: 'select_account' | 'login' | null;

  constructor({ refusal, endedAccess = null }: SignInRefusal) {
    const { code, formerCode, message, reason, retryPrompt = null } = REFUSALS[refusal];
    super(refusal === 'access_ended' && endedAccess ? endedText(endedAccess) : message);
    this.code = code;
    this.formerCode = formerCode;
    this.reason = reason;
    this.retryPrompt = retryPrompt;
  }
}

/** Another request created an account with this e-mail after the decision, so the sign-in must be decided again. */
export class AccountCreatedConcurrently extends Conflict {
  static readonly message =
    'An account for this e-mail address was created at the same moment; sign in again.';
  override readonly formerCode = 'account_appeared';
}

/** Another organization became the default organization after the decision, so the sign-in must be decided again. */
export class DefaultOrgMoved extends Conflict {
  static readonly message = 'The default organization was changed at the same moment; sign in again.';
}
