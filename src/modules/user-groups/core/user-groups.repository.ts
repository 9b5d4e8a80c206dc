import { Injectable } from '@nestjs/common';
import type { GrantedGroup } from '../../../common/access/access-limits.js';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { newId } from '../../../database/statements/new-id.js';
import { mapViolations, insertUnlessTaken } from '../../../database/transactions/constraint-violation.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { UserGroup } from './entities.js';
import { IdpGroupNameTaken, UserGroupNameTaken, UserGroupWorkspaceNotFound } from './errors.js';
import { GRANTED } from '../effective-roles/user-group-roles.repository.js';

const GROUP = `
  g.id, g.org_id as "orgId", g.name, g.description, g.idp_group_name as "idpGroupName",
  g.idp_sync_enabled as "idpSyncEnabled", g.requestable, g.parent_user_group_id as "parentUserGroupId",
  g.workspace_id as "workspaceId", g.created_at as "createdAt", g.updated_at as "updatedAt",
  g.access_expires_at as "accessExpiresAt"`;

/** $1 organization, $2 group. */
const FIND = named('user_groups_find')`
  select ${GROUP}, g.role_id as "roleId", g.access_expires_set_by_user_id as "accessExpiresSetByUserId"
  from current_user_groups g where g.org_id = $1 and g.id = $2`;

/** A child's name has room for the workspace's id; names have at most 255 characters. */
const NAME_OF_CHILD = (parent: string, workspace: string) =>
  `left(${parent}, 216) || ' (' || ${workspace} || ')'`;

/** Without regard to case. */
const BY_NAME = 'lower(g.name), g.id';

/** $1 organization, $2 whether with its groups, $3 workspaces of children or null, $4 and $5 position, $6 limit. */
const LIST = named('user_groups_list')`
  select ${GROUP} from current_user_groups g
  where g.org_id = $1
    and case when g.workspace_id is null then $2 else $3::uuid[] is null or g.workspace_id = any($3) end
    and ($5::uuid is null or (${BY_NAME}) > (lower($4), $5))
  order by ${BY_NAME} limit $6`;

/**
 * $1 organization, $2 workspace, $3 whether with groups of the organization, $4 whether with children, $5 and $6
 * position, $7 limit. `c` is the grant.
 */
const LIST_OF_WORKSPACE = named('user_groups_list_of_workspace')`
  select ${GROUP}, c.role_id as "roleId", r.display_name as "roleName", c.access_expires_at as "accessExpiresAt"
  from current_user_groups c
  join user_groups g on (g.id = c.parent_user_group_id and $3) or (g.id = c.id and $4)
  join roles r on r.id = c.role_id
  where c.workspace_id = $2 and c.org_id = $1 and ($6::uuid is null or (${BY_NAME}) > (lower($5), $6))
  order by ${BY_NAME} limit $7`;

/** $1 organization, $2 the renamed group, $3 its name. */
const FOLLOW_NAME = named('user_groups_follow_name')`
  update user_groups set name = ${NAME_OF_CHILD('$3::text', 'workspace_id')}
  where org_id = $1 and parent_user_group_id = $2`;

/** $1 organization, $2 group. */
const MAKE_MEMBERS_MANUAL = named('user_group_members_make_manual')`
  update user_group_members set source = 'manual'
  where user_group_id = $2 and org_id = $1 and source <> 'manual'`;

const GRANT = `
  select g.id, g.workspace_id as "workspaceId", g.role_id as "roleId", r.display_name as "roleName",
    g.created_at as "createdAt", g.updated_at as "updatedAt", g.access_expires_at as "accessExpiresAt"
  from current_user_groups g join roles r on r.id = g.role_id
  where g.org_id = $1 and g.parent_user_group_id = $2`;

/** $1 organization, $2 group, $3 the last workspace of the page before or null, $4 limit. */
const LIST_GRANTS = named('user_groups_list_grants')`
  ${GRANT} and ($3::uuid is null or g.workspace_id > $3) order by g.workspace_id limit $4`;

/** $1 organization, $2 group, $3 workspace. */
const FIND_GRANT = { name: 'user_groups_find_grant', text: `${GRANT} and g.workspace_id = $3` };

/** $1 organization, $2 group or child: the grants concerned, once as what the group and once as what the child gives. */
const LIST_GRANTED = named('user_groups_list_granted')`
  select ${GRANTED} from current_user_group_grants
  where org_id = $1 and grant_id in (select id from user_groups where id = $2 or parent_user_group_id = $2)`;

/** $1 organization, $2 group, $3 id of the child, $4 workspace, $5 role, $6 end or null, $7 who set it. */
const INSERT_GRANT = named('user_groups_insert_grant')`
  insert into user_groups
    (id, org_id, name, parent_user_group_id, workspace_id, role_id, access_expires_at, access_expires_set_by_user_id)
  select $3, org_id, ${NAME_OF_CHILD('name', '$4::uuid')}, id, $4, $5, $6, $7
  from user_groups where org_id = $1 and id = $2
  on conflict on constraint user_groups_one_grant_per_workspace do nothing`;

/** $1 organization, $2 child, $3 role, $4 whether the end changes, $5 end or null, $6 who set it. */
const CHANGE_GRANT = named('user_groups_change_grant')`
  update user_groups set role_id = $3, updated_at = now(),
    access_expires_at = case when $4 then $5 else access_expires_at end,
    access_expires_set_by_user_id = case when $4 then $6 else access_expires_set_by_user_id end
  where org_id = $1 and id = $2`;

