import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import type {
  UserGroup as UserGroupOnTheWire,
  UserGroupCreate,
  UserGroupUpdate,
} from '../../../contract/user-groups.js';
import { WrongKindOfUserGroup } from '../core/user-groups.errors.js';
import type { ListedUserGroup, UserGroupChanges } from '../core/user-groups.repository.js';

/** Fields without a value are omitted. */
export const toUserGroup = (group: ListedUserGroup): UserGroupOnTheWire => ({
  id: group.id,
  organization_id: group.orgId,
  name: group.name,
  description: group.description,
  idp_sync_enabled: group.idpSyncEnabled,
  ...(group.idpGroupName === null ? {} : { idp_group_name: group.idpGroupName }),
  ...(group.parentUserGroupId === null ? {} : { parent_user_group_id: group.parentUserGroupId }),
  ...(group.workspaceId === null ? {} : { workspace_id: group.workspaceId }),
  ...(group.roleId && group.roleName !== undefined
    ? { role_id: group.roleId, role_name: group.roleName }
    : {}),
  created_at: group.createdAt.toISOString(),
  updated_at: group.updatedAt.toISOString(),
});

/** @throws WrongKindOfUserGroup for a workspace group, which only a grant makes */
export function fromUserGroupCreate(body: UserGroupCreate): { name: string; description: string } {
  if (body.parent_user_group_id !== undefined || body.workspace_id !== undefined)
    throw new WrongKindOfUserGroup('organization');
  return { name: trimmed(body.name, 'name'), description: body.description ?? '' };
}

/** Absent fields stay; null clears. */
export const fromUserGroupUpdate = (body: UserGroupUpdate): UserGroupChanges => ({
  ...(body.name === undefined ? {} : { name: trimmed(body.name, 'name') }),
  ...(body.description === undefined ? {} : { description: body.description ?? '' }),
  ...(body.idp_group_name === undefined ? {} : { idpGroupName: idpGroupName(body.idp_group_name) }),
  ...(body.idp_sync_enabled === undefined ? {} : { idpSyncEnabled: body.idp_sync_enabled }),
});

const idpGroupName = (name: string | null) => (name === null ? null : trimmed(name, 'idp_group_name'));

function trimmed(name: string, field: string): string {
  const text = name.trim();
  if (text !== '') return text;
  const msg = 'String should not be blank';
  throw new ValidationFailed([{ loc: ['body', field], msg, type: 'string_too_short' }]);
}
