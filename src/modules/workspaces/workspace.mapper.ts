import { ValidationFailed } from '../../common/errors/errors.js';
import type { OrganizationCreate } from '../../contract/organizations.js';
import type {
  Tenant,
  TenantCreate,
  TenantForUser,
  WorkspaceCreate,
  WorkspaceName,
  WorkspacePatch,
} from '../../contract/workspaces.js';
import { canonicalContact, contactProblems, toInviteAccess } from '../orgs/index.js';
import type { NewOrganization } from './provision-organization.js';
import type { VisibleWorkspace } from './visible-workspaces.js';
import type { ShownWorkspace } from './entities.js';
import type { WorkspaceCount } from './workspace-counts.js';
import type { NewWorkspace, WorkspaceChanges, WorkspaceWithOrg } from './workspaces.service.js';

export const toTenant = ({ workspace, org }: WorkspaceWithOrg): Tenant =>
  tenantOf({ ...workspace, isPersonal: org.isPersonal, isDeleted: false });

export const toTenantForUser = (workspace: VisibleWorkspace): TenantForUser => ({
  ...tenantOf(workspace),
  read_only: false,
  role_id: workspace.roleId,
  role_name: workspace.roleName,
  permissions: [...workspace.permissions],
  invite_access: workspace.inviteAccess && toInviteAccess(workspace.inviteAccess),
});

export const toWorkspaceName = (workspace: VisibleWorkspace): WorkspaceName => {
  const { id, displayName: display_name, roleName: role_name } = workspace;
  return { id, display_name, role_name };
};

/** The counts are those of one organization, and null where the caller may not read members. */
export function toCountedTenant(
  workspace: VisibleWorkspace,
  counts: ReadonlyMap<string, WorkspaceCount>,
): TenantForUser {
  const count = workspace.permissions.includes('workspaces:read') ? counts.get(workspace.id) : undefined;
  return {
    ...toTenantForUser(workspace),
    member_count: count?.members ?? null,
    pending_count: count?.pending ?? null,
    provisioned_role_count: count?.provisionedRoles ?? null,
  };
}

const tenantOf = (workspace: ShownWorkspace & { isPersonal: boolean; isDeleted: boolean }): Tenant => ({
  id: workspace.id,
  organization_id: workspace.orgId,
  created_at: workspace.createdAt.toISOString(),
  display_name: workspace.displayName,
  is_personal: workspace.isPersonal,
  is_deleted: workspace.isDeleted,
  tenant_handle: workspace.tenantHandle,
  data_plane_url: null,
  ...(workspace.requestable ? { requestable: true } : {}),
});

export const fromWorkspaceCreate = (body: WorkspaceCreate): NewWorkspace => ({
  id: body.id ?? null,
  displayName: body.display_name,
  tenantHandle: body.tenant_handle ?? null,
});

/** @throws ValidationFailed if there is nothing to change; null says nothing of `requestable` */
export function fromWorkspacePatch({ display_name, requestable }: WorkspacePatch): WorkspaceChanges {
  const changes = {
    ...(display_name === undefined ? {} : { displayName: display_name }),
    ...(typeof requestable === 'boolean' ? { requestable } : {}),
  };
  if (Object.keys(changes).length === 0)
    throw new ValidationFailed([{ loc: ['body', 'display_name'], msg: 'Field required', type: 'missing' }]);
  return changes;
}

/** The organization gets the name of its workspace. */
export const fromTenantCreate = (body: TenantCreate): NewOrganization => ({
  displayName: body.display_name,
  isPersonal: body.is_personal ?? false,
  securityContact: null,
  workspace: fromWorkspaceCreate(body),
});

export function fromOrganizationCreate(body: OrganizationCreate): NewOrganization {
  const problems = contactProblems(body.security_contact);
  if (problems.length > 0) throw new ValidationFailed(problems);
  return {
    displayName: body.display_name,
    isPersonal: body.is_personal,
    securityContact: canonicalContact(body.security_contact ?? null),
  };
}
