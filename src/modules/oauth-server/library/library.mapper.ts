import type { ClientMetadata } from 'oidc-provider';
import type { OauthClient } from '../core/entities.js';
import type { ApprovedGrant } from '../core/grants.repository.js';

/** docs/contract/oauth.md#tokens */
export const claimsOf = (person: {
  readonly id: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
  readonly orgId: string;
  readonly orgName: string;
}) => ({
  sub: person.id,
  email: person.email,
  email_verified: true,
  ...(person.fullName ? { name: person.fullName } : {}),
  ...(person.avatarUrl ? { picture: person.avatarUrl } : {}),
  ls_org_id: person.orgId,
  ls_org_name: person.orgName,
});

export const toMetadata = (client: OauthClient): ClientMetadata => ({
  client_id: client.clientId,
  client_name: client.clientName,
  redirect_uris: client.redirectUris,
  application_type: client.redirectUris.every((each) => /^https?:/i.test(each)) ? 'web' : 'native',
  response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
  grant_types: client.grantTypes,
  scope: client.allowedScopes.join(' '),
  ...(client.secretDigest
    ? {
        token_endpoint_auth_method: 'client_secret_basic',
        client_secret: client.secretDigest.toString('hex'),
      }
    : { token_endpoint_auth_method: 'none' }),
  ...(client.clientUri ? { client_uri: client.clientUri } : {}),
  ...(client.logoUri ? { logo_uri: client.logoUri } : {}),
  ...(client.policyUri ? { policy_uri: client.policyUri } : {}),
  ...(client.tosUri ? { tos_uri: client.tosUri } : {}),
});

/** What ID tokens say about the sign-in of the session in which a grant was approved. */
export const signInOf = ({ acr, amr, authTime }: Omit<ApprovedGrant, 'id' | 'userId'>) => ({
  ...(acr === null ? {} : { acr }),
  ...(amr === null ? {} : { amr }),
  ...(authTime === null ? {} : { authTime }),
});
