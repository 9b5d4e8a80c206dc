import { Conflict } from '../../../../common/errors/domain-error.js';

/** With a mail server, links reach their users without passing through other hands. */
export class PasswordLinksAreMailed extends Conflict {
  readonly code = 'password_links_are_mailed';
  constructor() {
    super(
      'This installation sends such links by mail: resend the invitation, or let the user ask for a new password ' +
        'on the sign-in page.',
    );
  }
}

export class MemberIsDisabled extends Conflict {
  readonly code = 'member_is_disabled';
  constructor() {
    super('This member is disabled, so a new password would open nothing.');
  }
}

/** Nothing of that account is shown but that it exists. */
export class InvitedAccountHasPassword extends Conflict {
  readonly code = 'invited_account_has_password';
  constructor() {
    super(
      'This address has an account with a password, so the user signs in with it to accept the invitation.',
    );
  }
}
