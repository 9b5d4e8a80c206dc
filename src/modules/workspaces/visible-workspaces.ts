import { Injectable } from '@nestjs/common';
import type { Permission } from '../../common/access/permissions.js';
import type { Principal, UserPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import type { RowList } from '../../common/lists/streamed-rows.js';
import { unique } from '../../common/collections.js';
import { required } from '../../common/required.js';
import { AccessCaches } from '../../optional/access-cache/access-caches.js';
import type { CoherentCache } from '../../optional/access-cache/coherent-cache.js';
import type { ListQuery } from '../../database/lists/list-cursor.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { type InviteAccess, InviteAccessRule, type Inviter, type Org, OrgsService } from '../orgs/index.js';
import { heldRole, RolesService } from '../rbac/index.js';
import {
  ONE_VISIBLE_TO_KEY,
  ONE_VISIBLE_TO_USER,
  ORGS_OF_MEMBER,
  VISIBLE_TO_KEY,
  VISIBLE_TO_USER,
} from './visible-workspaces.statements.js';
import { WorkspaceNotFound } from './workspaces.errors.js';
import { WorkspacesService } from './workspaces.service.js';

/** A workspace with the caller's own role in it, and their permissions by all of their roles. */
export type VisibleWorkspace = {
  readonly id: string;
  readonly orgId: string;
  readonly displayName: string;
  readonly tenantHandle: string | null;
  readonly createdAt: Date;
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
  };

/** Whose workspaces: of a user in one organization, or in all (null), or of a key, which has no user. */
type VisibleQuery = ListQuery<Row> & {
  readonly userId: string | null;
  readonly orgId: string | null;
  readonly includesDeleted: boolean;
};

type EffectiveRow = Row & Pick<VisibleWorkspace, 'permissions'>;

type Caller = Pick<Principal, 'key' | 'sessionMethod' | 'orgId' | 'userId' | 'facts'>;
type Options = { includeDeleted: boolean };

/** Longer lists are not cached. */
const MAX_CACHED_ROWS = 100;

/** The workspaces that a caller can see, with their role in each. */
@Injectable()
export class VisibleWorkspaces {
  private readonly cached: CoherentCache<readonly Row[] | null>;
  /** What the last caller saw in cached rows. */
  private readonly seen = new WeakMap<object, { caller: object; list: RowList<VisibleWorkspace> }>();

  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly orgs: OrgsService,
    private readonly roles: RolesService,
    private readonly inviteAccess: InviteAccessRule,
    private readonly lists: ListReader,
    caches: AccessCaches,
  ) {
    this.cached = caches.create('workspace lists');
  }

  /** In the organization of the request; a user who requested none gets those of all their organizations. */
  list(principal: Principal, options: Options): Promise<RowList<VisibleWorkspace>> {
    return this.read(queryOf(principal, options), principal);
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
    return this.read(visibleToUser(principal.userId, null, { includeDeleted }), principal);
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

  private async read(query: VisibleQuery, caller: Caller): Promise<RowList<VisibleWorkspace>> {
    const holder = caller.orgId ?? required(caller.userId, 'userId');
    const rows: RowList<Row> = (await this.readShort(query)) ?? (await this.lists.readLarge(holder, query));
    const known = this.seen.get(rows);
    if (known?.caller === caller.facts) return known.list;
    const list = rows.map((row) => this.visibleTo(caller, row));
    this.seen.set(rows, { caller: caller.facts, list });
    return list;
  }

  private visibleTo(caller: Caller, row: Row): VisibleWorkspace {
    const effective = { ...row, permissions: permissionsIn(row) };
    return { ...effective, inviteAccess: this.inviteAccessIn(effective, caller) };
  }

  /** Null if the list is not short. */
  private readShort(query: VisibleQuery): Promise<readonly Row[] | null> {
    const key = `${query.statement.name} ${JSON.stringify(query.values)}`;
    return this.cached.get(key, {
      load: () => this.lists.readShort(query),
      endsAt: () => null,
      subjectIds: (rows) =>
        rows && rows.length <= MAX_CACHED_ROWS && !query.includesDeleted ? this.subjectsOf(query) : null,
    });
  }

  /** Also organizations in which the user sees no workspace yet. Null if they are very many. */
  private async subjectsOf({ orgId, userId }: VisibleQuery): Promise<readonly string[] | null> {
    if (userId === null) return [required(orgId, 'orgId')];
    if (orgId !== null) return [userId, orgId];
    const memberships = await this.lists.readShort<{ orgId: string }>({
      statement: ORGS_OF_MEMBER,
      values: [userId],
    });
    return memberships && [userId, ...memberships.map((membership) => membership.orgId)];
  }

  private inviteAccessIn(row: EffectiveRow, caller: Caller): InviteAccess | null {
    const violatesSsoOnly = row.orgIsSsoOnly && caller.sessionMethod === 'password';
    if (row.isDeleted || row.orgIsDisabled || violatesSsoOnly) return null;
    return this.inviteAccess.of(inviterIn(row, caller), { org: row, level: 'workspace' });
  }
}

/** Those of the own role, in its order, and then those of the roles of user groups. */
function permissionsIn({ roleId, customPermissions, groupPermissions }: Row): readonly Permission[] {
  const own = [...(heldRole(roleId, customPermissions)?.permissions ?? [])];
  return groupPermissions ? unique([...own, ...groupPermissions]) : own;
}

/** The caller as a request to the workspace of the row would see them. */
function inviterIn({ orgRoleId, permissions }: EffectiveRow, { key }: Caller): Inviter {
  const orgRole = heldRole(orgRoleId, null);
  return {
    orgRole,
    key,
    can: (permission) => (orgRole?.permissions.has(permission) ?? false) || permissions.includes(permission),
  };
}

function queryOf(principal: Principal, options: Options): VisibleQuery {
  const { userId, orgId, isOrgExplicit } = principal;
  return userId === null
    ? visibleToKey(principal, options)
    : visibleToUser(userId, isOrgExplicit ? orgId : null, options);
}

const visibleToUser = (userId: string, orgId: string | null, { includeDeleted }: Options): VisibleQuery => ({
  statement: VISIBLE_TO_USER,
  values: [userId, orgId, includeDeleted],
  hasSmallRows: true,
  userId,
  orgId,
  includesDeleted: includeDeleted,
});

function visibleToKey({ orgId, orgRole, key }: Principal, { includeDeleted }: Options): VisibleQuery {
  const { role, workspaceIds } = required(key, 'key');
  return {
    statement: VISIBLE_TO_KEY,
    values: [orgId, role.id, workspaceIds, includeDeleted, orgRole?.id ?? null],
    hasSmallRows: true,
    userId: null,
    orgId,
    includesDeleted: includeDeleted,
  };
}
