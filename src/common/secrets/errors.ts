import { Forbidden, LimitReached, Unavailable } from '../errors/domain-error.js';

/** Logins from networks without a recent success, or too many batches, have filled their part of the queue. */
export class PasswordHashingBusy extends LimitReached {
  constructor(readonly retryAfterSeconds: number) {
    super(`Too many passwords are being checked or set; try again in ${retryAfterSeconds} seconds.`);
  }
}

/** The whole queue is full, although no client exceeds a limit of its own. */
export class PasswordHashingOverloaded extends Unavailable {
  readonly kind = 'password hashing';

  constructor(override readonly retryAfterSeconds: number) {
    super(`The server is busy checking passwords; try again in ${retryAfterSeconds} seconds.`);
  }
}

/** With single sign-on, a password would be a second way in that the identity provider does not control. */
export class PasswordLoginDisabled extends Forbidden {
  static readonly message =
    'Passwords are not used here: people sign in at the identity provider (/api/v1/oauth/custom-oidc/login). ' +
    'The operator of this installation chooses that with the OAUTH_ settings.';
  override readonly formerCode = 'passwords_are_off';
}
