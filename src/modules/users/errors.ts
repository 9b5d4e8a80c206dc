import { Conflict } from '../../common/errors/domain-error.js';

export class EmailAlreadyInUse extends Conflict {
  static readonly message = 'This e-mail address already belongs to another user.';
}

export class LoginAlreadyInUse extends Conflict {
  static readonly message = 'This login of the identity provider already belongs to another user.';
}
