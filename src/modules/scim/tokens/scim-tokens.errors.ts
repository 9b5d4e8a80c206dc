import { Forbidden, NotFound, Rejected } from '../../../common/errors/domain-error.js';

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

export class ScimTokenBornExpired extends Rejected {
  readonly code = 'scim_token_born_expired';
  constructor() {
    super('the token may not expire then', {
      problems: [
        { loc: ['body', 'expires_at'], msg: 'must be an instant in the future', type: 'value_error' },
      ],
    });
  }
}
