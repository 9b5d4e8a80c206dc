import { Conflict, Forbidden, Gone, NotFound, type Problem } from '../../../common/errors/domain-error.js';

export class InvitationNotFound extends NotFound {
  static readonly message = 'There is no such pending invitation here.';
}

export class InvitationExpired extends Gone {
  static readonly message = 'This invitation has expired; ask an organization admin to send it again.';
}

/** Nothing is left to offer, so it cannot be sent again. */
export class InvitedAccessEnded extends Conflict {
  static readonly message =
    'The access that this invitation offers has ended; change its end (access_expires_at), or invite the person again.';
}

/** A batch returns the existing row instead (docs/contract/invitations.md#batches). */
export class AlreadyInvitedOrMember extends Conflict {
  constructor(email: string) {
    super(`${email} is a member of the organization or has a pending invitation already.`);
  }
}

/** A requested user id is in use, or the address has an account with another id; `problems` names the rows. */
export class ChosenIdsTaken extends Conflict {
  constructor(problems: Problem[]) {
    super('some of these people cannot get the requested id', { problems });
  }
}

/** Any user of the provider could claim the address (docs/contract/sign-in.md#linking-logins). */
export class EmailNotConfirmed extends Forbidden {
  static readonly message =
    'Your e-mail address is not confirmed, so invitations to it cannot be accepted yet; confirm it, ' +
    'or ask the administrator of your identity provider to verify it there.';
}

/** An operator may have chosen or seen the password (docs/contract/passwords.md#what-a-password-proves). */
export class PasswordOfUnknownOrigin extends Forbidden {
  static readonly message =
    'It is not known who chose your password, so you cannot become Organization Admin or Operator. Ask to be invited ' +
    'as Organization User, and to be promoted once you have changed your password.';
}

/** Renewing an invitation requires the rights to create it (docs/decisions/0006). */
export class InvitationExceedsRights extends Forbidden {
  constructor(why: string) {
    super(
      `This invitation grants more than you may grant; an organization admin can renew or revoke it. ${why}`,
    );
  }
}

/** docs/contract/invitations.md#who-may-invite */
export const WHO_INVITES =
  'New people are invited by an organization admin, or by workspace admins where workspace_admin_can_invite_to_org is ' +
  'on; WORKSPACE_SCOPE_ORG_INVITES_ENABLED, where the operator has set it, decides for the whole installation.';

export class NewPeopleNotAllowed extends Forbidden {
  constructor() {
    super(WHO_INVITES);
  }
}

/** Whether an address has an account, and what became of its mail, is only for those who may make its password link. */
export class OnlyAdminsSeeWhoWaits extends Forbidden {
  constructor() {
    super(
      'Only Organization Admins can list who waits for a password link (waiting_for_link) or got no mail (mail_refused).',
    );
  }
}

export class InvitesDisabled extends Forbidden {
  constructor() {
    super(`Invitations are switched off: ${INVITES_ARE_OFF}`);
  }
}

/** Each text names who can change the setting (docs/contract/http.md#refused-features). */
export const INVITES_ARE_OFF = 'invites_enabled is off; an organization admin can switch it on.';
export const PERSONAL_ORG_IS_CLOSED = 'a personal organization has no other members.';

export class SeatLimitReached extends Forbidden {
  /** `rejectedRows` are the rows without a seat. */
  constructor(limit: number, rejectedRows: readonly Problem['loc'][]) {
    const msg =
      `All ${limit} seats of the organization are taken by members and pending invitations; ` +
      'revoke an invitation, remove a member, or ask the operator of this installation to raise max_identities.';
    const problems = rejectedRows.map((row) => ({ loc: [...row, 'email'], msg, type: 'forbidden' }));
    super(msg, problems.length > 0 ? { problems } : {});
  }
}

export class OperatorCannotChangeInvitation extends Forbidden {
  static readonly message =
    'Operators manage invitations of Organization Users and Organization Viewers only.';
}
