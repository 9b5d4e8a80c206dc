import { Forbidden, Unauthenticated } from '../../../common/errors/domain-error.js';

/**
 * Browsers send the cookie along with what other sites start; its owner did not ask for that (contract decision 39).
 */
export class CrossSiteRequest extends Forbidden {
  readonly code = 'cross_site_request';
  constructor() {
    super(
      'A change made with the session cookie has to come from a page of this server or of an origin listed in ' +
        'CORS_ALLOWED_ORIGINS, and say so in Origin.',
    );
  }
}

/** The provider's last word has run out and it cannot be asked now: the session is not over, and not good for anything. */
export class SessionNotConfirmed extends Unauthenticated {
  readonly code = 'session_not_confirmed';
  constructor() {
    super(
      'The identity provider does not answer, so your session cannot be continued. Try again in a minute.',
    );
  }
}