export type RoleInWorkspace = { readonly workspaceId: string; readonly roleId: string };
/** `setBy`: the user, null for a key. */
export type End = { readonly at: Date | null; readonly setBy: string | null };
/** `id` is that of the child. */
export type Grant = RoleInWorkspace & {
  readonly id: string;
  readonly accessExpiresAt: Date | null;
  readonly roleName: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
/** With the role that the group has in the workspace of the list, and the end of it. */
export type ListedUserGroup = UserGroup & { readonly roleName?: string };

/** What of a list the caller may see. `workspaceIds`: of children; null for all workspaces. */
export type VisibleUserGroups = {
  readonly ofOrganization: boolean;
  readonly workspaceIds: readonly string[] | null;
};
export type UserGroupChanges = Partial<
  Pick<UserGroup, 'name' | 'description' | 'idpGroupName' | 'idpSyncEnabled' | 'requestable'>
>;
type GroupKey = Pick<UserGroup, 'orgId' | 'id'>;

const TAKEN = {
  user_groups_one_per_name: () => new UserGroupNameTaken(),
  user_groups_one_per_idp_group: () => new IdpGroupNameTaken(),
};

const UNKNOWN_WORKSPACE = {
  user_groups_workspace_id_org_id_fkey: () => new UserGroupWorkspaceNotFound(),
};

/** Groups and children of one organization. Grants are children. */
@Injectable()
export class UserGroupsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(UserGroup);
  }

  find(orgId: string, id: string): Promise<UserGroup | null> {
    return this.sql.row(FIND, [orgId, id]);
  }

  /** By name. */
  list(
    orgId: string,
    { ofOrganization, workspaceIds }: VisibleUserGroups,
    page: ListPage,
  ): Promise<ListedUserGroup[]> {
    return this.sql.rows(LIST, [orgId, ofOrganization, workspaceIds, ...positionOf(page)]);
  }

  /** The children in the workspace and the groups with a grant there, by name. */
  listOfWorkspace(
    orgId: string,
    workspaceId: string,
    { ofOrganization, children }: { ofOrganization: boolean; children: boolean },
    page: ListPage,
  ): Promise<ListedUserGroup[]> {
    const values = [orgId, workspaceId, ofOrganization, children, ...positionOf(page)];
    return this.sql.rows(LIST_OF_WORKSPACE, values);
  }

  /** @throws UserGroupNameTaken */
  async insert(group: Pick<UserGroup, 'id' | 'orgId' | 'name' | 'description'>): Promise<void> {
    if (!(await insertUnlessTaken(this.rows, group))) throw new UserGroupNameTaken();
  }

  /** A new name applies to the children too. @throws UserGroupNameTaken, IdpGroupNameTaken */
  async update(orgId: string, id: string, changes: UserGroupChanges): Promise<void> {
    await mapViolations(this.rows.update({ orgId, id }, { ...changes, updatedAt: () => 'now()' }), TAKEN);
    if (changes.name !== undefined) await this.sql.affected(FOLLOW_NAME, [orgId, id, changes.name]);
  }

  /** Members of other sources become manual: synchronization has ended. */
  async makeMembersManual({ orgId, id }: GroupKey): Promise<void> {
    await this.sql.affected(MAKE_MEMBERS_MANUAL, [orgId, id]);
  }

  async remove(orgId: string, id: string): Promise<void> {
    await this.rows.delete({ orgId, id });
  }

  /** By workspace. */
  listGrants(orgId: string, groupId: string, page: ListPage): Promise<Grant[]> {
    return this.sql.rows(LIST_GRANTS, [orgId, groupId, page.after?.id ?? null, page.limit]);
  }

  findGrant(orgId: string, groupId: string, workspaceId: string): Promise<Grant | null> {
    return this.sql.row(FIND_GRANT, [orgId, groupId, workspaceId]);
  }

  /** What the group and its children give in workspaces; of a child, what it and its parent give in its own. */
  listGranted({ orgId, id }: GroupKey): Promise<GrantedGroup[]> {
    return this.sql.rows(LIST_GRANTED, [orgId, id]);
  }

  /**
   * Adds the child with the role of the group in the workspace. False if the group has a role there.
   *
   * @throws UserGroupWorkspaceNotFound
   */
  async insertGrant({ orgId, id }: GroupKey, given: RoleInWorkspace, end: End): Promise<boolean> {
    const values = [orgId, id, newId(), given.workspaceId, given.roleId, ...valuesOf(end)];
    return (await mapViolations(this.sql.affected(INSERT_GRANT, values), UNKNOWN_WORKSPACE)) === 1;
  }

  /** `end`: null if it stays. */
  async changeGrant(orgId: string, id: string, roleId: string, end: End | null): Promise<void> {
    await this.sql.affected(CHANGE_GRANT, [orgId, id, roleId, end !== null, ...valuesOf(end)]);
  }
}

/** The end and who set it; null for both without an end. */
export const valuesOf = (end: End | null) => (end?.at ? [end.at, end.setBy] : [null, null]);

const positionOf = ({ after, limit }: ListPage) => [after?.key ?? null, after?.id ?? null, limit];
