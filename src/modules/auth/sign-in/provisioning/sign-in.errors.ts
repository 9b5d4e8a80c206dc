import { Conflict, Forbidden } from '../../../../common/errors/domain-error.js';
import type { SignInRefusalReason } from './sign-in-decision.js';

const ASK_ADMIN = 'ask an organization admin';
const ASK_PROVIDER = 'ask the administrators of your identity provider';
const ASK_OPERATOR = 'ask the operator of this installation';

class EmailClaimMissing extends Forbidden {
  readonly code = 'email_claim_missing';
  override readonly formerCode = 'provider_gave_no_email';
  constructor() {
    super(
      `Your identity provider sent no e-mail address that can be used here; ${ASK_PROVIDER} to ` +
        'release the email claim to this application.',
    );
  }
}

class EmailNotVerifiedByProvider extends Forbidden {
  readonly code = 'email_not_verified';
  constructor() {
    super(
      'Your identity provider does not confirm your e-mail address as verified, so it can be used neither for an ' +
        `existing account nor for an invitation; ${ASK_PROVIDER} to have it verified.`,
    );
  }
}

/** The provider has no such claim at all, as Entra ID: an administrator there cannot change that for one user. */
class EmailVerificationUnknown extends Forbidden {
  readonly code = 'email_verification_unknown';
  readonly reason =
    'the provider sends no email_verified claim; OAUTH_TRUST_UNVERIFIED_EMAIL=true accepts addresses without it';
  constructor() {
    super(
      'Your identity provider does not say whether your e-mail address is verified, so it can be used neither for an ' +
        `existing account nor for an invitation; ${ASK_OPERATOR}, who decides whether its addresses are trusted.`,
    );
  }
}

class EmailDomainNotAllowed extends Forbidden {
  readonly code = 'email_domain_not_allowed';
  readonly reason = 'OAUTH_ALLOWED_EMAIL_DOMAINS does not name the domain of the e-mail address';
  constructor() {
    super(
      'Only e-mail addresses of certain domains may sign in here, and yours is of another; ' +
        `sign in with an account of your organization, or ${ASK_OPERATOR}.`,
    );
  }
}

/** A login is identified by issuer and subject, never by e-mail (docs/contract/sign-in.md#linking-logins). */
class AccountHasAnotherLogin extends Forbidden {
  readonly code = 'account_has_another_login';
  readonly reason = 'npm run admin -- logins:rebind binds the account to the new login';
  constructor() {
    super(
      'The account with your e-mail address is linked to another login of the identity provider. Sign in with the ' +
        `other login; if the account is yours and you no longer have it, ${ASK_OPERATOR} to link this one.`,
    );
  }
}

/** Found before any sign-in with the login that SCIM made, so the provider most likely maps another attribute. */
class ScimSubjectMismatch extends Forbidden {
  readonly code = 'scim_subject_mismatch';
  readonly reason =
    'SCIM sent an externalId for this user that is not the subject of the sign-in: map externalId to what the claim sub ' +
    'holds (at Entra ID objectId, the claim oid); see docs/scim.md';
  constructor() {
    super(
      'Your account was created over SCIM with another identifier (externalId) than the one that your identity provider ' +
        `signs you in with; ${ASK_PROVIDER} to map externalId to the subject of the sign-in.`,
    );
  }
}

class MembershipIsDisabled extends Forbidden {
  readonly code = 'membership_disabled';
  override readonly formerCode = 'membership_is_disabled';
  constructor() {
    super(`Your membership is disabled; ${ASK_ADMIN} to restore it.`);
  }
}

class DefaultOrgIsDisabled extends Forbidden {
  readonly code = 'default_org_disabled';
  override readonly formerCode = 'default_org_is_disabled';
  constructor() {
    super(`The organization is disabled, so it accepts no new members; ${ASK_OPERATOR}.`);
  }
}

class RequiredGroupMissing extends Forbidden {
  readonly code = 'required_group_missing';
  override readonly formerCode = 'no_required_group';
  constructor() {
    super(
      'Signing in requires a group at the identity provider that grants access here, and you have none; ' +
        `${ASK_PROVIDER} for one.`,
    );
  }
}

/** See docs/contract/sign-in.md#failed-sign-ins. Entra ID replaces more than 200 groups in a token by a reference (`_claim_names`). */
class GroupsNotSent extends Forbidden {
  readonly code = 'groups_not_sent';
  readonly reason = 'the groups claim is missing or is a reference to another source; see docs/sso.md';
  constructor() {
    super(
      'Signing in requires a group, and your identity provider did not send your groups, probably because there are ' +
        `too many for one token; ${ASK_PROVIDER} to send only the groups that are assigned to this application.`,
    );
  }
}

class NoFreeSeat extends Forbidden {
  readonly code = 'no_free_seat';
  override readonly formerCode = 'no_seat_left';
  constructor() {
    super(
      `All seats of the organization are taken; ${ASK_ADMIN} to free one, or the operator to raise the limit.`,
    );
  }
}

class SignInInvitationExpired extends Forbidden {
  readonly code = 'sign_in_invitation_expired';
  override readonly formerCode = 'your_invitation_has_expired';
  constructor() {
    super(`Your invitation has expired; ${ASK_ADMIN} to send it again.`);
  }
}

class NoAccessGranted extends Forbidden {
  readonly code = 'no_access_granted';
  override readonly formerCode = 'nobody_gave_access';
  constructor() {
    super(
      `Your identity provider has authenticated you, but you have no access here; ${ASK_ADMIN} to invite you.`,
    );
  }
}

/** Another request created an account with this e-mail after the decision, so the sign-in must be decided again. */
export class AccountCreatedConcurrently extends Conflict {
  readonly code = 'account_created_concurrently';
  static readonly message =
    'An account for this e-mail address was created at the same moment; sign in again.';
  override readonly formerCode = 'account_appeared';
}

/** Another organization became the default organization after the decision, so the sign-in must be decided again. */
export class DefaultOrgMoved extends Conflict {
  readonly code = 'default_org_moved';
  static readonly message = 'The default organization was changed at the same moment; sign in again.';
}

/** The error class for each refusal of the decision. */
export const REFUSALS: { readonly [Reason in SignInRefusalReason]: new () => Forbidden } = {
  no_email: EmailClaimMissing,
  email_not_verified: EmailNotVerifiedByProvider,
  email_verification_unknown: EmailVerificationUnknown,
  email_domain_not_allowed: EmailDomainNotAllowed,
  account_has_another_login: AccountHasAnotherLogin,
  scim_subject_mismatch: ScimSubjectMismatch,
  member_disabled: MembershipIsDisabled,
  organization_disabled: DefaultOrgIsDisabled,
  no_required_group: RequiredGroupMissing,
  groups_not_sent: GroupsNotSent,
  seats_used_up: NoFreeSeat,
  invitation_expired: SignInInvitationExpired,
  no_access: NoAccessGranted,
};

const OF_THE_ACCOUNT: readonly SignInRefusalReason[] = [
  'account_has_another_login',
  'email_domain_not_allowed',
  'no_required_group',
  'no_access',
];

/** Whether another account that the user has at the provider may be let in. */
export const anotherAccountMayHelp = (error: unknown): boolean =>
  OF_THE_ACCOUNT.some((reason) => error instanceof REFUSALS[reason]);
