import { Injectable } from '@nestjs/common';
import type { Principal, WorkspacePrincipal } from '../../common/access/principal.js';
import { OrgMembersService, type OrgMembership, WorkspaceMembersService } from '../members/index.js';
import { OrgsService } from '../orgs/index.js';
import { ORG_ADMIN_ID, type Role, RolesService, systemRole } from '../rbac/index.js';
import { WorkspaceNotFound } from './workspaces.errors.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import type { WorkspaceWithOrg } from './workspaces.service.js';

type VisibleRole = Pick<Role, 'id' | 'displayName'> & { permissions: readonly string[] };
export type VisibleWorkspace = WorkspaceWithOrg & { role: VisibleRole | null; isDeleted: boolean };

/** Organizations with all workspaces visible, and single workspaces of others, with the role in each. */
type VisibleRoles = {
  byOrg: ReadonlyMap<string, VisibleRole>;
  byWorkspace: ReadonlyMap<string, VisibleRole>;
};

/**
 * The workspaces that a caller can see, with their role in each. A fixed number of statements for any number of
 * organizations.
 */
@Injectable()
export class VisibleWorkspaces {
  constructor(
    private readonly workspaces: WorkspacesRepository,
    private readonly orgs: OrgsService,
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly roles: RolesService,
  ) {}

  /** In the organization of the request; a user who requested none gets those of all their organizations. */
  async list(principal: Principal, options: { includeDeleted: boolean }): Promise<VisibleWorkspace[]> {
    const { userId, orgId, isOrgExplicit, key } = principal;
    if (userId) return this.listForUser(userId, isOrgExplicit ? orgId : null, options);
    if (orgId === null || key === null) return [];
    return this.listVisible([orgId], await this.rolesOfKey(orgId, key), options);
  }

  /** The requested workspace. @throws WorkspaceNotFound if it was deleted concurrently. */
  async get({ orgId, workspaceId, workspaceRole }: WorkspacePrincipal): Promise<VisibleWorkspace> {
    const workspace = await this.workspaces.find(orgId, workspaceId);
    if (!workspace) throw new WorkspaceNotFound(workspaceId);
    const role = workspaceRole && (await this.roles.get(orgId, workspaceRole.id, 'workspace'));
    return { workspace, org: await this.orgs.get(orgId), role, isDeleted: false };
  }

  async listForUser(
    userId: string,
    onlyOrgId: string | null,
    options: { includeDeleted: boolean },
  ): Promise<VisibleWorkspace[]> {
    const memberships = (await this.orgMembers.listOrgMemberships(userId)).filter(
      ({ orgId, isDisabled }) => !isDisabled && (onlyOrgId === null || orgId === onlyOrgId),
    );
    const roles = await this.rolesOfUser(userId, memberships);
    return this.listVisible(
      memberships.map(({ orgId }) => orgId),
      roles,
      options,
    );
  }

  /** By organization: existing workspaces, then deleted ones, each oldest first. */
  private async listVisible(
    orgIds: readonly string[],
    { byOrg, byWorkspace }: VisibleRoles,
    { includeDeleted }: { includeDeleted: boolean },
  ): Promise<VisibleWorkspace[]> {
    const adminOrgs = [...byOrg.keys()];
    const live = await this.workspaces.listByOrgsOrIds(adminOrgs, [...byWorkspace.keys()]);
    const deleted =
      includeDeleted && adminOrgs.length > 0 ? await this.workspaces.listDeleted(adminOrgs) : [];
    const all = [
      ...live.map((workspace) => ({ workspace, isDeleted: false })),
      ...deleted.map((workspace) => ({ workspace, isDeleted: true })),
    ];
    const ofOrg = Map.groupBy(all, ({ workspace }) => workspace.orgId);
    return (await this.orgs.listByIds(orgIds)).flatMap((org) =>
      (ofOrg.get(org.id) ?? []).map((one) => ({
        ...one,
        org,
        role: byOrg.get(org.id) ?? byWorkspace.get(one.workspace.id) ?? null,
      })),
    );
  }

  private async rolesOfUser(userId: string, memberships: readonly OrgMembership[]): Promise<VisibleRoles> {
    const { admin = [], other = [] } = Object.groupBy(memberships, ({ roleId }) =>
      roleId === ORG_ADMIN_ID ? 'admin' : 'other',
    );
    const elsewhere = other.map(({ orgId }) => orgId);
    const workspaceMemberships = await this.workspaceMembers.listWorkspaceMembershipsOfUser(
      userId,
      elsewhere,
    );
    const roleIds = new Set(workspaceMemberships.map(({ roleId }) => roleId));
    const roles = await this.roles.findByIdsInAny(elsewhere, [...roleIds]);
    return {
      byOrg: new Map(admin.map(({ orgId }) => [orgId, systemRole('WORKSPACE_ADMIN')])),
      byWorkspace: new Map(
        workspaceMemberships.flatMap(({ workspaceId, roleId }) => {
          const role = roles.get(roleId); // undefined if the membership was changed in between
          return role ? [[workspaceId, role] as const] : [];
        }),
      ),
    };
  }

  private async rolesOfKey(
    orgId: string,
    { role, workspaceIds }: NonNullable<Principal['key']>,
  ): Promise<VisibleRoles> {
    const shown = (await this.roles.findByIds(orgId, [role.id])).get(role.id);
    if (!shown) return { byOrg: new Map(), byWorkspace: new Map() }; // the key was deleted in between
    if (workspaceIds === null) return { byOrg: new Map([[orgId, shown]]), byWorkspace: new Map() };
    return { byOrg: new Map(), byWorkspace: new Map(workspaceIds.map((id) => [id, shown])) };
  }
}
