import { Forbidden, BadRequest, UpstreamFailed } from '../../../common/errors/domain-error.js';

/** What comes back from the provider does not belong to a sign-in of this browser; `reason` is for the log. */
export class InvalidLoginState extends BadRequest {
  readonly code = 'not_this_login';
  constructor(readonly reason: 'no state' | 'no cookie' | 'expired' | 'used' | 'no code' | 'issuer') {
    super(
      'This sign-in was not started in this browser, was completed already, or took longer than ten minutes. Start again.',
    );
  }
}

/** The provider sent the browser back with an error instead of a code (RFC 6749, section 4.1.2.1). */
export class AuthorizationDenied extends Forbidden {
  readonly code = 'provider_said_no';
  constructor(readonly reason: string) {
    super(
      `The identity provider did not let you in: ${MESSAGES[reason] ?? MESSAGES.unknown} Its administrators can mend that.`,
    );
  }
}

/** As above, but it is the provider that is not well. */
export class ProviderTemporarilyUnavailable extends UpstreamFailed {
  readonly code = 'provider_is_not_well';
  readonly timedOut = false;
  constructor(readonly reason: string) {
    super('The identity provider says that it cannot sign anybody in at the moment. Try again in a minute.');
  }
}

/** In our words: what the provider adds could name people, and anybody can write an address with an error in it. */
const MESSAGES: Record<string, string> & { unknown: string } = {
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

const TEMPORARY_ERRORS = new Set(['server_error', 'temporarily_unavailable']);

/** `error` is made up by anybody: only names that the standards have get into the log. */
export function toProviderError(error: string): AuthorizationDenied | ProviderTemporarilyUnavailable {
  const message = Object.hasOwn(MESSAGES, error) || TEMPORARY_ERRORS.has(error) ? error : 'unknown';
  return TEMPORARY_ERRORS.has(message)
    ? new ProviderTemporarilyUnavailable(message)
    : new AuthorizationDenied(message);
}
