import { BadRequest } from '../../../../../common/errors/domain-error.js';

/** The callback does not belong to a login attempt of this browser; `reason` is for the log. */
export class InvalidLoginState extends BadRequest {
  readonly code = 'invalid_login_state';
  override readonly formerCode = 'not_this_login';
  constructor(readonly reason: 'no state' | 'no cookie' | 'expired' | 'used' | 'no code' | 'issuer') {
    super(
      'This sign-in was not started in this browser, was completed already, or took longer than ten ' +
        'minutes. Start again.',
    );
  }
}
