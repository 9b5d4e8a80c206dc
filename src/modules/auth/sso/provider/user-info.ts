import { InvalidIdToken, ProviderUnavailable } from '../provider.errors.js';
import { requestProvider, readJsonObject } from './provider-request.js';
import type { IdTokenClaims } from './id-token.js';
import type { Claims } from './signed-token.js';
import type { ProviderMetadata } from './trusted-metadata.js';

/**
 * What the provider tells beside the ID token; nothing when it has no such place. It must be about the same person
 * (OpenID Connect Core 1.0, section 5.3.2), and a failure is one of the login: without it we might take somebody's
 * groups for none.
 */
export async function userInfo(
  { userinfo_endpoint: endpoint }: ProviderMetadata,
  accessToken: string | null,
  { sub }: IdTokenClaims,
  signal: AbortSignal,
): Promise<Claims> {
  if (endpoint === undefined || accessToken === null) return {};
  const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
  const response = await requestProvider('UserInfo', endpoint, { headers, signal });
  if (!response.ok) throw new ProviderUnavailable(`UserInfo: status ${response.status}`);
  const claims = await readJsonObject('UserInfo', response);
  if (claims['sub'] !== sub) throw new InvalidIdToken('user_info');
  return claims;
}
