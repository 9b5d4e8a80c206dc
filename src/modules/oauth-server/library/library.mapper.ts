import type { ClientMetadata } from 'oidc-provider';
import { toPages } from '../clients/client.mapper.js';
import type { OauthClient } from '../core/entities.js';
import type { ApprovedGrant, GrantPerson } from '../core/grants.repository.js';

/** docs/contract/oauth.md#tokens */
export const claimsOf = (person: GrantPerson) => ({
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
  ...toPages(client),
});

/** What ID tokens say about the sign-in of the session in which a grant was approved. */
export const signInOf = ({ acr, amr, authTime }: Omit<ApprovedGrant, 'id' | 'userId'>) => ({
  ...(acr === null ? {} : { acr }),
  ...(amr === null ? {} : { amr }),
  ...(authTime === null ? {} : { authTime }),
});
