import {
  Conflict,
  Forbidden,
  Gone,
  NotFound,
  type Problem,
  Unprocessable,
} from '../../common/errors/domain-error.js';
import type { InviteProblem } from './invite-rights.js';

export class InvitationNotFound extends NotFound {
  readonly code = 'invitation_not_found';
  constructor() {
    super('There is no such pending invitation here.');
  }
}

export class InvitationExpired extends Gone {
  readonly code = 'invitation_expired';
  constructor() {
    super('This invitation has expired; ask an organization admin to send it again.');
  }
}

/** Only the single organization invite says so; a batch answers the row that exists (contract decision 2). */
export class AlreadyInvitedOrMember extends Conflict {
  readonly code = 'already_invited_or_member';
  constructor(email: string) {
    super(`${email} is a member of the organization or has a pending invitation already.`);
  }
}

/** An account keeps its id, and an id its account; the rows that ask for something else are named. */
export class ChosenIdsTaken extends Conflict {
  readonly code = 'chosen_ids_taken';
  constructor(problems: Problem[]) {
    super('some of these people cannot have the chosen id', { problems });
  }
}

/** The provider does not vouch for the address, so anybody could call himself by it (contract decision 26). */
export class EmailNotConfirmed extends Forbidden {
  readonly code = 'email_not_confirmed';
  constructor() {
    super(
      'Your e-mail address is not confirmed, so invitations to it are not yours yet; confirm it, ' +
        'or ask whoever runs your identity provider to have it verified there.',
    );
  }
}

/** Contract decision 49: an operator may have chosen or seen it. */
export class PasswordOfUnknownOrigin extends Forbidden {
  readonly code = 'password_of_unknown_origin';
  constructor() {
    super(
      'It is not known who chose your password, so it cannot make you Organization Admin or Operator. Ask to be invited ' +
        'as Organization User, and to be promoted once you have changed your password.',
    );
  }
}

/** Renewing it is inviting (docs/decisions/0006). */
export class InvitationExceedsRights extends Forbidden {
  readonly code = 'invitation_gives_more';
  constructor() {
    super('This invitation gives more than you may give; an organization admin can renew or revoke it.');
  }
}

export class InvitesDisabled extends Forbidden {
  readonly code = 'invites_disabled';
  constructor() {
    super(`Invitations are switched off: ${INVITES_ARE_OFF}`);
  }
}

/** Who can change what is in the way (contract decision 3). */
export const INVITES_ARE_OFF = 'invites_enabled is off; an organization admin can switch it on.';
export const PERSONAL_ORG_IS_CLOSED = 'a personal organization has no other members.';

export class SeatLimitReached extends Forbidden {
  readonly code = 'seats_used_up';
  /** `without` are the rows for whom no seat is left. */
  constructor(limit: number, rejectedRows: readonly Problem['loc'][]) {
    const msg =
      `All ${limit} seats of the organization are taken by members and pending invitations; ` +
      'revoke an invitation, remove a member, or ask the operator of this installation to raise max_identities.';
    const problems = rejectedRows.map((row) => ({ loc: [...row, 'email'], msg, type: 'forbidden' }));
    super(msg, problems.length > 0 ? { problems } : {});
  }
}

export class OperatorCannotChangeInvitation extends Forbidden {
  readonly code = 'operator_may_not_touch_invitation';
  constructor() {
    super('Operators manage invitations of Organization Users and Organization Viewers only.');
  }
}

/** Contract decision 14: such an invitation is nothing without a workspace. */
export class WorkspaceInvitationRequiresWorkspace extends Unprocessable {
  readonly code = 'workspace_invitation_needs_one';
  constructor() {
    const msg = 'A workspace made this invitation: it names at least one; to end it, revoke it';
    super(msg, { problems: [{ loc: ['body', 'workspace_ids'], msg, type: 'value_error' }] });
  }
}

/** The rows of a batch that are not allowed, each named; nothing was written (contract decision 2). */
class InviteProblemsForbidden extends Forbidden {
  readonly code = 'invites_forbidden';
  constructor(problems: Problem[]) {
    super('some of these people cannot be invited', { problems });
  }
}

/** Rows that name a role or workspace which does not exist here. */
class InviteTargetsNotFound extends NotFound {
  readonly code = 'invite_targets_not_found';
  constructor(problems: Problem[]) {
    super('some of these roles or workspaces do not exist', { problems });
  }
}

export type LocatedProblem = InviteProblem & { row: number };

/**
 * All problems in one error; its kind is that of the first in the contract's order of refusals (contract decision 43).
 */
export function inviteRefusal(problems: readonly LocatedProblem[], locate: (row: number) => Problem['loc']) {
  const all = problems.map(({ row, field, kind, msg }) => ({
    loc: [...locate(row), field],
    msg,
    type: kind.replace('-', '_'),
  }));
  return problems.some(({ kind }) => kind === 'forbidden')
    ? new InviteProblemsForbidden(all)
    : new InviteTargetsNotFound(all);
}
