import { errorCode } from '../../oidc/index.js';
import { BadRequest, Forbidden, UpstreamFailed } from '../../../../common/errors/domain-error.js';

/** Another site started a sign-in for an issuer that is not the configured one (OpenID Connect Core 1.0, section 4). */
export class ForeignIssuer extends BadRequest {
  readonly code = 'foreign_issuer';
  constructor() {
    super(
      'This link starts a sign-in at an identity provider that is not used here. Open the start page instead.',
    );
  }
}

/** The provider sent the browser back with an error instead of a code (RFC 6749, section 4.1.2.1). */
export class AuthorizationDenied extends Forbidden {
  readonly code = 'authorization_denied';
  override readonly formerCode = 'provider_said_no';
  constructor(readonly reason: string) {
    super(`The identity provider did not let you in: ${messageFor(reason)}`);
  }
}

/** The provider answered with one of the temporary errors of RFC 6749, section 4.1.2.1. */
export class ProviderTemporarilyUnavailable extends UpstreamFailed {
  readonly code = 'provider_temporarily_unavailable';
  override readonly formerCode = 'provider_is_not_well';
  readonly timedOut = false;
  constructor(readonly reason: string) {
    super('The identity provider reports that sign-in is temporarily unavailable. Try again in a minute.');
  }
}

const OPERATOR = 'Tell the operator of this installation.';

/** Our own texts: `error_description` may contain personal data, and anyone can craft a callback URL with an error. */
const MESSAGES: Record<string, string> = {
  access_denied:
    'access was denied, or the sign-in was cancelled. Try again, or ask its administrators for access to this application.',
  login_required: 'you have to sign in there. Try again.',
  interaction_required: 'you have to answer its questions. Try again.',
  consent_required: 'you have to give your consent there. Try again.',
  account_selection_required: 'you have to choose an account there. Try again.',
  unauthorized_client: 'it does not let this installation sign people in. Its administrators can fix that.',
  invalid_request: `it reports the request of this installation as invalid. ${OPERATOR}`,
  invalid_scope: `it does not know a scope that this installation requests. ${OPERATOR}`,
  unsupported_response_type: `it does not support the authorization code flow for this installation. ${OPERATOR}`,
};

const messageFor = (code: string) => (Object.hasOwn(MESSAGES, code) ? MESSAGES[code] : UNKNOWN_ERROR);

const UNKNOWN_ERROR = `it returned an error code that OpenID Connect does not define. ${OPERATOR}`;

const TEMPORARY_ERRORS = new Set(['server_error', 'temporarily_unavailable']);

/** `error` is untrusted input: only text with the form of an error code reaches the log. */
export function toProviderError(error: string): AuthorizationDenied | ProviderTemporarilyUnavailable {
  const code = errorCode(error);
  return TEMPORARY_ERRORS.has(code)
    ? new ProviderTemporarilyUnavailable(code)
    : new AuthorizationDenied(code);
}
