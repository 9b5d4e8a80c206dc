import { Injectable } from '@nestjs/common';
import { type Authentication, ClientAuthentication } from './client-authentication.js';
import {
  ClientAuthenticationRejected,
  GrantRejected,
  ProviderUnavailable,
  ClientRequestRejected,
  errorCode,
} from './provider.errors.js';
import { ProviderClient } from './provider-client.js';
import { readJsonObject } from './provider-request.js';
import type { ProviderMetadata } from './trusted-metadata.js';

/** The tokens as received; only their type was checked. */
export type TokenResponse = {
  idToken: string | null;
  accessToken: string | null;
  refreshToken: string | null;
};

type ClientRequest = {
  /** Names the request in the log. */
  readonly purpose: string;
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
};

type Json = Record<string, unknown>;

const UNAUTHORIZED = 401;
const NOTHING: Json = {};

const PAR = 'pushed authorization request';

/** `invalid_grant` (RFC 6749, section 5.2), and what only the user can change (OpenID Connect Core 1.0, 3.1.2.6). */
const GRANT_ERRORS = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'account_selection_required',
]);

/** RFC 6749, section 5.2: errors of the client, not of the grant. */
const AUTHENTICATION_ERRORS = new Set<unknown>(['invalid_client', 'unauthorized_client']);
const CLIENT_ERRORS = new Set<unknown>([...AUTHENTICATION_ERRORS, 'unsupported_grant_type']);

/** Requests to the provider in which this installation authenticates as its client. */
@Injectable()
export class TokenEndpoint {
  constructor(
    private readonly client: ProviderClient,
    private readonly authentication: ClientAuthentication,
  ) {}

  /**
   * Exchanges an authorization code or a refresh token for tokens.
   *
   * @throws GrantRejected, ClientAuthenticationRejected, ClientRequestRejected or ProviderUnavailable
   */
  async request(
    metadata: ProviderMetadata,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<TokenResponse> {
    const json = await this.post(
      { purpose: 'token endpoint', url: metadata.token_endpoint, parameters },
      metadata,
      signal,
    );
    return {
      idToken: textOrNull(json['id_token']),
      accessToken: textOrNull(json['access_token']),
      refreshToken: textOrNull(json['refresh_token']),
    };
  }

  /**
   * Pushes the parameters of an authorization request; returns the `request_uri` that stands for them (RFC 9126).
   *
   * @throws ClientAuthenticationRejected, ClientRequestRejected or ProviderUnavailable
   */
  async pushAuthorizationRequest(
    metadata: ProviderMetadata,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string> {
    const url = metadata.pushed_authorization_request_endpoint;
    if (url === undefined)
      throw new ProviderUnavailable('discovery: pushed_authorization_request_endpoint is missing');
    const json = await this.post({ purpose: PAR, url, parameters }, metadata, signal);
    const requestUri = textOrNull(json['request_uri']);
    if (requestUri === null) throw new ProviderUnavailable(`${PAR}: no request_uri`);
    return requestUri;
  }

  /** Tries another way to authenticate only after a refusal of the first, which uses up neither a code nor a token. */
  private async post(request: ClientRequest, metadata: ProviderMetadata, signal: AbortSignal): Promise<Json> {
    const methods = this.authentication.methods(metadata);
    for (const [index, method] of methods.entries()) {
      const { response, json } = await this.send(request, method, signal);
      const isRefused = refusesAuthentication(response.status, json['error']);
      if (isRefused && index + 1 < methods.length) continue;
      if (!isRefused) this.authentication.remember(method);
      if (!response.ok) throw toRejection(request.purpose, response.status, json['error']);
      return json;
    }
    throw new Error('there is no client authentication method');
  }

  private async send(
    { purpose, url, parameters }: ClientRequest,
    method: Authentication,
    signal: AbortSignal,
  ) {
    const body = new URLSearchParams(parameters);
    const headers = new Headers({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    });
    await method.apply(body, headers);
    const response = await this.client.request(purpose, url, {
      method: 'POST',
      headers: Object.fromEntries(headers),
      body: body.toString(),
      signal,
    });
    const json = readJsonObject(purpose, response);
    return { response, json: await (response.status === UNAUTHORIZED ? json.catch(() => NOTHING) : json) };
  }
}

/** Some providers answer 401 without an OAuth error. */
const isUnnamedRefusal = (status: number, error: unknown) =>
  status === UNAUTHORIZED && typeof error !== 'string';

const refusesAuthentication = (status: number, error: unknown) =>
  (status >= 400 && AUTHENTICATION_ERRORS.has(error)) || isUnnamedRefusal(status, error);

function toRejection(purpose: string, status: number, error: unknown): Error {
  const code = errorCode(error);
  if (GRANT_ERRORS.has(code)) return new GrantRejected(code);
  if (CLIENT_ERRORS.has(code)) return new ClientAuthenticationRejected(code);
  if (isUnnamedRefusal(status, error)) return new ClientAuthenticationRejected('status 401, no OAuth error');
  const reason = `${purpose}: status ${status}, ${code}`;
  return isRejection(status) ? new ClientRequestRejected(reason) : new ProviderUnavailable(reason);
}

/** 408 and 429 are temporary. */
const isRejection = (status: number) => status >= 400 && status < 500 && status !== 408 && status !== 429;

const textOrNull = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
