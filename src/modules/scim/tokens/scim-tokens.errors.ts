import { Forbidden, NotFound, Unprocessable } from '../../../common/errors/domain-error.js';

export class ScimTokenNotFound extends NotFound {
  readonly code = 'scim_token_not_found';
  constructor() {
    super('There is no such SCIM token here.');
  }
}

/** A SCIM token manages members of every role (docs/contract/scim.md#tokens). */
export class OnlyAdminsManageScimTokens extends Forbidden {
  readonly code = 'only_admins_manage_scim_tokens';
  constructor() {
    super('SCIM tokens are managed by organization admins.');
  }
}

/** A token that would expire immediately, or after the key that creates it (docs/contract/keys.md#expiry-limits). */
export class ScimTokenExpiryRefused extends Unprocessable {
  readonly code = 'invalid_scim_token_expiry';
  constructor(msg: string) {
    super('the token may not expire at that time', {
      problems: [{ loc: ['body', 'expires_at'], msg, type: 'value_error' }],
    });
  }
}
