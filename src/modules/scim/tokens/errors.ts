import { Forbidden, NotFound, Unprocessable } from '../../../common/errors/domain-error.js';

export class ScimTokenNotFound extends NotFound {
  static readonly message = 'There is no such SCIM token here.';
}

/** A SCIM token manages members of every role (docs/contract/scim.md#tokens). */
export class OnlyAdminsManageScimTokens extends Forbidden {
  static readonly message = 'SCIM tokens are managed by organization admins.';
}

/** A token that would expire immediately, or after the key that creates it (docs/contract/keys.md#expiry-limits). */
export class ScimTokenExpiryRefused extends Unprocessable {
  override readonly code = 'invalid_scim_token_expiry';
  constructor(msg: string) {
    super('the token may not expire at that time', {
      problems: [{ loc: ['body', 'expires_at'], msg, type: 'value_error' }],
    });
  }
}

/** What a token created by an operator may not do (docs/contract/scim.md#tokens). */
abstract class BeyondTokenReach extends Forbidden {
  constructor(what: string) {
    super(`This token was created by an operator: ${what} Use a token that an organization admin created.`);
  }
}

export class TokenMayNotManageAdmins extends BeyondTokenReach {
  constructor() {
    super('it may neither create nor change Organization Admins and Operators.');
  }
}

export class TokenMayNotGiveWorkspaceRole extends BeyondTokenReach {
  constructor(excess: string) {
    super(`it may neither grant nor revoke more in a workspace than that operator holds there. ${excess}`);
  }
}

export class TokenMayNotReassignAccount extends BeyondTokenReach {
  constructor(excess: string) {
    super(
      'another externalId or e-mail address would pass the workspace roles of this user, which allow more than that ' +
        `operator holds, to another login. ${excess}`,
    );
  }
}

export class TokenMayNotTouchInvitation extends BeyondTokenReach {
  constructor() {
    super('a pending invitation to this address grants more than that operator may grant.');
  }
}

export class TokenMayNotWriteGroup extends BeyondTokenReach {
  constructor() {
    super('the name of this group grants more than that operator may grant.');
  }
}
