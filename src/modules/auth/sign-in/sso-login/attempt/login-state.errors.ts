import { BadRequest, LimitReached } from '../../../../../common/errors/domain-error.js';

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

/** No attempt of the browser is old enough to be replaced by a new one. */
export class TooManySignIns extends LimitReached {
  readonly code = 'too_many_sign_ins';
  constructor(readonly retryAfterSeconds: number) {
    super(
      'Too many sign-ins are under way in this browser; finish one of them in its tab, or try again in ' +
        `${retryAfterSeconds} seconds.`,
    );
  }
}
