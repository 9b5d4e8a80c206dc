import { Injectable } from '@nestjs/common';
import { type CallerRead, composedOnce } from '../../common/access/caller-read.js';
import type { Permission } from '../../common/access/permissions.js';
import type {
  HeldRole,
  Principal,
  UserPrincipal,
  WorkspacePrincipal,
} from '../../common/access/principal.js';
import type { RowList } from '../../common/lists/streamed-rows.js';
import { required, unique } from '../../common/collections.js';
import { type ListQuery, ListReader } from '../../database/lists/list-reader.js';
import {
  acceptsRequest,
  type InviteAccess,
  InviteAccessRule,
  type Inviter,
  type MeasuredSignIn,
  type Org,
  OrgsRepository,
  unmetInOrg,
} from '../orgs/index.js';
import { heldRole, RolesService } from '../roles/index.js';
import type { ShownWorkspace } from './entities.js';
import {
  ONE_VISIBLE_TO_KEY,
  ONE_VISIBLE_TO_USER,
  VISIBLE_TO_KEY,
  VISIBLE_TO_USER,
  visibleToCaller,
} from './visible-workspaces.statements.js';
import { WorkspaceNotFound } from './workspaces.errors.js';
import { WorkspacesService } from './workspaces.service.js';

/** A workspace with the caller's own role in it, and their permissions by all of their roles. */
export type VisibleWorkspace = Readonly<ShownWorkspace> & {
  readonly isDeleted: boolean;
  readonly isPersonal: boolean;
  readonly roleId: string | null;
  readonly roleName: string | null;
  readonly permissions: readonly Permission[];
  /** Null if the workspace is deleted or the caller cannot act in its organization. */
  readonly inviteAccess: InviteAccess | null;
};

/** A row of the statements, with the caller's role and the settings of its organization. */
type Row = Omit<VisibleWorkspace, 'inviteAccess' | 'permissions'> &
  Pick<Org, 'isPersonal' | 'invitesEnabled' | 'workspaceAdminCanInviteToOrg'> & {
    /** Null for system roles, whose permissions the server knows: the rows of a thousand workspaces stay small. */
    readonly customPermissions: readonly Permission[] | null;
    readonly groupPermissions: readonly Permission[] | null;
    readonly orgRoleId: string | null;
    readonly orgIsDisabled: boolean;
    readonly orgIsSsoOnly: boolean;
    readonly orgIpAllowlist: readonly string[];
    readonly signIn: MeasuredSignIn | null;
  };

export const VISIBLE_WORKSPACES: CallerRead<Row[]> = {
  name: 'workspaces',
  sql: visibleToCaller,
  parse: (rows) => (rows as Row[]).map((row) => ({ ...row, createdAt: new Date(row.createdAt) })),
};

type Caller = Pick<Principal, 'key' | 'sessionMethod' | 'request'>;
type Options = { includeDeleted: boolean };

