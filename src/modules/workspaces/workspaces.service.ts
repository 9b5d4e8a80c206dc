import { Injectable } from '@nestjs/common';
import { ALL_WORKSPACE_PERMISSIONS } from '../../common/access/permissions.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { EventBus } from '../../common/event-bus.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type Actor, type AuditDetails, AuditTrail } from '../audit/index.js';
import { createdBy, membershipFacts, type Provenance, WorkspaceMembersService } from '../members/index.js';
import { type Org, OrgsRepository } from '../orgs/index.js';
import { GroupNamesChanged, mayGrant, mayGrantOrgAdmin, systemRole } from '../roles/index.js';
import type { Workspace, WorkspaceSettings } from './entities.js';
import { HANDLE, InvalidHandle, WorkspaceLimitReached, WorkspaceNotFound } from './workspaces.errors.js';
import { WorkspacesRepository } from './workspaces.repository.js';

export type WorkspaceWithOrg = { workspace: Workspace; org: Org };

/** The client may choose `id`. The handle is set here or by `setHandle`, not by a rename. */
export type NewWorkspace = { id: string | null; displayName: string; tenantHandle: string | null };

/** Absent: unchanged. */
export type WorkspaceChanges = WorkspaceSettings & { readonly displayName?: string };

/** `admin`: who becomes Admin of the workspace, as its creator. */
type WorkspaceOrigin = {
  readonly actor: Actor;
  readonly admin: { readonly userId: string; readonly provenance: Provenance } | null;
  readonly name: Pick<Workspace, 'nameCountsInGroups' | 'nameSetByAdmin'>;
};

/** An Organization Admin, or the operator, sets the name. */
export const SET_BY_ADMIN = { nameCountsInGroups: true, nameSetByAdmin: true };

@Injectable()
export class WorkspacesService {
  constructor(
    private readonly workspaces: WorkspacesRepository,
    private readonly orgs: OrgsRepository,
    private readonly members: WorkspaceMembersService,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
  ) {}

  async get(orgId: string, workspaceId: string): Promise<Workspace> {
    const workspace = await this.workspaces.find(orgId, workspaceId);
    if (!workspace) throw new WorkspaceNotFound(workspaceId);
    return workspace;
  }

  /** Oldest first. */
  listByOrg(orgId: string): Promise<Workspace[]> {
    return this.workspaces.listByOrg(orgId);
  }

  /** The oldest: the first workspace of the organization, unless that was deleted. */
  findFirst(orgId: string): Promise<Workspace | null> {
    return this.workspaces.findFirst(orgId);
  }

  /** By id, without workspaces of other organizations. */
  async findByIds(orgId: string, ids: readonly string[]): Promise<Map<string, Workspace>> {
    if (ids.length === 0) return new Map();
    const found = await this.workspaces.listByIds(orgId, ids);
    return new Map(found.map((workspace) => [workspace.id, workspace]));
  }

  /** Workspaces of any organization, with the organization; unknown ids are missing. For users who are only invited. */
  async findWithOrgs(ids: readonly string[]): Promise<WorkspaceWithOrg[]> {
    const workspaces = ids.length === 0 ? [] : await this.workspaces.listAnywhere(ids);
    const orgs = await this.orgs.listByIds([...new Set(workspaces.map(({ orgId }) => orgId))]);
    const orgById = new Map(orgs.map((org) => [org.id, org]));
    return workspaces.flatMap((workspace) => {
      const org = orgById.get(workspace.orgId); // undefined if it was deleted in between
      return org ? [{ workspace, org }] : [];
    });
  }

  isLimitReached({ id }: Org): Promise<boolean> {
    return this.workspaces.isLimitReached(id);
  }

  /** The creator becomes Admin there, for as long as the role by which they create it. */
  create(principal: OrgPrincipal, input: NewWorkspace): Promise<WorkspaceWithOrg> {
    return this.transaction.as(principal, async () => {
      const org = await this.orgs.get(principal.orgId);
      const entryId = newId();
      const provenance = createdBy(principal, 'workspace_creation', entryId);
      const admin = principal.userId ? { userId: principal.userId, provenance } : null;
      const stays = !(await this.members.isTemporary(principal));
      const name = { nameCountsInGroups: stays, nameSetByAdmin: stays && mayGrantOrgAdmin(principal) };
      const workspace = await this.insert(org, input, { actor: principal, admin, name });
      const end = admin && (await this.members.endWithOrgRole(org.id, admin.userId, workspace.id));
      const details = {
        ...(admin ? membershipFacts({ added: [{ ...asAdmin(workspace), ...admin }] }) : {}),
        ...(end ? { access_expires_at: end.toISOString() } : {}),
      };
      const scope = { workspaceId: workspace.id, entryId, details };
      await this.audit.record(principal, 'create_workspace', [workspace.id], scope);
      return { workspace, org };
    });
  }

