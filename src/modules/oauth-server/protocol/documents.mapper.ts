import type { AuthorizationServerMetadata, ProtectedResourceMetadata } from '../../../contract/oauth.js';
import { GRANT_TYPES, SCOPES } from '../../../common/oauth-values.js';

/** docs/contract/oauth.md#addresses-and-documents */
export const serverMetadata = (
  issuer: string,
  { fetchesDocuments }: { fetchesDocuments: boolean },
): AuthorizationServerMetadata => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  device_authorization_endpoint: `${issuer}/oauth/device/code`,
  registration_endpoint: `${issuer}/oauth/register`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/oauth/jwks`,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: [...GRANT_TYPES],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  code_challenge_methods_supported: ['S256'],
  scopes_supported: [...SCOPES],
  resource_parameter_supported: true,
  protected_resources_supported: [issuer],
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: fetchesDocuments,
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['EdDSA', 'RS256'],
  claims_supported: ['sub', 'email', 'email_verified', 'name', 'picture', 'ls_org_id', 'ls_org_name'],
});

/** Without scopes: clients would ask for all that are listed. */
export const resourceMetadata = (issuer: string): ProtectedResourceMetadata => ({
  resource: issuer,
  authorization_servers: [issuer],
  bearer_methods_supported: ['header'],
});
