import type { Environment } from './environment.js';

/** The identity provider that people sign in at. */
export type SsoConfig = {
  /** The issuer, or the address of its discovery document. */
  readonly issuerUrl: string;
  readonly clientId: string;
  /** Null: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** `openid` is among them. */
  readonly scopes: readonly string[];
  /** In the address of the provider, spaces are `%20` in place of `+`. */
  readonly urlEncodeScopeSpaces: boolean;
  readonly sessionMaxSeconds: number;
  /** Sessions last `sessionMaxSeconds`, whatever the ID token says. */
  readonly overrideTokenExpiry: boolean;
  readonly idpLogoutEnabled: boolean;
  /** Issuer → the claim that stands for `sub`; the ones built in are in `subject-claim.ts`. */
  readonly subjectClaimOverrides: Readonly<Record<string, string>>;
  /** A missing `email_verified` counts as true; an explicit false never does (contract decision 26). */
  readonly trustUnverifiedEmail: boolean;
};

export function ssoOf(environment: Environment): SsoConfig | null {
  const { OAUTH_ISSUER_URL: issuerUrl, OAUTH_CLIENT_ID: clientId } = environment;
  if (issuerUrl === null || clientId === null) return null;
  return {
    issuerUrl,
    clientId,
    clientSecret: environment.OAUTH_CLIENT_SECRET,
    scopes: environment.OAUTH_SCOPES,
    urlEncodeScopeSpaces: environment.OAUTH_URL_ENCODE_SCOPE_SPACES,
    sessionMaxSeconds: environment.OAUTH_SESSION_MAX_SEC,
    overrideTokenExpiry: environment.OAUTH_OVERRIDE_TOKEN_EXPIRY,
    idpLogoutEnabled: environment.OAUTH_IDP_LOGOUT_ENABLED,
    subjectClaimOverrides: environment.ISSUER_SUB_CLAIM_OVERRIDES ?? {},
    trustUnverifiedEmail: environment.OAUTH_TRUST_UNVERIFIED_EMAIL,
  };
}
