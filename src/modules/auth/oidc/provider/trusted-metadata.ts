import type { ServerMetadata } from 'openid-client';
import { first } from '../../../../common/collections.js';
import { isSafeTransport } from '../../../../common/http/network-addresses.js';
import { networkScope } from '../../../../common/http/network-scope.js';
import { ProviderUnavailable, printable } from './provider.errors.js';

/** Provider metadata (OpenID Connect Discovery 1.0, section 3) that were validated. */
export type ProviderMetadata = ServerMetadata & Readonly<Record<(typeof REQUIRED)[number], string>>;

const WELL_KNOWN = '/.well-known/openid-configuration';
const REQUIRED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const ENDPOINTS = [
  ...REQUIRED,
  'userinfo_endpoint',
  'end_session_endpoint',
  'pushed_authorization_request_endpoint',
] as const;
const LISTS = [
  'id_token_signing_alg_values_supported',
  'token_endpoint_auth_methods_supported',
  'response_modes_supported',
] as const;

/**
 * Validates that the metadata belong to the configured issuer and that all endpoints use TLS and are not loopback or
 * link-local, unless the issuer itself is. `issuerUrl` may be the discovery URL.
 *
 * @throws ProviderUnavailable
 */
export function trustedMetadata(document: Record<string, unknown>, issuerUrl: string): ProviderMetadata {
  const { issuer } = document;
  if (typeof issuer !== 'string' || withoutSlash(issuer) !== expectedIssuer(issuerUrl)) {
    throw new ProviderUnavailable(
      'discovery',
      `the issuer of the metadata is ${printable(issuer)} and differs from OAUTH_ISSUER_URL`,
    );
  }
  const missing = REQUIRED.find((name) => document[name] === undefined);
  if (missing) throw new ProviderUnavailable('discovery', `${missing} is missing`);
  const untrusted = ENDPOINTS.find(
    (name) => document[name] !== undefined && !isTrusted(document[name], issuer),
  );
  if (untrusted) throw new ProviderUnavailable('discovery', `${untrusted} is not a trusted URL`);
  const malformed = LISTS.find((name) => document[name] !== undefined && !isListOfTexts(document[name]));
  if (malformed) throw new ProviderUnavailable('discovery', `${malformed} is not an array of strings`);
  return document as ProviderMetadata;
}

/** Below the issuer (OpenID Connect Discovery 1.0, section 4.1), or `issuerUrl` itself if it is a discovery URL. */
export const discoveryAddress = (issuerUrl: string): URL =>
  new URL(issuerUrl.includes(WELL_KNOWN) ? issuerUrl : `${withoutSlash(issuerUrl)}${WELL_KNOWN}`);

const expectedIssuer = (issuerUrl: string) => withoutSlash(first(issuerUrl.split(WELL_KNOWN, 1)));

/** Tolerates a trailing slash: operators often get it wrong, and no two issuers differ only by it. */
const withoutSlash = (url: string) => url.replace(/\/$/, '');

function isTrusted(endpoint: unknown, issuer: string): boolean {
  const url = typeof endpoint === 'string' ? URL.parse(endpoint) : null;
  if (!url || url.username || url.password || !isSafeTransport(url)) return false;
  return !isLocal(url) || isLocal(new URL(issuer));
}

const isLocal = (url: URL) => ['loopback', 'reserved'].includes(networkScope(url));

const isListOfTexts = (value: unknown) =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');
