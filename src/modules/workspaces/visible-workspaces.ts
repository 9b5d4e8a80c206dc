import { Injectable } from '@nestjs/common';
import type { Principal, WorkspacePrincipal } from '../../common/access/principal.js';
import { OrgMembersService, type OrgMembership, WorkspaceMembersService } from '../members/index.js';
import { OrgsService } from '../orgs/index.js';
import { ORG_ADMIN_ID, type Role, RolesService, systemRole } from '../rbac/index.js';
import { WorkspaceNotFound } from './workspaces.errors.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import type { PlacedWorkspace } from './workspaces.service.js';

type Shown = Pick<Role, 'id' | 'displayName'> & { permissions: readonly string[] };
export type VisibleWorkspace = PlacedWorkspace & { role: Shown | null; isDeleted: boolean };

/** Organizations all of whose workspaces are seen, and workspaces of others, each with the role there. */
type Sight = { byOrg: ReadonlyMap<string, Shown>; byWorkspace: ReadonlyMap<string, Shown> };

/** The workspaces a caller can see, with his role in each. A fixed number of statements, however many organizations. */
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
    const { userId, orgId, orgWasNamed } = principal;
    if (userId) return this.ofPerson(userId, orgWasNamed ? orgId : null, options);
    return this.seen([orgId!], await this.sightOfKey(principal), options);
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
    const sight = await this.sightOf(userId, memberships);
    return this.seen(
      memberships.map(({ orgId }) => orgId),
      sight,
      options,
    );
  }

  /** Organization by organization: what is there, then what is gone, each oldest first. */
  private async seen(
    orgIds: readonly string[],
    { byOrg, byWorkspace }: Sight,
    { includeDeleted }: { includeDeleted: boolean },
  ): Promise<VisibleWorkspace[]> {
    const whole = [...byOrg.keys()];
    const live = await this.workspaces.listByOrgsOrIds(whole, [...byWorkspace.keys()]);
    const gone = includeDeleted && whole.length > 0 ? await this.workspaces.listDeleted(whole) : [];
    const all = [
      ...live.map((workspace) => ({ workspace, isDeleted: false })),
      ...gone.map((workspace) => ({ workspace, isDeleted: true })),
    ];
    const ofOrg = Map.groupBy(all, ({ workspace }) => workspace.orgId);
    return (await this.orgs.list(orgIds)).flatMap((org) =>
      (ofOrg.get(org.id) ?? []).map((one) => ({
        ...one,
        org,
        role: byOrg.get(org.id) ?? byWorkspace.get(one.workspace.id) ?? null,
      })),
    );
  }

  private async sightOf(userId: string, memberships: readonly OrgMembership[]): Promise<Sight> {
    const { admin = [], other = [] } = Object.groupBy(memberships, ({ roleId }) =>
      roleId === ORG_ADMIN_ID ? 'admin' : 'other',
    );
    const elsewhere = other.map(({ orgId }) => orgId);
    const places = await this.workspaceMembers.listPlacesOf(userId, elsewhere);
    const roleIds = new Set(places.map(({ roleId }) => roleId));
    const roles = await this.roles.findByIdsInAny(elsewhere, [...roleIds]);
    return {
      byOrg: new Map(admin.map(({ orgId }) => [orgId, systemRole('WORKSPACE_ADMIN')])),
      byWorkspace: new Map(places.map(({ workspaceId, roleId }) => [workspaceId, roles.get(roleId)!])),
    };
  }

  private async sightOfKey({ key, orgId }: Principal): Promise<Sight> {
    const { role, workspaceIds } = key!;
    const shown = (await this.roles.findByIds(orgId!, [role.id])).get(role.id)!;
    if (workspaceIds === null) return { byOrg: new Map([[orgId!, shown]]), byWorkspace: new Map() };
    return { byOrg: new Map(), byWorkspace: new Map(workspaceIds.map((id) => [id, shown])) };
  }
}
