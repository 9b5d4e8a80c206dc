import { getOrThrow } from '../../../../common/collections.js';
import type {
  ScimGroupPreview,
  ScimGroupsPreviewResponse,
  ScimWorkspaceGrant,
} from '../../../../contract/scim-groups.js';
import { systemRole, type SystemRoleName } from '../../../rbac/index.js';
import { grantsRoles } from '../group-binding.js';
import { idleReasonOf } from '../idle-reason.js';
import type { GroupsPreview } from './preview-groups.js';

export const toGroupsPreview = (preview: GroupsPreview): ScimGroupsPreviewResponse => ({
  groups: preview.groups.map((group) => toGroupPreview(group, preview)),
  together: {
    organization_role: roleName(preview, preview.together.orgRoleId),
    workspaces: [...preview.together.workspaceRoles].map(([id, roleId]) => toGrant(preview, id, roleId)),
  },
});

const toGroupPreview = (
  { name, binding }: GroupsPreview['groups'][number],
  preview: GroupsPreview,
): ScimGroupPreview => ({
  name,
  grants: grantsRoles(binding),
  reason: idleReasonOf(binding),
  organization_role:
    binding.kind === 'admin' ? orgRoleName('ORGANIZATION_ADMIN') : orgRoleName(binding.orgRole),
  workspace_id: binding.workspaceId,
  workspace_name: (binding.workspaceId && preview.workspaces.get(binding.workspaceId)?.displayName) ?? null,
  workspace_role: roleName(preview, binding.roleId),
});

const toGrant = (preview: GroupsPreview, workspaceId: string, roleId: string): ScimWorkspaceGrant => ({
  workspace_id: workspaceId,
  workspace_name: getOrThrow(preview.workspaces, workspaceId).displayName,
  workspace_role: getOrThrow(preview.roles, roleId).displayName,
});

const roleName = ({ roles }: GroupsPreview, id: string | null): string | null =>
  (id && roles.get(id)?.displayName) ?? null;

const orgRoleName = (name: SystemRoleName | null): string | null =>
  name === null ? null : systemRole(name).displayName;
