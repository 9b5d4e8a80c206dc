import { Conflict, Forbidden } from '../../../common/errors/domain-error.js';
import type { SignInRefusalReason } from './sign-in-decision.js';

const ASK_ADMIN = 'ask an organization admin';
const ASK_PROVIDER = 'ask whoever runs your identity provider';

class EmailClaimMissing extends Forbidden {
  readonly code = 'provider_gave_no_email';
  constructor() {
    super(
      `Your identity provider sent no e-mail address that can be used here; ${ASK_PROVIDER} to release the email claim to this application.`,
    );
  }
}

class EmailNotVerifiedByProvider extends Forbidden {
  readonly code = 'email_not_verified';
  constructor() {
    super(
      'Your identity provider does not say that your e-mail address is verified, so it opens neither an account that ' +
        `exists nor an invitation; ${ASK_PROVIDER} to have it verified.`,
    );
  }
}

/** The key of a login is issuer and subject, never the e-mail (contract decision 26). */
class AccountHasAnotherLogin extends Forbidden {
  readonly code = 'account_has_another_login';
  constructor() {
    super(
      'The account of your e-mail address belongs to another login of the identity provider. If both are yours, ask ' +
        'the operator of this installation to bind the account to this one (npm run admin -- logins:rebind).',
    );
  }
}

class MembershipIsDisabled extends Forbidden {
  readonly code = 'membership_is_disabled';
  constructor() {
    super(`Your membership is disabled; ${ASK_ADMIN} to restore it.`);
  }
}

class DefaultOrgIsDisabled extends Forbidden {
  readonly code = 'default_org_is_disabled';
  constructor() {
    super('The organization is disabled, so nobody new comes in; ask the operator of this installation.');
  }
}

class RequiredGroupMissing extends Forbidden {
  readonly code = 'no_required_group';
  constructor() {
    super(
      'Signing in needs a group at the identity provider that gives something here, and you have none; ' +
        `${ASK_PROVIDER} for one.`,
    );
  }
}

class NoFreeSeat extends Forbidden {
  readonly code = 'no_seat_left';
  constructor() {
    super(
      `All seats of the organization are taken; ${ASK_ADMIN} to free one, or the operator to raise the limit.`,
    );
  }
}

class SignInInvitationExpired extends Forbidden {
  readonly code = 'your_invitation_has_expired';
  constructor() {
    super(`Your invitation has expired; ${ASK_ADMIN} to send it again.`);
  }
}

class NoAccessGranted extends Forbidden {
  readonly code = 'nobody_gave_access';
  constructor() {
    super(
      `You are known at the identity provider, but nobody has given you access here; ${ASK_ADMIN} to invite you.`,
    );
  }
}

/** Somebody made an account for this address between the decision and its execution: it has to be decided again. */
export class AccountCreatedConcurrently extends Conflict {
  readonly code = 'account_appeared';
  constructor() {
    super('An account for this e-mail address was made at the same moment; sign in again.');
  }
}

/** The organization that the decision was about is not the one where people land any more: it has to be decided again. */
export class DefaultOrgMoved extends Conflict {
  readonly code = 'default_org_moved';
  constructor() {
    super('The default organization was changed at the same moment; sign in again.');
  }
}

/** The situation behind each reason of the decision. */
export const REFUSALS: { readonly [Reason in SignInRefusalReason]: new () => Forbidden } = {
  no_email: EmailClaimMissing,
  email_not_verified: EmailNotVerifiedByProvider,
  account_has_another_login: AccountHasAnotherLogin,
  member_disabled: MembershipIsDisabled,
  organization_disabled: DefaultOrgIsDisabled,
  no_required_group: RequiredGroupMissing,
  seats_used_up: NoFreeSeat,
  invitation_expired: SignInInvitationExpired,
  no_access: NoAccessGranted,
};
