import {
  BadRequest,
  Forbidden,
  NotFound,
  Unauthenticated,
  UpstreamFailed,
} from '../../../../common/errors/domain-error.js';

export class SsoDisabled extends NotFound {
  static readonly message =
    'Single sign-on is not set up here: sign in with your password. ' +
    'The operator of this installation can set it up.';
  override readonly formerCode = 'sso_is_off';
}
/** A request to the provider, as the log, the metrics and traces name it. */
export type Purpose =
  'discovery' | 'key set' | 'token endpoint' | 'pushed authorization request' | 'UserInfo';

export abstract class ProviderFailed extends UpstreamFailed {
  /** For the log. */
  readonly reason: string;

  /** @param how the request failed, without any value of the response */
  constructor(
    message: string,
    readonly purpose: Purpose,
    how: string,
    options: { cause?: unknown },
  ) {
    super(message, options);
    this.reason = `${purpose}: ${how}`;
  }
}

/** The provider did not respond, or its response was unusable; a retry may succeed. */
export class ProviderUnavailable extends ProviderFailed {
  readonly timedOut: boolean;

  constructor(purpose: Purpose, how: string, options: { timedOut?: boolean; cause?: unknown } = {}) {
    const problem = options.timedOut
      ? 'The identity provider did not answer in time.'
      : 'The identity provider could not be reached, or its answer was invalid.';
    const remedy = 'Try again in a minute; if it persists, tell the operator of this installation.';
    super(`${problem} ${remedy}`, purpose, how, options);
    this.timedOut = options.timedOut ?? false;
  }
}

/** The response is JSON, but not as RFC 6749, section 5.1, or RFC 9126, section 2.2 has it: a retry gets the same. */
export class InvalidProviderResponse extends ProviderFailed {
  readonly timedOut = false;

  constructor(purpose: Purpose, how: string, options: { cause?: unknown }) {
    const problem = 'The identity provider sent a response that does not follow the OAuth 2.0 standard.';
    const remedy =
      'Its administrators can fix that; tell the operator of this installation, whose log names it.';
    super(`${problem} ${remedy}`, purpose, how, options);
  }
}

/** The provider rejected the refresh token (`invalid_grant`): the session has ended. */
export class RefreshTokenRejected extends Unauthenticated {
  static readonly message = 'The identity provider does not extend this session; sign in again.';
  override readonly formerCode = 'refresh_refused';
}

/** The token endpoint rejected the authorization code (`invalid_grant`). */
export class AuthorizationCodeRejected extends BadRequest {
  static readonly message =
    'The identity provider rejected the authorization code of this sign-in: it has expired or was ' +
    'used already. Start again.';
  override readonly formerCode = 'code_refused';
}

/** `reason`, for the log: the status and the error code of the provider's response. */
export abstract class RejectedByProvider extends Forbidden {
  constructor(
    readonly reason: string,
    message?: string,
  ) {
    super(message);
  }
}

/** The user has to sign in or respond to prompts there (OpenID Connect Core 1.0, section 3.1.2.6). */
export class UserInteractionRequired extends RejectedByProvider {
  override readonly code = 'interaction_required';
  static readonly message =
    'The identity provider requires another step from you before it signs you in here, such as multi-factor ' +
    'authentication. Start again, and complete it there.';
}

export class ClientAuthenticationRejected extends RejectedByProvider {
  override readonly formerCode = 'client_refused';
  static readonly message =
    'The identity provider does not accept this installation as its client. ' +
    'The operator of this installation can fix that.';
}

/** What the provider does not grant, and who can change that; all of its endpoints may respond with these codes. */
export const NOT_GRANTED: ReadonlyMap<string, string> = new Map([
  [
    'invalid_scope',
    'it does not grant a scope that this installation requests. Tell the operator of this installation, who can ' +
      'request others; the administrators of the identity provider can grant it.',
  ],
  [
    'unmet_authentication_requirements',
    'you have to sign in there in a stronger way than you can. Add a second factor there, or ask its administrators ' +
      'for one; an organization admin decides what is required here.',
  ],
]);

/** The token endpoint, or the endpoint for pushed requests, rejected the request itself, which repeating does not change. */
export class ClientRequestRejected extends RejectedByProvider {
  constructor(reason: string, error: string) {
    const what = NOT_GRANTED.get(error);
    super(
      reason,
      'The identity provider rejected the request of this installation to sign you in' +
        (what === undefined ? '. The operator of this installation can fix that.' : `: ${what}`),
    );
  }
}

/** The logout token is invalid; `reason` is for the log. */
export class InvalidLogoutToken extends BadRequest {
  constructor(readonly reason: string) {
    super('The logout token was refused.');
  }
}

/** Why a token is rejected: the key is for the log, the text for users. */
const TOKEN_FLAWS = {
  malformed: 'it cannot be read',
  algorithm: 'its signature algorithm is not announced by the provider or is not secure',
  unknown_key: 'it is signed with a key that the provider does not publish',
  ambiguous_key: 'it does not name the key that signed it, and the provider publishes several',
  signature: 'its signature is invalid',
  issuer: 'it was issued by another issuer',
  audience: 'it was issued for another client',
  authorized_party: 'its authorized party is another client',
  expired: 'it has expired, or has no expiry',
  issued_at: 'its time of issue is missing or impossible',
  nonce: 'it does not belong to this sign-in',
  access_token: 'it does not match its access token',
  subject: 'it has no valid subject',
  session_expiry: 'its end of the session is no time in the future',
  user_info: 'the UserInfo response has another subject',
} as const;

export type TokenFlaw = keyof typeof TOKEN_FLAWS;

export class InvalidIdToken extends Unauthenticated {
  override readonly formerCode = 'id_token_refused';
  /** For the log. */
  readonly reason: string;

  /** @param found the value that was found instead, for the log; only from a token with a valid signature */
  constructor(
    readonly flaw: TokenFlaw,
    found: string | null = null,
  ) {
    super(
      `The ID token of the identity provider was rejected: ${TOKEN_FLAWS[flaw]}. ` +
        'Start again; if it persists, tell the operator of this installation.',
    );
    this.reason = found === null ? flaw : `${flaw}: found ${found}`;
  }
}

const MAX_LENGTH = 200; // characters

/** A value of the provider's response for the log: one line, of limited length, without control characters. */
export function printable(value: unknown): string {
  if (typeof value !== 'string') return 'none';
  return JSON.stringify(value.slice(0, MAX_LENGTH).replace(/[^\x20-\x7e]/g, '?'));
}

/** An error code as the standards write them; other text, which may contain personal data, is 'unknown'. */
export const errorCode = (value: unknown): string =>
  typeof value === 'string' && /^[a-z][a-z0-9_]{0,63}$/i.test(value) ? value : 'unknown';
