import { Injectable } from '@nestjs/common';
import type { Principal, WorkspacePrincipal } from '../../common/access/principal.js';
import { OrgMembersService, type OrgMembership, WorkspaceMembersService } from '../members/index.js';
import { type Org, OrgsService } from '../orgs/index.js';
import { type Role, RolesService, systemRole } from '../rbac/index.js';
import type { DeletedWorkspace } from './deleted-workspace.entity.js';
import type { Workspace } from './workspace.entity.js';
import { WorkspaceNotFound } from './workspaces.errors.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import type { PlacedWorkspace } from './workspaces.service.js';

type Shown = Pick<Role, 'id' | 'displayName'> & { permissions: readonly string[] };
export type VisibleWorkspace = PlacedWorkspace & { role: Shown | null; isDeleted: boolean };
type Rights = { everywhere: Shown | null; byWorkspace: Map<string, Shown> };

/** The workspaces a caller can see, with his role in each. A fixed number of statements per organization. */
@Injectable()
export class VisibleWorkspaces {
  constructor(
    private readonly workspaces: WorkspacesRepository,
    private readonly orgs: OrgsService,
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly roles: RolesService,
  ) {}

  /** In the organization of the request; a person who named none sees those of all his organizations. */
  async list(principal: Principal, options: { includeDeleted: boolean }): Promise<VisibleWorkspace[]> {
    if (principal.userId)
      return this.ofPerson(principal.userId, principal.orgWasNamed ? principal.orgId : null, options);
    const [org] = await this.orgs.list([principal.orgId!]);
    return org ? this.inOrg(org, await this.rightsOfKey(principal), options) : [];
  }

  /** The workspace of the request. Throws WorkspaceNotFound when it was deleted meanwhile. */
  async get({ orgId, workspaceId, workspaceRole }: WorkspacePrincipal): Promise<VisibleWorkspace> {
    const workspace = await this.workspaces.find(orgId, workspaceId);
    if (!workspace) throw new WorkspaceNotFound(workspaceId);
    const role = workspaceRole && (await this.roles.get(orgId, workspaceRole.id, 'workspace'));
    return { workspace, org: await this.orgs.get(orgId), role, isDeleted: false };
  }

  async ofPerson(
    userId: string,
    onlyOrgId: string | null,
    options: { includeDeleted: boolean },
  ): Promise<VisibleWorkspace[]> {
    const memberships = (await this.orgMembers.listOrgsOf(userId)).filter(
      ({ orgId, isDisabled }) => !isDisabled && (onlyOrgId === null || orgId === onlyOrgId),
    );
    const orgs = await this.orgs.list(memberships.map(({ orgId }) => orgId));
    const visible: VisibleWorkspace[] = [];
    for (const org of orgs) {
      const membership = memberships.find(({ orgId }) => orgId === org.id)!;
      visible.push(...(await this.inOrg(org, await this.rightsOf(membership), options)));
    }
    return visible;
  }

  private async inOrg(
    org: Org,
    rights: Rights,
    options: { includeDeleted: boolean },
  ): Promise<VisibleWorkspace[]> {
    const live = rights.everywhere
      ? await this.workspaces.listByOrg(org.id)
      : await this.workspaces.listByIds(org.id, [...rights.byWorkspace.keys()]);
    const gone = options.includeDeleted && rights.everywhere ? await this.workspaces.listDeleted(org.id) : [];
    const shown = (workspace: Workspace | DeletedWorkspace, isDeleted: boolean) => ({
      workspace,
      org,
      isDeleted,
      role: rights.everywhere ?? rights.byWorkspace.get(workspace.id) ?? null,
    });
    return [
      ...live.map((workspace) => shown(workspace, false)),
      ...gone.map((workspace) => shown(workspace, true)),
    ];
  }

  private async rightsOf({ orgId, userId, roleId }: OrgMembership): Promise<Rights> {
    if (roleId === systemRole('ORGANIZATION_ADMIN').id)
      return { everywhere: systemRole('WORKSPACE_ADMIN'), byWorkspace: new Map() };
    const memberships = await this.workspaceMembers.listWorkspacesOf(orgId, [userId]);
    const roles = await this.roles.findByIds(orgId, [
      ...new Set(memberships.map((membership) => membership.roleId)),
    ]);
    return {
      everywhere: null,
      byWorkspace: new Map(memberships.map(({ workspaceId, roleId: id }) => [workspaceId, roles.get(id)!])),
    };
  }

  private async rightsOfKey({ key, orgId }: Principal): Promise<Rights> {
    const role = (await this.roles.findByIds(orgId!, [key!.role.id])).get(key!.role.id)!;
    if (key!.workspaceIds === null) return { everywhere: role, byWorkspace: new Map() };
    return { everywhere: null, byWorkspace: new Map(key!.workspaceIds.map((id) => [id, role])) };
  }
}
