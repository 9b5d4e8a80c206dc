import { Forbidden } from '../errors/domain-error.js';

/** With single sign-on there is one way in; a password beside it would be a door that the provider does not guard. */
export class PasswordLoginDisabled extends Forbidden {
  readonly code = 'passwords_are_off';
  constructor() {
    super(
      'Passwords are not used here: people sign in at the identity provider (/api/v1/oauth/custom-oidc/login). ' +
        'The operator of this installation chooses that with the OAUTH_ settings.',
    );
  }
}
