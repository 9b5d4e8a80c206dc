import {
  allowInsecureRequests,
  type Configuration,
  type CustomFetch,
  ClientError,
  customFetch,
  discovery,
  initiateDeviceAuthorization,
  None,
  pollDeviceAuthorizationGrant,
  refreshTokenGrant,
  ResponseBodyError,
  type TokenEndpointResponse,
  tokenRevocation,
} from 'openid-client';
import { EXIT, Failure } from './failures.js';
import { version } from './version.js';
import { safe } from './terminal.js';

/** Known to every server: docs/contract/oauth.md, "Clients". */
const CLIENT_ID = 'tenantry-cli';
/** Of each request. A refresh ends before the lease of the process that makes it. */
const TIMEOUT_SECONDS = 15;

/** `expiresAt`: of the access token, in milliseconds since 1970. */
export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
};

export type DeviceCode = { readonly page: string; readonly pageWithCode: string; readonly userCode: string };

/**
 * What the server at this address says of its authorization server. Tokens go to its own origin only.
 *
 * @throws Failure if it has none, or another address
 */
export async function findAuthorizationServer(url: string): Promise<Configuration> {
  const document = new URL(`${url}/api/.well-known/oauth-authorization-server`);
  const execute = document.protocol === 'http:' ? [allowInsecureRequests] : [];
  const options = { execute, timeout: TIMEOUT_SECONDS, [customFetch]: fetchByName };
  const server = await discovery(document, CLIENT_ID, undefined, None(), options).catch((error: unknown) => {
    throw isAbsent(error) ? noAuthorizationServer(url) : error;
  });
  const { issuer, ...metadata } = server.serverMetadata();
  if (issuer !== `${url}/api`)
    throw new Failure(
      `The server says that its address is ${safe(issuer.replace(/\/api$/, ''))}: use that with --server.`,
      EXIT.usage,
    );
  const endpoints = [
    metadata.device_authorization_endpoint,
    metadata.token_endpoint,
    metadata.revocation_endpoint,
  ];
  if (!endpoints.every((endpoint) => endpoint?.startsWith(`${issuer}/`))) throw noAuthorizationServer(url);
  return server;
}

/** People see the name of the program that asks on the page on which they allow it. */
const fetchByName: CustomFetch = (url, { headers, ...init }) =>
  fetch(url, { ...init, headers: { ...headers, 'user-agent': `tenantry/${version}` } });

/** 404, or a page in place of the document. */
function isAbsent(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  return !(error.cause instanceof Response) || [200, 404].includes(error.cause.status);
}

const noAuthorizationServer = (url: string) =>
  new Failure(
    `${url} has no login with a browser. Create a personal access token in the console, and pass it to: tenantry login --server ${url} --with-token`,
    EXIT.usage,
  );

/**
 * Tokens for this computer, once a person has allowed it in the console (RFC 8628).
 *
 * @throws Failure if they deny it, or do not answer in time
 */
export async function authorizeDevice(
  server: Configuration,
  show: (code: DeviceCode) => void,
): Promise<Tokens> {
  const device = await initiateDeviceAuthorization(server, {});
  const {
    verification_uri: page,
    verification_uri_complete: pageWithCode = page,
    user_code: userCode,
  } = device;
  show({ page, pageWithCode, userCode });
  const expiry = AbortSignal.timeout(device.expires_in * 1000);
  const response = await pollDeviceAuthorizationGrant(server, device, {}, { signal: expiry }).catch(
    (error: unknown) => {
      const reason = error instanceof ResponseBodyError ? error.error : '';
      if (reason === 'access_denied') throw new Failure('The login was denied.');
      if (reason === 'expired_token' || expiry.aborted)
        throw new Failure('The code has expired before the login was allowed. Log in again.');
      throw error;
    },
  );
  return tokensOf(response);
}

/** Null if the login has ended. */
export async function refreshTokens(server: Configuration, refreshToken: string): Promise<Tokens | null> {
  try {
    return tokensOf(await refreshTokenGrant(server, refreshToken), refreshToken);
  } catch (error) {
    if (error instanceof ResponseBodyError && error.error === 'invalid_grant') return null;
    throw error;
  }
}

/** Ends the login, on every computer that has it. */
export const revokeLogin = (server: Configuration, refreshToken: string): Promise<void> =>
  tokenRevocation(server, refreshToken);

function tokensOf(response: TokenEndpointResponse, previous = ''): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken = previous, expires_in: seconds } = response;
  if (refreshToken === '' || seconds === undefined)
    throw new Failure('The server sent no refresh token, or no time after which it is needed.');
  return { accessToken, refreshToken, expiresAt: Date.now() + seconds * 1000 };
}
