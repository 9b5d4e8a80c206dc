import { toInstant } from '../../../common/http/instant.js';
import type {
  APIKeyCreateRequest,
  APIKeyCreateResponse,
  APIKeyGetResponse,
  ServiceKeyUpdate,
} from '../../../contract/api-keys.js';
import { InvalidExpiry } from './api-keys.errors.js';
import type { NamedKey, NewKey } from './api-keys.service.js';
import type { ServiceKeyChange } from './service-keys/change-service-key.js';
import type { TokenInput } from './personal-access-tokens/personal-access-tokens.service.js';
import type { ServiceKeyInput } from './service-keys/service-keys.service.js';

export const toApiKey = ({
  key,
  workspaceNames,
  defaultWorkspaceName,
  createdBy,
}: NamedKey): APIKeyGetResponse => ({
  created_at: key.createdAt.toISOString(),
  id: key.id,
  short_key: key.shortKey,
  description: key.description,
  read_only: key.readOnly,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  expires_at: key.expiresAt?.toISOString() ?? null,
  workspace_names: workspaceNames,
  default_workspace_name: defaultWorkspaceName,
  access_scope: key.kind === 'pat' ? null : key.isOrgWide ? 'organization' : 'workspace',
  role_id: key.workspaceRoleId,
  org_role_id: key.orgRoleId,
  created_by: createdBy,
  created_by_ls_user_id: key.createdByUserId,
});

export const toNewApiKey = (created: NewKey): APIKeyCreateResponse => ({
  ...toApiKey(created),
  key: created.secret,
});

export const fromTokenRequest = (body: APIKeyCreateRequest): TokenInput => ({
  description: body.description!, // the request class sets a default
  expiresAt: body.expires_at ? toInstant(body.expires_at) : null,
  defaultWorkspaceId: body.default_workspace_id ?? null,
});

export const fromServiceKeyRequest = (body: APIKeyCreateRequest): ServiceKeyInput => ({
  ...fromTokenRequest(body),
  readOnly: body.read_only === true,
  workspaceIds: body.workspaces ?? null,
  workspaceRoleId: body.role_id ?? null,
  orgRoleId: body.org_role_id ?? null,
});

export function fromServiceKeyUpdate(body: ServiceKeyUpdate): ServiceKeyChange {
  if (body.expires_at !== undefined) throw new InvalidExpiry('cannot be changed; create a new key');
  return {
    description: body.description ?? null,
    workspaceIds: body.workspaces ?? null,
    workspaceRoleId: body.role_id ?? null,
    orgRoleId: body.org_role_id ?? null,
  };
}
