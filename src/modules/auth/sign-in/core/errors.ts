import {
  BadRequest,
  Conflict,
  Forbidden,
  Gone,
  LimitReached,
  NotFound,
  UpstreamFailed,
} from '../../../../common/errors/domain-error.js';
import { errorCode, NOT_GRANTED } from '../../oidc/index.js';

/** Organization Operators manage members, not login methods (docs/contract/sign-in.md#operators-and-login-methods). */
export class OnlyAdminsRestrictLogins extends Forbidden {
  static readonly message = 'Only organization admins may change the allowed login methods.';
}

/** Proves that single sign-on works for the admin who disables all other login methods. */
export class SsoSessionRequired extends Forbidden {
  static readonly message =
    'Sign in by single sign-on first, and repeat it in that session: this proves that single sign-on works.';
}

export class InvalidFrontchannelLogout extends BadRequest {
  static readonly message =
    'The logout request needs the issuer in use here as `iss`, and as `sid` a session id of that issuer.';
}

export class EmailOfAnotherUser extends Forbidden {
  static readonly message = 'You can confirm the e-mail address of your own account only.';
}

export class ProviderNotFound extends NotFound {
  static readonly message = 'None of your organizations has this provider.';
}

export class MailNotAccepted extends UpstreamFailed {
  static readonly message =
    'The mail server did not accept the mail; try again later, or ask the operator of this installation.';
  readonly timedOut = false;
}

/** The link was never sent, was used, or was replaced by a newer one. */
export class ConfirmationNotFound extends NotFound {
  static readonly message = 'This link is not valid or not valid any more; request a new one.';
}

export class ConfirmationExpired extends Gone {
  static readonly message = 'This link has expired; request a new one.';
}

/** The callback does not belong to a login attempt of this browser; `reason` is for the log. */
export class InvalidLoginState extends BadRequest {
  override readonly formerCode = 'not_this_login';
  constructor(
    readonly reason: 'no state' | 'no cookie' | 'no session' | 'expired' | 'used' | 'no code' | 'issuer',
  ) {
    super(
      'This sign-in was not started in this browser, was completed already, or took longer than ten ' +
        'minutes. Start again.',
    );
  }
}

/** No attempt of the browser is old enough to be replaced by a new one. */
export class TooManySignIns extends LimitReached {
  constructor(readonly retryAfterSeconds: number) {
    super(
      'Too many sign-ins are under way in this browser; finish one of them in its tab, or try again in ' +
        `${retryAfterSeconds} seconds.`,
    );
  }
}

/** Another site started a sign-in for an issuer that is not the configured one (OpenID Connect Core 1.0, section 4). */
export class ForeignIssuer extends BadRequest {
  static readonly message =
    'This link starts a sign-in at an identity provider that is not used here. Open the start page instead.';
}

/** The provider sent the browser back with an error instead of a code (RFC 6749, section 4.1.2.1). */
export class AuthorizationDenied extends Forbidden {
  override readonly formerCode = 'provider_said_no';
  constructor(readonly reason: string) {
    super(`The identity provider did not let you in: ${messageFor(reason)}`);
  }
}

/** The provider responded with one of the temporary errors of RFC 6749, section 4.1.2.1. */
export class ProviderTemporarilyUnavailable extends UpstreamFailed {
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
  unsupported_response_type: `it does not support the authorization code flow for this installation. ${OPERATOR}`,
};

const messageFor = (code: string) =>
  NOT_GRANTED.get(code) ?? (Object.hasOwn(MESSAGES, code) ? MESSAGES[code] : UNKNOWN_ERROR);

const UNKNOWN_ERROR = `it returned an error code that OpenID Connect does not define. ${OPERATOR}`;

const TEMPORARY_ERRORS = new Set(['server_error', 'temporarily_unavailable']);

/** `error` is untrusted input: only text with the form of an error code reaches the log. */
export function toProviderError(error: string): AuthorizationDenied | ProviderTemporarilyUnavailable {
  const code = errorCode(error);
  return TEMPORARY_ERRORS.has(code)
    ? new ProviderTemporarilyUnavailable(code)
    : new AuthorizationDenied(code);
}

/** Operators manage members, not how users sign in (docs/contract/sign-in.md#operators-and-login-methods). */
export class OnlyAdminsTestSignIn extends Forbidden {
  static readonly message = 'Only organization admins can test single sign-on.';
}

/** The test shows what single sign-on gives, which it does in the default organization only. */
export class NotTheDefaultOrg extends Conflict {
  static readonly message =
    'Single sign-on adds people to the default organization, which is another one; start the test there.';
}

export class TestSignInNotFound extends NotFound {
  static readonly message =
    'There is no such test of this session, its result was read already, or it took longer than ten minutes. ' +
    'Start a new test.';
}
