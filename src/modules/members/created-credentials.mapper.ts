import type {
  CreatedCredential as WireCredential,
  CreatedCredentials as WireCredentials,
  RevokeCreatedQuery,
} from '../../contract/api-keys.js';
import type { AuditDetails } from '../audit/index.js';
import type { CreatedCredential, CreatedCredentials } from './created-credentials.events.js';

export const revokesCreated = ({ revoke_created, revoke_created_keys }: RevokeCreatedQuery): boolean =>
  revoke_created || revoke_created_keys;

export const toCreatedCredentials = (created: CreatedCredentials): WireCredentials => ({
  created_service_keys: created.serviceKeys.map(toCreatedCredential),
  created_personal_access_tokens: created.personalAccessTokens.map(toCreatedCredential),
  created_scim_tokens: created.scimTokens.map(toCreatedCredential),
});

const toCreatedCredential = ({ id, shortKey, description }: CreatedCredential): WireCredential => ({
  id,
  short_key: shortKey,
  description,
});

/** Names what has ended in the entry of the change that ended it. */
export const toEndedDetails = (created: CreatedCredentials): AuditDetails => ({
  ...named('created_service_keys', created.serviceKeys),
  ...named('created_personal_access_tokens', created.personalAccessTokens),
  ...named('created_scim_tokens', created.scimTokens),
});

const named = (name: string, credentials: readonly CreatedCredential[]): AuditDetails =>
  credentials.length > 0 ? { [name]: credentials.map(({ id }) => id) } : {};
