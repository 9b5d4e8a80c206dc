import { Conflict, Forbidden } from '../../../common/errors/domain-error.js';

export class OnlyAdminsChangeAdminAccounts extends Forbidden {
  static readonly message =
    'Operators may change accounts of Organization Users and Viewers only; ask an organization admin.';
}

/** Otherwise, others could act as a user with a proved address (docs/contract/passwords.md#what-a-password-proves). */
export class PasswordIsTheOwners extends Forbidden {
  static readonly message =
    'This user has verified their e-mail address and chosen this password, so only they can change it; ' +
    'the operator of this installation can reset it (npm run admin -- passwords:reset).';
}

/** An account is shared by all organizations of its user: an admin of one of them may not take it over. */
export class AccountIsShared extends Forbidden {
  static readonly message =
    'This user belongs to other organizations too, so only they can change their password and name.';
}

/** With a mail server, links reach their users without passing through other hands. */
export class PasswordLinksAreMailed extends Conflict {
  static readonly message =
    'This installation sends such links by mail: resend the invitation, or let the user ask for a new password ' +
    'on the sign-in page.';
}

export class MemberIsDisabled extends Conflict {
  static readonly message = 'This member is disabled, so a new password would not give them access.';
}

/** Nothing of that account is shown but that it exists. */
export class InvitedAccountHasPassword extends Conflict {
  static readonly message =
    'This address has an account that is in use, so the user signs in to accept the invitation.';
}