  /** Under the roster lock. `admin` comes before group names are resolved: groups give what the creator may give. */
  async insert(org: Org, input: NewWorkspace, { actor, admin, name }: WorkspaceOrigin): Promise<Workspace> {
    if (input.tenantHandle !== null && !HANDLE.test(input.tenantHandle)) throw new InvalidHandle();
    if (await this.isLimitReached(org)) throw new WorkspaceLimitReached(org);
    const row = { ...input, ...name, id: input.id ?? newId(), orgId: org.id };
    const workspace = await this.workspaces.insert(row);
    if (admin) await this.members.addAll(org.id, [{ ...asAdmin(workspace), ...admin }]);
    await this.events.publish(new GroupNamesChanged(org.id, actor));
    return workspace;
  }

  /** Who may set a name that counts in group names: docs/contract/scim.md#group-names. */
  update(principal: WorkspacePrincipal, changes: WorkspaceChanges): Promise<WorkspaceWithOrg> {
    const { orgId, workspaceId } = principal;
    const { displayName, ...settings } = changes;
    return this.transaction.as(principal, async () => {
      const named = displayName === undefined ? {} : await this.rename(principal, displayName);
      if (Object.keys(settings).length > 0) await this.workspaces.set(orgId, workspaceId, settings);
      const details = { ...named, ...settings };
      await this.audit.record(principal, 'update_workspace', [workspaceId], { details });
      return { workspace: await this.get(orgId, workspaceId), org: await this.orgs.get(orgId) };
    });
  }

  private async rename(principal: WorkspacePrincipal, displayName: string): Promise<AuditDetails> {
    const { orgId, workspaceId } = principal;
    const stays = !(await this.members.isTemporary(principal));
    const nameCountsInGroups = stays && holdsEveryPermission(principal);
    const nameSetByAdmin = stays && mayGrantOrgAdmin(principal);
    const name = { displayName, nameCountsInGroups, nameSetByAdmin };
    const workspace = await this.workspaces.rename(orgId, workspaceId, name);
    if (!workspace) throw new WorkspaceNotFound(workspaceId);
    await this.events.publish(new GroupNamesChanged(orgId, principal));
    return { name_counts_in_groups: workspace.nameCountsInGroups };
  }

  /** @throws InvalidHandle, HandleTaken */
  setHandle(principal: WorkspacePrincipal, handle: string): Promise<Workspace> {
    if (!HANDLE.test(handle)) throw new InvalidHandle();
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      if (!(await this.workspaces.setHandle(orgId, workspaceId, handle)))
        throw new WorkspaceNotFound(workspaceId);
      await this.audit.record(principal, 'set_tenant_handle', [workspaceId]);
      return this.get(orgId, workspaceId);
    });
  }

  /** Permanent: memberships, grants of invitations and key scopes are deleted by cascade. */
  remove(principal: WorkspacePrincipal): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const workspace = await this.get(orgId, workspaceId);
      await this.workspaces.remove(workspace);
      await this.events.publish(new WorkspaceDeleted(orgId, workspaceId, principal));
      await this.audit.record(principal, 'delete_workspace', [workspaceId]);
    });
  }
}

const holdsEveryPermission = ({ workspaceRole }: WorkspacePrincipal): boolean =>
  workspaceRole !== null && mayGrant(workspaceRole.permissions, ALL_WORKSPACE_PERMISSIONS);

/** A workspace was deleted, with all dependent rows by cascade. Published inside the transaction. */
export class WorkspaceDeleted {
  constructor(
    readonly orgId: string,
    readonly workspaceId: string,
    readonly actor: Actor,
  ) {}
}

export const asAdmin = ({ id }: Workspace) => ({ workspaceId: id, roleId: systemRole('WORKSPACE_ADMIN').id });
