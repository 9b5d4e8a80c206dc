import { Forbidden } from '../errors/domain-error.js';

/** With single sign-on, a password would be a second way in that the identity provider does not control. */
export class PasswordLoginDisabled extends Forbidden {
  readonly code = 'password_login_disabled';
  static readonly message =
    'Passwords are not used here: people sign in at the identity provider (/api/v1/oauth/custom-oidc/login). ' +
    'The operator of this installation chooses that with the OAUTH_ settings.';
  override readonly formerCode = 'passwords_are_off';
}
