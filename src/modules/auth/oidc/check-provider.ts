import { randomBytes } from 'node:crypto';
import { authorizationCodeGrant } from 'openid-client';
import { isJsonObject } from '../../../common/json.js';
import { Metrics } from '../../../common/metrics/metrics.js';
import { required } from '../../../common/collections.js';
import type { Config } from '../../../config/config.js';
import { discover } from './identity-provider.js';
import { CALLBACK_PATH } from './oidc-client.js';
import { ProviderClient } from './provider/provider-client.js';
import { AuthorizationCodeRejected, ProviderUnavailable } from './provider/provider.errors.js';
import { jsonObjectIn, ProviderFetch } from './provider/provider-fetch.js';
import type { ProviderMetadata } from './provider/trusted-metadata.js';

/**
 * Asks the provider what a sign-in asks, and to redeem a code that it has never issued. It authenticates the client
 * before it looks at the code (RFC 6749, section 4.1.3): `invalid_grant` means that it accepts the client.
 *
 * @throws ProviderUnavailable, whose `purpose` names the request; RejectedByProvider if it refuses the client
 */
export async function checkProvider(
  config: Config,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<{ issuer: string; keys: number }> {
  const fetch = new ProviderFetch(config, new Metrics());
  const metadata = await discover(required(config.sso, 'single sign-on'), fetch, signal);
  const keys = await countSigningKeys(metadata, fetch, signal);
  await redeemInventedCode(config, metadata, { fetch, now, signal });
  return { issuer: metadata.issuer, keys };
}

/** Of RSA and elliptic curves: secrets shared with the client are no keys of a key set. */
const ASYMMETRIC: readonly unknown[] = ['RSA', 'EC', 'OKP'];

async function countSigningKeys(
  { jwks_uri: uri }: ProviderMetadata,
  fetch: ProviderFetch,
  signal: AbortSignal,
): Promise<number> {
  const response = await fetch.for('key set', signal)(uri, { method: 'GET', headers: {} });
  if (!response.ok) throw new ProviderUnavailable('key set', `status ${response.status}`);
  const keys = (await jsonObjectIn(response))?.['keys'];
  const signing = (Array.isArray(keys) ? keys : []).filter(
    (key) => isJsonObject(key) && ASYMMETRIC.includes(key['kty']) && key['use'] !== 'enc',
  );
  if (signing.length === 0) throw new ProviderUnavailable('key set', 'it has no key that signs tokens');
  return signing.length;
}

async function redeemInventedCode(
  config: Config,
  metadata: ProviderMetadata,
  { fetch, now, signal }: { fetch: ProviderFetch; now: Date; signal: AbortSignal },
): Promise<void> {
  const invented = () => randomBytes(32).toString('base64url');
  const [code, state, pkceCodeVerifier] = [invented(), invented(), invented()] as const;
  const callback = new URL(`${required(config.server.publicUrl, 'LANGSMITH_URL')}${CALLBACK_PATH}`);
  callback.search = String(new URLSearchParams({ code, state, iss: metadata.issuer }));
  const purpose = 'token endpoint';
  try {
    await new ProviderClient(config).sendAuthenticated(
      { purpose, metadata, fetch: fetch.for(purpose, signal), now },
      (configuration) =>
        authorizationCodeGrant(configuration, callback, { pkceCodeVerifier, expectedState: state }),
    );
  } catch (error) {
    if (!(error instanceof AuthorizationCodeRejected)) throw error;
    return;
  }
  throw new ProviderUnavailable(purpose, 'it has accepted a code that it has not issued');
}
