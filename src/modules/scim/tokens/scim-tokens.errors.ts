import { NotFound, Rejected } from '../../../common/errors/domain-error.js';

export class ScimTokenNotFound extends NotFound {
  readonly code = 'scim_token_not_found';
  constructor() {
    super('There is no such SCIM token here.');
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
