import { Forbidden } from '../../common/errors/domain-error.js';

/** What a token made by an operator may not do (contract decision 51). */
abstract class BeyondTokenReach extends Forbidden {
  constructor(what: string) {
    super(`This token was made by an operator: ${what} Use a token that an organization admin makes.`);
  }
}

export class TokenMayNotManageAdmins extends BeyondTokenReach {
  readonly code = 'token_may_not_manage_admins';
  constructor() {
    super('it neither makes Organization Admins and Operators nor changes them.');
  }
}

export class TokenMayNotGiveWorkspaceRole extends BeyondTokenReach {
  readonly code = 'token_may_not_give_workspace_role';
  constructor() {
    super(
      'it neither gives nor takes away a workspace role that allows more than that operator holds there.',
    );
  }
}

export class TokenMayNotReassignAccount extends BeyondTokenReach {
  readonly code = 'token_may_not_reassign_account';
  constructor() {
    super(
      'another externalId or e-mail address would hand the workspace roles of this user, which allow more than that ' +
        'operator holds, to another login.',
    );
  }
}

export class TokenMayNotTouchInvitation extends BeyondTokenReach {
  readonly code = 'token_may_not_touch_invitation';
  constructor() {
    super('a pending invitation to this address gives more than that operator may give.');
  }
}

export class TokenMayNotWriteGroup extends BeyondTokenReach {
  readonly code = 'token_may_not_write_group';
  constructor() {
    super('by its name, this group gives more than that operator may give.');
  }
}
