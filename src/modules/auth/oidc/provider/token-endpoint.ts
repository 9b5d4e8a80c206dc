import { Injectable } from '@nestjs/common';
import { ClientSecretBasic, ClientSecretPost, None } from 'openid-client';
import { required } from '../../../../common/required.js';
import { Config } from '../../../../config/config.js';
import { errorCode } from './printable.js';
import {
  ClientAuthenticationRejected,
  GrantRejected,
  ProviderUnavailable,
  TokenRequestRejected,
} from './provider.errors.js';
import { requestProvider, readJsonObject } from './provider-request.js';
import type { ProviderMetadata } from './trusted-metadata.js';

/** The tokens as received; only their type was checked. */
export type TokenResponse = {
  idToken: string | null;
  accessToken: string | null;
  refreshToken: string | null;
};

/** `invalid_grant` (RFC 6749, section 5.2), and what only the user can change (OpenID Connect Core 1.0, 3.1.2.6). */
const GRANT_ERRORS = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'account_selection_required',
]);

/** RFC 6749, section 5.2: errors of the client, not of the grant. */
const CLIENT_ERRORS = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type']);

/** Exchanges authorization codes and refresh tokens for tokens. */
@Injectable()
export class TokenEndpoint {
  constructor(private readonly config: Config) {}

  /** @throws GrantRejected, ClientAuthenticationRejected, TokenRequestRejected or ProviderUnavailable */
  async request(
    metadata: ProviderMetadata,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<TokenResponse> {
    const body = new URLSearchParams(parameters);
    const headers = new Headers({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    });
    this.authenticate(metadata, body, headers);
    const response = await requestProvider('token endpoint', metadata.token_endpoint, {
      method: 'POST',
      headers,
      body: body.toString(),
      signal,
    });
    const json = await readJsonObject('token endpoint', response);
    if (!response.ok) throw toRejection(response.status, json['error']);
    return {
      idToken: textOrNull(json['id_token']),
      accessToken: textOrNull(json['access_token']),
      refreshToken: textOrNull(json['refresh_token']),
    };
  }

  /**
   * Prefers `client_secret_post`: the encoding of `client_secret_basic` is implemented incorrectly by many providers.
   */
  private authenticate(metadata: ProviderMetadata, body: URLSearchParams, headers: Headers): void {
    const { clientId, clientSecret } = required(this.config.sso, 'single sign-on');
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticateClient =
      clientSecret === null ? None() : clientAuthenticationMethod(methods)(clientSecret);
    authenticateClient({ issuer: metadata.issuer }, { client_id: clientId }, body, headers);
  }
}

const clientAuthenticationMethod = (methods: readonly string[]) =>
  methods.includes('client_secret_post') ? ClientSecretPost : ClientSecretBasic;

function toRejection(status: number, error: unknown): Error {
  const code = errorCode(error);
  if (GRANT_ERRORS.has(code)) return new GrantRejected(code);
  if (CLIENT_ERRORS.has(code)) return new ClientAuthenticationRejected(code);
  const reason = `token endpoint: status ${status}, ${code}`;
  return isRejection(status) ? new TokenRequestRejected(reason) : new ProviderUnavailable(reason);
}

/** 408 and 429 are temporary. */
const isRejection = (status: number) => status >= 400 && status < 500 && status !== 408 && status !== 429;

const textOrNull = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
