import type { ClientKey } from './client-key.js';
import type { Environment } from './environment.js';
import type { AuthMethod } from './login-mode.js';

/** The identity provider of the installation. */
export type SsoConfig = {
  /** The issuer, or the URL of its discovery document. */
  readonly issuerUrl: string;
  readonly clientId: string;
  /** Null, like the key: a public client, which authenticates with PKCE only. */
  readonly clientSecret: string | null;
  /** Signs client assertions (`private_key_jwt`). */
  readonly clientKey: ClientKey | null;
  /** Null: chosen by what the provider announces (docs/contract/sign-in.md#client-authentication). */
  readonly authMethod: AuthMethod | null;
  /** For requests to the provider. */
  readonly network: {
    /** PEM certificates that are trusted besides those of Node. */
    readonly caCertificates: string | null;
    readonly httpsProxy: string | null;
    /** Hosts, comma-separated, that are reached without the proxy. */
    readonly noProxy: string | null;
  };
  /** Contains `openid`. */
  readonly scopes: readonly string[];
  /** Added to the authorization request; contains no parameter that the protocol itself sets. */
  readonly authorizationParameters: Readonly<Record<string, string>>;
  /** Encodes spaces in the authorization URL as `%20` instead of `+`. */
  readonly urlEncodeScopeSpaces: boolean;
  readonly sessionMaxSeconds: number;
  /** Sessions last `sessionMaxSeconds`, regardless of the ID token's expiry. */
  readonly overrideTokenExpiry: boolean;
  readonly idpLogoutEnabled: boolean;
  /** Of a logout at the provider. */
  readonly logout: {
    /** Replaces `end_session_endpoint` of the metadata. */
    readonly url: string | null;
    /** The parameter with the address to which the provider sends the browser back. */
    readonly returnParameter: string;
  };
  /** Issuer → the claim to use instead of `sub`; built-in ones are in `subject-claim.ts`. */
  readonly subjectClaimOverrides: Readonly<Record<string, string>>;
  /**
   * A missing `email_verified` counts as true; an explicit false never does (docs/contract/sign-in.md#linking-logins).
   */
  readonly trustUnverifiedEmail: boolean;
  /** Canonical domains of the verified e-mail of whoever may sign in; null: all. */
  readonly allowedEmailDomains: readonly string[] | null;
  /** Names of groups for which the provider sends other values, for example ids. */
  readonly groupNames: Readonly<Record<string, string>>;
};

export function ssoOf(environment: Environment): SsoConfig | null {
  const { OAUTH_ISSUER_URL: issuerUrl, OAUTH_CLIENT_ID: clientId } = environment;
  if (issuerUrl === null || clientId === null) return null;
  return {
    issuerUrl,
    clientId,
    clientSecret: environment.OAUTH_CLIENT_SECRET,
    clientKey: environment.OAUTH_CLIENT_PRIVATE_KEY,
    authMethod: environment.OAUTH_TOKEN_ENDPOINT_AUTH_METHOD,
    network: {
      caCertificates: environment.OAUTH_CA_CERTIFICATES_FILE,
      httpsProxy: environment.HTTPS_PROXY,
      noProxy: environment.NO_PROXY,
    },
    scopes: environment.OAUTH_SCOPES,
    authorizationParameters: environment.OAUTH_AUTHORIZATION_PARAMS ?? {},
    urlEncodeScopeSpaces: environment.OAUTH_URL_ENCODE_SCOPE_SPACES,
    sessionMaxSeconds: environment.OAUTH_SESSION_MAX_SEC,
    overrideTokenExpiry: environment.OAUTH_OVERRIDE_TOKEN_EXPIRY,
    idpLogoutEnabled: environment.OAUTH_IDP_LOGOUT_ENABLED,
    logout: { url: environment.OAUTH_LOGOUT_URL, returnParameter: environment.OAUTH_LOGOUT_RETURN_PARAM },
    subjectClaimOverrides: environment.ISSUER_SUB_CLAIM_OVERRIDES ?? {},
    trustUnverifiedEmail: environment.OAUTH_TRUST_UNVERIFIED_EMAIL,
    allowedEmailDomains: environment.OAUTH_ALLOWED_EMAIL_DOMAINS,
    groupNames: environment.OAUTH_GROUP_NAMES ?? {},
  };
}
