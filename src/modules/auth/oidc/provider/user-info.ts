import { Injectable } from '@nestjs/common';
import type { IdTokenClaims } from './id-token.js';
import { ProviderClient } from './provider-client.js';
import { readJsonObject } from './provider-request.js';
import { InvalidIdToken, ProviderUnavailable } from './provider.errors.js';
import type { Claims } from './signed-token.js';
import type { ProviderMetadata } from './trusted-metadata.js';

@Injectable()
export class UserInfo {
  constructor(private readonly client: ProviderClient) {}

  /**
   * The UserInfo claims; empty if the provider has no UserInfo endpoint. `sub` must match the ID token (OpenID Connect
   * Core 1.0, section 5.3.2). A failure fails the login, because missing groups would otherwise be read as no groups.
   *
   * @throws InvalidIdToken or ProviderUnavailable
   */
  async load(
    { userinfo_endpoint: endpoint }: ProviderMetadata,
    accessToken: string | null,
    { sub }: IdTokenClaims,
    signal: AbortSignal,
  ): Promise<Claims> {
    if (endpoint === undefined || accessToken === null) return {};
    const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
    const response = await this.client.request('UserInfo', endpoint, { headers, signal });
    if (!response.ok) throw new ProviderUnavailable(`UserInfo: status ${response.status}`);
    const claims = await readJsonObject('UserInfo', response);
    if (claims['sub'] !== sub) throw new InvalidIdToken('user_info');
    return claims;
  }
}
