import type { ApplicationInfo } from '../../../contract/oauth-protocol.js';
import type { Application } from '../library/library.js';

export const toApplicationInfo = (client: Application): ApplicationInfo => ({
  client_id: client.clientId,
  client_name: client.clientName,
  ...(client.clientUri ? { client_uri: client.clientUri } : {}),
  ...(client.logoUri ? { logo_uri: client.logoUri } : {}),
  ...(client.policyUri ? { policy_uri: client.policyUri } : {}),
  ...(client.tosUri ? { tos_uri: client.tosUri } : {}),
});
