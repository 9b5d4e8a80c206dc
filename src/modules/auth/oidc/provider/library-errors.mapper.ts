import { ResponseBodyError } from 'openid-client';
import { DomainError } from '../../../../common/errors/domain-error.js';
import {
  AuthorizationCodeRejected,
  ClientAuthenticationRejected,
  ClientRequestRejected,
  errorCode,
  InvalidIdToken,
  InvalidProviderResponse,
  ProviderUnavailable,
  type Purpose,
  type TokenFlaw,
  UserInteractionRequired,
} from './provider.errors.js';
import { jsonObjectIn } from './provider-fetch.js';

type Meaning = (code: string) => DomainError;
type Meanings = ReadonlyMap<string, Meaning>;

const interaction: Meaning = (code) => new UserInteractionRequired(code);
const client: Meaning = (code) => new ClientAuthenticationRejected(code);
const flaw =
  (name: TokenFlaw): Meaning =>
  () =>
    new InvalidIdToken(name);

/** OAuth errors (RFC 6749, section 5.2), and those that only the user can resolve (OpenID Connect Core 1.0, 3.1.2.6). */
const OAUTH_ERRORS: Meanings = new Map<string, Meaning>([
  ['invalid_grant', () => new AuthorizationCodeRejected()],
  ['interaction_required', interaction],
  ['login_required', interaction],
  ['consent_required', interaction],
  ['account_selection_required', interaction],
  ['invalid_client', client],
  ['unauthorized_client', client],
  ['unsupported_grant_type', client],
]);

/** Of openid-client, about a response that is JSON: a member is missing, or has another type or an unknown value. */
const NOT_AS_THE_STANDARD = ['OAUTH_INVALID_RESPONSE', 'OAUTH_UNSUPPORTED_OPERATION'];

/** What the errors of a request mean here, by their code. Any other is a rejected request or a ProviderFailed. */
const MEANINGS: Readonly<Record<Purpose, Meanings>> = {
  discovery: new Map(),
  'token endpoint': OAUTH_ERRORS,
  'pushed authorization request': OAUTH_ERRORS,
  UserInfo: new Map([
    ['OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED', flaw('user_info')], // openid-client: another `sub`
    ['OAUTH_INVALID_RESPONSE', flaw('user_info')], // no `sub`
  ]),
  // jose, about the token that is verified with the key set
  'key set': new Map([
    ['ERR_JWS_INVALID', flaw('malformed')],
    ['ERR_JOSE_NOT_SUPPORTED', flaw('malformed')], // a `crit` header that is not understood
    ['TypeError', flaw('malformed')], // an RSA key that is too short
    ['ERR_JOSE_ALG_NOT_ALLOWED', flaw('algorithm')],
    ['ERR_JWKS_NO_MATCHING_KEY', flaw('unknown_key')],
    ['ERR_JWKS_MULTIPLE_MATCHING_KEYS', flaw('ambiguous_key')],
    ['ERR_JWS_SIGNATURE_VERIFICATION_FAILED', flaw('signature')],
  ]),
};

type ErrorResponse = { readonly status: number; readonly error: unknown };

export const rethrowFrom =
  (purpose: Purpose) =>
  async (error: Error): Promise<never> => {
    throw await toDomainError(purpose, error);
  };

async function toDomainError(purpose: Purpose, error: Error & { code?: string }): Promise<Error> {
  const ours = [error, error.cause].find((one) => one instanceof DomainError);
  if (ours) return ours; // of our `fetch`; openid-client wraps it
  const response = await errorResponseOf(error);
  const code = response ? errorCode(response.error) : (error.code ?? error.name);
  const meaning = MEANINGS[purpose].get(code);
  if (meaning) return meaning(code);
  if (response) return rejectionOf(purpose, response);
  if (error.code === undefined) return error; // not one that the libraries expect
  const isInvalid = MEANINGS[purpose] === OAUTH_ERRORS && NOT_AS_THE_STANDARD.includes(error.code);
  return new (isInvalid ? InvalidProviderResponse : ProviderUnavailable)(purpose, reasonOf(error), {
    cause: error,
  });
}

/** A constant text of the library. That of a parser, which has no code, would quote the response. */
const reasonOf = ({ message, cause }: Error): string =>
  cause instanceof Error && 'code' in cause ? cause.message : message;

/** openid-client parses the body of a response with status 4xx only. */
async function errorResponseOf(error: Error): Promise<ErrorResponse | null> {
  if (error instanceof ResponseBodyError) return error;
  if (!(error.cause instanceof Response)) return null;
  const body = await jsonObjectIn(error.cause);
  return { status: error.cause.status, error: body?.['error'] };
}

function rejectionOf(purpose: Purpose, { status, error }: ErrorResponse): DomainError {
  const isOfClient = MEANINGS[purpose] === OAUTH_ERRORS;
  if (isOfClient && status === 401 && typeof error !== 'string')
    return new ClientAuthenticationRejected('status 401, no OAuth error');
  const response = `status ${status}, ${errorCode(error)}`;
  const isTemporary = status < 400 || status >= 500 || status === 408 || status === 429;
  return isOfClient && !isTemporary
    ? new ClientRequestRejected(`${purpose}: ${response}`, errorCode(error))
    : new ProviderUnavailable(purpose, response);
}
