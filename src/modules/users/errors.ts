import { Conflict } from '../../common/errors/domain-error.js';

export class EmailAlreadyInUse extends Conflict {
  readonly code = 'email_already_in_use';
  static readonly message = 'This e-mail address already belongs to another user.';
}

export class LoginAlreadyInUse extends Conflict {
  readonly code = 'login_already_in_use';
  static readonly message = 'This login of the identity provider already belongs to another user.';
}
