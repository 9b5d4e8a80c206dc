import { GRANT_TYPES, SCOPES } from '../../../common/oauth-values.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { validated } from '../../../common/http/operations/validation.pipe.js';
import {
  type ApplicationInfo,
  type CreateOauthClientRequest,
  type OauthClient as OauthClientOnTheWire,
  type OauthClientWithSecret,
  type RegisteredClient,
  RegisterClientRequest,
  type UpdateOauthClientRequest,
} from '../../../contract/oauth.js';
import type { OauthClient } from '../core/entities.js';
import { InvalidClientMetadata, InvalidRedirectUri } from '../core/errors.js';
import { metadataProblems, PAGES, type PageUrls } from './client-metadata.js';
import type { ClientChanges, ClientContent, ClientWithSecret, Registration } from './clients.service.js';

/** @throws ValidationFailed, as the next one does */
export function fromCreateRequest(body: CreateOauthClientRequest): ClientContent {
  const { client_name: clientName, grant_types: grantTypes, allowed_scopes: allowedScopes } = body;
  assertUsable(body);
  return {
    ...fromPages(body),
    clientName,
    redirectUris: body.redirect_uris ?? [],
    grantTypes,
    allowedScopes,
  };
}

export function fromUpdateRequest(body: UpdateOauthClientRequest): ClientChanges {
  const { client_name: clientName, redirect_uris: redirectUris, allowed_scopes: allowedScopes } = body;
  assertUsable(body);
  return { clientName, ...fromPages(body), redirectUris, allowedScopes, isDisabled: body.disabled };
}

function assertUsable(
  body: CreateOauthClientRequest | UpdateOauthClientRequest | RegisterClientRequest,
): void {
  const problems = metadataProblems(body);
  if (problems.length > 0) throw new ValidationFailed(problems);
}

/** What cannot be had is left out where the rest has a meaning. @throws InvalidClientMetadata or InvalidRedirectUri */
export function fromRegistration(json: unknown): Registration {
  const body = registrationOf(json);
  const redirectUris = body.redirect_uris ?? [];
  const asked = body.grant_types ?? ['authorization_code'];
  const grantTypes = GRANT_TYPES.filter((type) => type === 'refresh_token' || asked.includes(type));
  const usesCodes = grantTypes.includes('authorization_code');
  if (grantTypes.length === 1)
    throw new InvalidClientMetadata('grant_types: Input should have authorization_code or that of devices');
  if (usesCodes && !(body.response_types ?? ['code']).includes('code'))
    throw new InvalidClientMetadata('response_types: Input should have code');
  if (usesCodes && redirectUris.length === 0)
    throw new InvalidRedirectUri('redirect_uris: List should have at least 1 item');
  const clientName = body.client_name?.trim() || null;
  return { ...fromPages(body), clientName, redirectUris, grantTypes, allowedScopes: [...SCOPES] };
}

function registrationOf(json: unknown): RegisterClientRequest {
  try {
    const body = validated(RegisterClientRequest, json, ['body']);
    assertUsable(body);
    return body;
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    const [{ loc, msg }] = error.problems as [Problem];
    const text = `${loc.join('.')}: ${msg}`;
    throw loc[1] === 'redirect_uris' ? new InvalidRedirectUri(text) : new InvalidClientMetadata(text);
  }
}

const columnOf = (name: keyof PageUrls) => name.replace('_uri', 'Uri') as keyof Pages;
type Pages = Pick<OauthClient, 'clientUri' | 'logoUri' | 'policyUri' | 'tosUri'>;

/** Those that are given; empty or null: none. */
const fromPages = (body: PageUrls): Partial<Pages> =>
  Object.fromEntries(
    PAGES.filter((name) => body[name] !== undefined).map((name) => [columnOf(name), body[name] || null]),
  );

/** Those that are set. */
export const toPages = (client: Pages): { [Name in keyof PageUrls]?: string } =>
  Object.fromEntries(
    PAGES.filter((name) => client[columnOf(name)] !== null).map((name) => [name, client[columnOf(name)]]),
  );

/** Without redirect addresses, a list would differ from what Terraform has sent. */
export const toOauthClient = (client: OauthClient): OauthClientOnTheWire => ({
  id: client.id,
  client_id: client.clientId,
  client_name: client.clientName,
  client_type: client.secretDigest === null ? 'public' : 'confidential',
  ...toPages(client),
  ...(client.redirectUris.length > 0 && { redirect_uris: client.redirectUris }),
  grant_types: client.grantTypes,
  allowed_scopes: client.allowedScopes,
  disabled: client.isDisabled,
  created_at: client.createdAt.toISOString(),
  updated_at: client.updatedAt.toISOString(),
});

export const toClientWithSecret = ({ client, secret }: ClientWithSecret): OauthClientWithSecret => ({
  client: toOauthClient(client),
  ...(secret !== null && { client_secret: secret }),
});

export const toRegisteredClient = (client: OauthClient): RegisteredClient => ({
  client_id: client.clientId,
  client_id_issued_at: Math.floor(client.createdAt.getTime() / 1000),
  client_name: client.clientName,
  ...toPages(client),
  redirect_uris: client.redirectUris,
  grant_types: client.grantTypes,
  response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
  token_endpoint_auth_method: 'none',
});

export const toApplicationInfo = (
  client: Pages & Pick<OauthClient, 'clientId' | 'clientName'>,
): ApplicationInfo => ({
  client_id: client.clientId,
  client_name: client.clientName,
  ...toPages(client),
});
