import { toInstant } from '../../../../common/http/operations/instant.js';
import { required } from '../../../../common/collections.js';
import type {
  APIKeyCreateRequest,
  APIKeyCreateResponse,
  APIKeyGetResponse,
  APIKeyRotateResponse,
  CreatedBy,
} from '../../../../contract/api-keys.js';
import type { CreatingCredential } from '../../../../contract/enums.js';
import { toCreatedCredentials } from '../../../members/index.js';
import type { ApiKeyInput, EndedKey, NewKey } from './api-keys.service.js';
import type { CredentialOrigin } from './caller-keys.js';
import type { ApiKey } from './entities.js';
import type { NamedKey } from './named-keys.js';

export const toApiKey = ({
  key,
  workspaceNames,
  defaultWorkspaceName,
  creator,
}: NamedKey): APIKeyGetResponse => ({
  created_at: key.createdAt.toISOString(),
  id: key.id,
  short_key: key.shortKey,
  description: key.description,
  read_only: key.readOnly,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  expires_at: key.expiresAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  workspace_names: workspaceNames,
  default_workspace_name: defaultWorkspaceName,
  access_scope: key.kind === 'pat' ? null : key.isOrgWide ? 'organization' : 'workspace',
  role_id: key.workspaceRoleId,
  org_role_id: key.orgRoleId,
  ...toCreatedBy(key, creator?.email ?? null),
});

export const toNewApiKey = (created: NewKey): APIKeyCreateResponse => ({
  ...toApiKey(created),
  key: created.secret,
});

export const toRotatedApiKey = (rotated: NewKey): APIKeyRotateResponse => ({
  ...toNewApiKey(rotated),
  previous_secret_ends_at: rotated.key.previousEndsAt?.toISOString() ?? null,
});

export const toEndedApiKey = ({ created, ...key }: EndedKey): APIKeyGetResponse => ({
  ...toApiKey(key),
  ...(created ? toCreatedCredentials(created) : {}),
});

export const fromKeyRequest = (
  body: APIKeyCreateRequest,
): Pick<ApiKeyInput, 'description' | 'expiresAt' | 'defaultWorkspaceId'> => ({
  description: required(body.description, 'the default of description'),
  expiresAt: body.expires_at ? toInstant(body.expires_at) : null,
  defaultWorkspaceId: body.default_workspace_id ?? null,
});

const KINDS: Readonly<Record<NonNullable<ApiKey['createdWithKind']>, CreatingCredential>> = {
  session: 'session',
  'personal-access-token': 'personal_access_token',
  'service-key': 'service_key',
};

/** `createdBy`: the e-mail address of the user who created it; null if unknown or no longer a member. */
export const toCreatedBy = (
  { createdByUserId, createdWithKind, createdWithId }: CredentialOrigin,
  createdBy: string | null,
): Required<CreatedBy> => ({
  created_by: createdBy,
  created_by_ls_user_id: createdByUserId,
  created_with: createdWithKind && createdWithId ? { id: createdWithId, kind: KINDS[createdWithKind] } : null,
});
