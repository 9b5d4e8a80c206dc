import { Forbidden, OutOfPlace, UpstreamFailed } from '../../../common/errors/domain-error.js';

/** What comes back from the provider does not belong to a sign-in of this browser; `reason` is for the log. */
export class NotThisLogin extends OutOfPlace {
  readonly code = 'not_this_login';
  constructor(readonly reason: 'no state' | 'no cookie' | 'expired' | 'used' | 'no code' | 'issuer') {
    super(
      'This sign-in was not started in this browser, was completed already, or took longer than ten minutes. Start again.',
    );
  }
}

/** The provider sent the browser back with an error instead of a code (RFC 6749, section 4.1.2.1). */
export class ProviderSaidNo extends Forbidden {
  readonly code = 'provider_said_no';
  constructor(readonly reason: string) {
    super(
      `The identity provider did not let you in: ${WORDS[reason] ?? WORDS.unknown} Its administrators can mend that.`,
    );
  }
}

/** As above, but it is the provider that is not well. */
export class ProviderIsNotWell extends UpstreamFailed {
  readonly code = 'provider_is_not_well';
  readonly timedOut = false;
  constructor(readonly reason: string) {
    super('The identity provider says that it cannot sign anybody in at the moment. Try again in a minute.');
  }
}

/** In our words: what the provider adds could name people, and anybody can write an address with an error in it. */
const WORDS: Record<string, string> & { unknown: string } = {
  access_denied: 'access was denied, or the sign-in was cancelled.',
  login_required: 'it wants you to sign in there first.',
  interaction_required: 'it has a question to you first.',
  consent_required: 'it wants your consent first.',
  account_selection_required: 'it wants you to choose an account first.',
  unauthorized_client: 'it does not let this installation sign people in.',
  invalid_request: 'it does not understand how this installation asks.',
  invalid_scope: 'this installation asks for something that it does not have (OAUTH_SCOPES).',
  unsupported_response_type: 'it does not let this installation sign people in with a code.',
  unknown: 'it gave an error that has no meaning in OpenID Connect.',
};

const NOT_WELL = new Set(['server_error', 'temporarily_unavailable']);

/** `error` is made up by anybody: only names that the standards have get into the log. */
export function errorOfProvider(error: string): ProviderSaidNo | ProviderIsNotWell {
  const known = Object.hasOwn(WORDS, error) || NOT_WELL.has(error) ? error : 'unknown';
  return NOT_WELL.has(known) ? new ProviderIsNotWell(known) : new ProviderSaidNo(known);
}
