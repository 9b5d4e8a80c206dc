import type {
  APIKeyCreateRequest,
  APIKeyGetResponse,
  APIKeyUpdateRequest,
} from '../../../../contract/api-keys.js';
import { fromKeyRequest, toApiKey } from '../core/api-key.mapper.js';
import { InvalidExpiry } from '../core/errors.js';
import type { ListedServiceKey } from './service-key-lists.js';
import type { ServiceKeyChange, ServiceKeyInput } from './service-keys.service.js';

export const toListedServiceKey = ({ exceedsCreator, ...key }: ListedServiceKey): APIKeyGetResponse => ({
  ...toApiKey(key),
  exceeds_creator: exceedsCreator,
});

export const fromServiceKeyRequest = (body: APIKeyCreateRequest): ServiceKeyInput => ({
  ...fromKeyRequest(body),
  readOnly: body.read_only === true,
  workspaceIds: body.workspaces ?? null,
  workspaceRoleId: body.role_id ?? null,
  orgRoleId: body.org_role_id ?? null,
});

export function fromServiceKeyUpdate(body: APIKeyUpdateRequest): ServiceKeyChange {
  if (body.expires_at !== undefined) throw new InvalidExpiry('cannot be changed; create a new key');
  return {
    description: body.description ?? null,
    workspaceIds: body.workspaces ?? null,
    workspaceRoleId: body.role_id ?? null,
    orgRoleId: body.org_role_id ?? null,
  };
}
