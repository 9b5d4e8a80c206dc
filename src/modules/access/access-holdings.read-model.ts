import { Injectable } from '@nestjs/common';
import type { GroupGrant } from '../../common/access/access-limits.js';
import type { Permission } from '../../common/access/permissions.js';
import { jsonRows } from '../../database/statements/json-rows.js';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';
import type { PolicyContent, RoleContent } from './access-comparison.js';

type InWorkspace = { readonly memberId: string; readonly workspaceId: string };
type GroupInWorkspace = { readonly groupId: string; readonly workspaceId: string };
/** An own role and groups that a member of a changed group has in the workspace. */
type Combination = {
  readonly workspaceId: string;
  readonly roleId: string | null;
  readonly groupIds: readonly string[];
};
/** `permissions`: null for a system role. */
type Role = Pick<RoleContent, 'id' | 'displayName' | 'isRestricted'> & {
  readonly permissions: readonly Permission[] | null;
  readonly policyIds: readonly string[];
};

export type AccessRows = {
  readonly canUseUserGroups: boolean;
  readonly members: readonly { readonly id: string; readonly name: string; readonly isDisabled: boolean }[];
  readonly ownRoles: readonly (InWorkspace & { readonly roleId: string })[];
  readonly inGroups: readonly (InWorkspace & { readonly groupId: string })[];
  readonly combinations: readonly Combination[];
  readonly groups: readonly (GroupInWorkspace & GroupGrant & { readonly groupName: string })[];
  readonly roles: readonly Role[];
  readonly policies: readonly PolicyContent[];
};

/** Members by workspace, the roles and policies that a change names, and groups whose members a change concerns. */
export type AccessScope = {
  readonly members: readonly InWorkspace[];
  readonly roleIds: readonly string[];
  readonly policyIds: readonly string[];
  readonly changedGroups: readonly GroupInWorkspace[];
};

/** Reads with one statement what a comparison needs, however many members, workspaces and groups it is about. */
@Injectable()
export class AccessHoldings {
  constructor(private readonly sql: Sql) {}

  load(orgId: string, scope: AccessScope): Promise<AccessRows> {
    return this.sql.one<AccessRows>(ACCESS_HOLDINGS, [
      orgId,
      scope.members.map(({ memberId }) => memberId),
      scope.members.map(({ workspaceId }) => workspaceId),
      scope.roleIds,
      scope.policyIds,
      scope.changedGroups.map(({ groupId }) => groupId),
      scope.changedGroups.map(({ workspaceId }) => workspaceId),
    ]);
  }

  listPoliciesOfTags(orgId: string, workspaceId: string, keys: readonly string[]): Promise<PolicyOfTag[]> {
    return this.sql.rows<PolicyOfTag>(POLICIES_OF_TAGS, [orgId, workspaceId, keys]);
  }
}

/** A policy that compares a tag key; `permissions`: all that it names. */
export type PolicyOfTag = Pick<PolicyContent, 'name' | 'permissions'> & { readonly key: string };

/** What members have in workspaces, whether or not they are active or the organization has user groups. */
const MEMBERS = `
  asked as (
    select distinct member_id, workspace_id from unnest($2::uuid[], $3::uuid[]) a (member_id, workspace_id)),
  members as (
    select m.user_id as id, m.user_email as name, m.is_disabled from current_org_memberships m
    where m.org_id = $1 and m.user_id in (select member_id from asked)
    union all
    select s.id, s.name, false from service_accounts s
    where s.org_id = $1 and s.id in (select member_id from asked)),
  own_roles as (
    select a.member_id, a.workspace_id, m.role_id from asked a
    join current_workspace_memberships m on m.workspace_id = a.workspace_id and m.user_id = a.member_id and m.org_id = $1
    union all
    select a.member_id, a.workspace_id, s.role_id from asked a
    join service_account_workspaces s
      on s.service_account_id = a.member_id and s.workspace_id = a.workspace_id and s.org_id = $1),
  in_groups as (
    select m.user_id as member_id, m.user_group_id as group_id from current_user_group_members m
    where m.org_id = $1 and m.user_id in (select member_id from asked)
    union all
    select s.service_account_id, s.user_group_id from user_group_service_accounts s
    where s.org_id = $1 and s.service_account_id in (select member_id from asked)),
  groups_of_members as (
    select a.member_id, a.workspace_id, i.group_id
    from asked a
    join in_groups i on i.member_id = a.member_id
    join current_user_group_grants g on g.group_id = i.group_id and g.workspace_id = a.workspace_id)`;

/**
 * What members of changed groups have, each combination of an own role and groups once, so that the size of the groups
 * does not matter to what is returned. A changed group counts without a grant, too: it may get one.
 */
