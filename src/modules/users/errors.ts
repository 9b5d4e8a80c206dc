import { Conflict } from '../../common/errors/domain-error.js';

/** An address belongs to one user; it was assigned to another user concurrently. */
export class EmailAlreadyInUse extends Conflict {
  readonly code = 'email_already_in_use';
  static readonly message = 'This e-mail address already belongs to another user.';
}

/** A pair of issuer and subject belongs to one user; it was assigned to another user before or concurrently. */
export class LoginAlreadyInUse extends Conflict {
  readonly code = 'login_already_in_use';
  static readonly message = 'This login of the identity provider already belongs to another user.';
}