/** The workspaces that a caller can see, with their role in each. */
@Injectable()
export class VisibleWorkspaces {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly orgs: OrgsRepository,
    private readonly roles: RolesService,
    private readonly inviteAccess: InviteAccessRule,
    private readonly lists: ListReader,
  ) {}

  /** In the organization of the request; a user who requested none gets those of all their organizations. */
  list(principal: Principal, options: Options): Promise<RowList<VisibleWorkspace>> {
    const loaded = options.includeDeleted ? null : principal.loaded(VISIBLE_WORKSPACES);
    return this.read(queryOf(principal, options), principal, loaded);
  }

  /** A deleted workspace that the caller sees in that list. @throws WorkspaceNotFound */
  async getDeleted(principal: Principal, id: string): Promise<VisibleWorkspace> {
    if (!principal.can('organization:read')) throw new WorkspaceNotFound(id);
    const { values, hasSmallRows } = queryOf(principal, { includeDeleted: true });
    const statement = principal.userId === null ? ONE_VISIBLE_TO_KEY : ONE_VISIBLE_TO_USER;
    const found = await this.lists.readShort<Row>({ statement, values: [...values, id], hasSmallRows });
    const [row] = found ?? [];
    if (!row) throw new WorkspaceNotFound(id);
    return this.visibleTo(principal, row);
  }

  /** In all organizations of the user. */
  listInAllOrgs(principal: UserPrincipal, { includeDeleted }: Options): Promise<RowList<VisibleWorkspace>> {
    return this.read(visibleToUser(principal, null, { includeDeleted }), principal);
  }

  /** The requested workspace. @throws WorkspaceNotFound if it was deleted concurrently. */
  async get(principal: WorkspacePrincipal): Promise<VisibleWorkspace> {
    const { orgId, workspaceId, workspaceRole } = principal;
    const workspace = await this.workspaces.get(orgId, workspaceId);
    const org = await this.orgs.get(orgId);
    const role = workspaceRole && (await this.roles.get(orgId, workspaceRole.id, 'workspace'));
    return {
      ...workspace,
      isDeleted: false,
      isPersonal: org.isPersonal,
      roleId: role?.id ?? null,
      roleName: role?.displayName ?? null,
      permissions: [...(workspaceRole?.permissions ?? [])],
      inviteAccess: this.inviteAccess.of(principal, { org, level: 'workspace' }),
    };
  }

  /**
   * Without those of organizations whose IP allowlist excludes the request, or whose sign-in requirement the session does not meet
   * (docs/contract/organizations.md#ip-allowlist, docs/contract/sign-in.md#sign-in-requirement).
   */
  private async read(
    query: ListQuery<Row>,
    caller: Caller,
    loaded: readonly Row[] | null = null,
  ): Promise<RowList<VisibleWorkspace>> {
    const origin = { sessionMethod: caller.sessionMethod, address: caller.request.clientHost };
    const isAccepted = ({ orgIpAllowlist, signIn }: Row) =>
      acceptsRequest(orgIpAllowlist, origin) && unmetInOrg(signIn, caller.sessionMethod) === null;
    const toVisible = (row: Row) => this.visibleTo(caller, row);
    if (loaded?.every(isAccepted))
      return composedOnce(loaded, VisibleWorkspaces, () => loaded.map(toVisible));
    const rows = loaded ?? (await this.lists.read(query))[0];
    return rows.filter(isAccepted).map(toVisible);
  }

  private visibleTo(caller: Caller, row: Row): VisibleWorkspace {
    const permissions = permissionsIn(row);
    const violatesSsoOnly = row.orgIsSsoOnly && caller.sessionMethod === 'password';
    if (row.isDeleted || row.orgIsDisabled || violatesSsoOnly)
      return { ...row, permissions, inviteAccess: null };
    const inviter = inviterWith(permissions, heldRole(row.orgRoleId, null), caller);
    const inviteAccess = this.inviteAccess.of(inviter, { org: row, level: 'workspace' });
    return { ...row, permissions, inviteAccess };
  }
}

/** Permissions of the own role, in its order, followed by permissions of the roles of user groups. */
function permissionsIn({ roleId, customPermissions, groupPermissions }: Row): readonly Permission[] {
  const own = [...(heldRole(roleId, customPermissions)?.permissions ?? [])];
  return groupPermissions ? unique([...own, ...groupPermissions]) : own;
}

/** The caller as a request to a workspace where they have these permissions would see them. */
const inviterWith = (
  permissions: readonly Permission[],
  orgRole: HeldRole | null,
  { key }: Caller,
): Inviter => ({
  orgRole,
  key,
  can: (permission) => (orgRole?.permissions.has(permission) ?? false) || permissions.includes(permission),
});

function queryOf(principal: Principal, options: Options): ListQuery<Row> {
  const { userId, credential, orgId, isOrgExplicit } = principal;
  return userId === null
    ? visibleToKey(principal, options)
    : visibleToUser({ userId, credential }, isOrgExplicit ? orgId : null, options);
}

const visibleToUser = (
  { userId, credential }: Pick<UserPrincipal, 'userId' | 'credential'>,
  orgId: string | null,
  { includeDeleted }: Options,
): ListQuery<Row> => ({
  statement: VISIBLE_TO_USER,
  values: [userId, orgId, includeDeleted, credential.kind === 'session' ? credential.id : null],
  hasSmallRows: true,
});

function visibleToKey({ orgId, orgRole, key }: Principal, { includeDeleted }: Options): ListQuery<Row> {
  const { role, workspaceIds } = required(key, 'key');
  return {
    statement: VISIBLE_TO_KEY,
    values: [orgId, role.id, workspaceIds, includeDeleted, orgRole?.id ?? null],
    hasSmallRows: true,
  };
}
