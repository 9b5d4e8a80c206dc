import { Forbidden, NotFound, Unprocessable } from '../../../common/errors/domain-error.js';

export class ScimTokenNotFound extends NotFound {
  readonly code = 'scim_token_not_found';
  constructor() {
    super('There is no such SCIM token here.');
  }
}

/** A SCIM token manages people of every role (contract decision 51). */
export class OnlyAdminsManageScimTokens extends Forbidden {
  readonly code = 'only_admins_manage_scim_tokens';
  constructor() {
    super('SCIM tokens are managed by organization admins.');
  }
}

/** A token that would expire at once, or after the key that makes it (contract decision 52). */
export class ScimTokenExpiryRefused extends Unprocessable {
  readonly code = 'scim_token_expiry_refused';
  constructor(msg: string) {
    super('the token may not expire then', {
      problems: [{ loc: ['body', 'expires_at'], msg, type: 'value_error' }],
    });
  }
}
