import type { PermissionResponse, Role as RoleOnTheWire, CreateRoleRequest } from '../../contract/roles.js';
import { PERMISSIONS } from '../../common/access/permissions.js';
import type { RoleInput } from './custom-role.js';
import type { OrgRole } from './org-roles.js';

export const toRole = (role: OrgRole): RoleOnTheWire => ({
  id: role.id,
  name: role.name,
  display_name: role.displayName,
  description: role.description,
  organization_id: role.orgId,
  permissions: role.permissions,
  access_scope: role.accessScope,
  is_restricted: role.isRestricted,
});

export const fromRoleRequest = (body: CreateRoleRequest): RoleInput => ({
  displayName: body.display_name,
  description: body.description,
  permissions: body.permissions,
});

export const toPermissions = (): PermissionResponse[] =>
  PERMISSIONS.map(({ name, description, scope }) => ({ name, description, access_scope: scope }));
