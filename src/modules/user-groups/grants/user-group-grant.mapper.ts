import type { UserGroupGrant } from '../../../contract/user-groups.js';
import type { Grant } from '../core/user-groups.repository.js';

export const toGrant = (grant: Grant): UserGroupGrant => ({
  workspace_id: grant.workspaceId,
  role_id: grant.roleId,
  role_name: grant.roleName,
  created_at: grant.createdAt.toISOString(),
  updated_at: grant.updatedAt.toISOString(),
});