const COMBINATIONS = `
  changed as (select distinct group_id, workspace_id from unnest($6::uuid[], $7::uuid[]) c (group_id, workspace_id)),
  counting as (
    select group_id from changed
    union
    select group_id from current_user_group_grants
    where org_id = $1 and workspace_id in (select workspace_id from changed)),
  groups_of_concerned as (
    select member_id, array_agg(group_id order by group_id) as group_ids
    from (
      select m.user_id as member_id, m.user_group_id as group_id from current_user_group_members m
      where m.org_id = $1 and m.user_id in (
        select o.user_id from current_user_group_members o where o.user_group_id in (select group_id from changed))
      union all
      select s.service_account_id, s.user_group_id from user_group_service_accounts s
      where s.org_id = $1 and s.service_account_id in (
        select o.service_account_id from user_group_service_accounts o
        where o.user_group_id in (select group_id from changed))) i
    where group_id in (select group_id from counting)
    group by member_id),
  combinations as (
    select distinct c.workspace_id, coalesce(m.role_id, s.role_id) as role_id, g.group_ids
    from groups_of_concerned g join changed c on c.group_id = any (g.group_ids)
    left join current_workspace_memberships m on m.workspace_id = c.workspace_id and m.user_id = g.member_id
    left join service_account_workspaces s
      on s.service_account_id = g.member_id and s.workspace_id = c.workspace_id)`;

/**
 * Policies that compare one of these tag keys, attached to a role or, in the workspace, to a group with a grant there or
 * its child. $1 organization, $2 workspace, $3 keys.
 */
const POLICIES_OF_TAGS: Statement = named('access_policies_of_tags')`
  select p.name, c.key, jsonb_path_query_array(p.condition_groups, '$[*].permission') as permissions
  from access_policies p
  cross join lateral (
    select t #>> '{}' as key from jsonb_path_query(p.condition_groups, '$[*].conditions[*].tagKey') t
    where t #>> '{}' = any($3) limit 1) c
  where p.org_id = $1
    and (exists (select from access_policy_roles a where a.access_policy_id = p.id)
      or p.id in (
        select unnest(g.policy_ids) from current_user_group_grants g where g.org_id = $1 and g.workspace_id = $2))
  order by p.created_at, p.id`;

const IN_WORKSPACE = `member_id as "memberId", workspace_id as "workspaceId"`;

/**
 * Roles, groups and policies of members in workspaces. $1 organization, $2 and $3 pairs of a member and a workspace, $4
 * further roles, $5 further policies, $6 and $7 pairs of a changed group and a workspace.
 */
const ACCESS_HOLDINGS: Statement = named('access_holdings')`
  with ${MEMBERS}, ${COMBINATIONS},
  groups as (
    select g.group_id, g.workspace_id, g.name, g.role_id, g.policy_ids
    from (
      select group_id, workspace_id from groups_of_members
      union select unnest(group_ids), workspace_id from combinations) k
    join current_user_group_grants g
      on g.org_id = $1 and g.group_id = k.group_id and g.workspace_id = k.workspace_id),
  needed_roles as (
    select r.id, r.display_name, case when r.org_id is not null then r.permissions end as permissions,
      x.role_id is not null as is_restricted,
      array(
        select p.id from access_policy_roles a join access_policies p on p.id = a.access_policy_id
        where a.role_id = r.id and p.org_id = $1) as policy_ids
    from roles r left join role_restrictions x on x.role_id = r.id and x.org_id = $1
    where (r.org_id is null or r.org_id = $1)
      and r.id in (
        select unnest($4::uuid[]) union select role_id from own_roles
        union select role_id from combinations union select role_id from groups)),
  needed_policies as (
    select p.id, p.name, p.effect, jsonb_path_query_array(p.condition_groups, '$[*].permission') as permissions
    from access_policies p
    where p.org_id = $1
      and p.id in (
        select unnest($5::uuid[]) union select unnest(policy_ids) from needed_roles
        union select unnest(policy_ids) from groups))
  select o.can_use_user_groups as "canUseUserGroups",
    ${jsonRows('select id, name, is_disabled as "isDisabled" from members')} as members,
    ${jsonRows(`select ${IN_WORKSPACE}, role_id as "roleId" from own_roles`)} as "ownRoles",
    ${jsonRows(`select ${IN_WORKSPACE}, group_id as "groupId" from groups_of_members`)} as "inGroups",
    ${jsonRows('select workspace_id as "workspaceId", role_id as "roleId", group_ids as "groupIds" from combinations')}
      as combinations,
    ${jsonRows(`
      select group_id as "groupId", workspace_id as "workspaceId", name as "groupName", role_id as "roleId",
        policy_ids as "policyIds" from groups`)} as groups,
    ${jsonRows(`
      select id, display_name as "displayName", permissions, policy_ids as "policyIds", is_restricted as "isRestricted"
      from needed_roles`)} as roles,
    ${jsonRows('select id, name, effect, permissions from needed_policies')} as policies
  from organizations o where o.id = $1`;
