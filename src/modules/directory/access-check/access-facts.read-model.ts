import { Injectable } from '@nestjs/common';
import type { Permission } from '../../../common/access/permissions.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import type { Policy } from '../../policies/index.js';
import { ORG_ADMIN_ID, systemRole } from '../../roles/index.js';

/** Whom a question is about: an id, or the address of a user. */
export type AccessSubject =
  | { readonly kind: 'user' | 'service_account' | 'service_key'; readonly id: string }
  | { readonly kind: 'user'; readonly email: string };

type Place = { readonly subject: AccessSubject; readonly workspaceId: string };
type ResourceIn = { readonly workspaceId: string; readonly type: string; readonly id: string };

/** What a subject has in a workspace. `place` and `resource`: the position in the request, from 1. */
export type Holder = {
  readonly place: number;
  readonly id: string;
  readonly isOrgAdmin: boolean;
  readonly isActive: boolean;
  /** Null: no role of their own there. */
  readonly roleId: string | null;
};
type HeldGroup = {
  readonly place: number;
  readonly id: string;
  readonly name: string;
  readonly roleId: string;
  readonly policyIds: readonly string[];
};
/** `permissions`: null for a system role. */
type FactRole = {
  readonly id: string;
  readonly displayName: string;
  readonly permissions: readonly Permission[] | null;
  readonly policyIds: readonly string[];
};
export type NamedPolicy = Policy & { readonly name: string };
type Tag = { readonly resource: number; readonly key: string; readonly value: string };

export type AccessFactRows = {
  readonly holders: readonly Holder[];
  readonly groups: readonly HeldGroup[];
  readonly roles: readonly FactRole[];
  /** Oldest first. */
  readonly policies: readonly NamedPolicy[];
  readonly tags: readonly Tag[];
};

/** Reads with one statement what decisions need, however many subjects, workspaces and resources they are about. */
@Injectable()
export class AccessFacts {
  constructor(private readonly sql: Sql) {}

  load(orgId: string, places: readonly Place[], resources: readonly ResourceIn[]): Promise<AccessFactRows> {
    const subjects = places.map(({ subject }) => subject);
    return this.sql.one<AccessFactRows>(ACCESS_FACTS, [
      orgId,
      subjects.map(({ kind }) => kind),
      subjects.map((subject) => ('id' in subject ? subject.id : null)),
      subjects.map((subject) => ('email' in subject ? subject.email : null)),
      places.map(({ workspaceId }) => workspaceId),
      resources.map(({ workspaceId }) => workspaceId),
      resources.map(({ type }) => type),
      resources.map(({ id }) => id),
    ]);
  }
}

const WORKSPACE_ADMIN_ID = systemRole('WORKSPACE_ADMIN').id;

/** An organization admin is Admin in every workspace, whatever workspace role they hold. Keys have one role everywhere. */
const HOLDERS = `
  asked as (
    select * from unnest($2::text[], $3::uuid[], $4::text[], $5::uuid[])
      with ordinality a (kind, id, email, workspace_id, place)),
  users_asked as (
    select a.place, a.id, a.workspace_id from asked a where a.kind = 'user' and a.email is null
    union all
    select a.place, u.id, a.workspace_id from asked a join users u on u.email = a.email where a.kind = 'user'),
  holders as (
    select a.place, 'user' as kind, m.user_id as id, w.id as workspace_id, m.role_id = '${ORG_ADMIN_ID}' as is_org_admin,
      not m.is_disabled as is_active,
      case when m.role_id = '${ORG_ADMIN_ID}' then '${WORKSPACE_ADMIN_ID}' else v.role_id end as role_id
    from users_asked a
    join workspaces w on w.id = a.workspace_id and w.org_id = $1
    join current_org_memberships m on m.org_id = $1 and m.user_id = a.id
    left join current_workspace_memberships v on v.workspace_id = w.id and v.user_id = m.user_id
    union all
    select a.place, a.kind, v.service_account_id, v.workspace_id, false, true, v.role_id
    from asked a
    join service_account_workspaces v
      on v.service_account_id = a.id and v.workspace_id = a.workspace_id and v.org_id = $1
    where a.kind = 'service_account'
    union all
    select a.place, a.kind, k.id, w.id, false, k.expires_at is null or k.expires_at > now(), k.workspace_role_id
    from asked a
    join workspaces w on w.id = a.workspace_id and w.org_id = $1
    join api_keys k on k.id = a.id and k.org_id = $1 and k.kind = 'service'
    where a.kind = 'service_key'
      and (k.is_org_wide or exists (
        select from api_key_workspaces c where c.api_key_id = k.id and c.workspace_id = w.id)))`;

/**
 * Groups that give something in the workspace: with a grant there, or the child in it. They give nothing without an own
 * role, or to organization admins, who hold everything already. Attachments for another workspace do not count.
 */
const HELD_GROUPS = `
  memberships as (
    select h.place, h.workspace_id, m.user_group_id as group_id
    from holders h join current_user_group_members m on m.user_id = h.id and m.org_id = $1
    where h.kind = 'user' and h.role_id is not null and not h.is_org_admin
    union all
    select h.place, h.workspace_id, s.user_group_id
    from holders h join user_group_service_accounts s on s.service_account_id = h.id and s.org_id = $1
    where h.kind = 'service_account'),
  held_groups as (
    select m.place, n.id, n.name, g.role_id,
      array(
        select a.access_policy_id from user_group_policies a
        where a.user_group_id = n.id and (a.workspace_id is null or a.workspace_id = m.workspace_id)) as policy_ids
    from memberships m
    join current_user_groups g on g.org_id = $1 and g.workspace_id = m.workspace_id
      and m.group_id in (g.parent_user_group_id, g.id)
    join user_groups n on n.id = m.group_id
    join organizations o on o.id = $1 and o.can_use_user_groups)`;

const TAGS = `
  select r.n as resource, k.key, v.value
  from unnest($6::uuid[], $7::text[], $8::uuid[]) with ordinality r (workspace_id, type, id, n)
  join workspaces w on w.id = r.workspace_id and w.org_id = $1
  join taggings t on t.workspace_id = w.id and t.resource_type = r.type and t.resource_id = r.id
  join tag_values v on v.id = t.tag_value_id
  join tag_keys k on k.id = v.tag_key_id`;

/** The rows of a query as a JSON array, with its columns as keys. */
const listOf = (query: string) => `(select coalesce(json_agg(r), '[]') from (${query}) r)`;

/**
 * $1 organization; $2 to $5 kinds, ids or addresses of subjects, and workspaces; $6 to $8 workspaces, types and ids of
 * resources.
 */
const ACCESS_FACTS: Statement = {
  name: 'access_facts',
  text: `
    with ${HOLDERS}, ${HELD_GROUPS},
    held_roles as (
      select r.id, r.display_name, case when r.org_id is not null then r.permissions end as permissions,
        array(
          select p.id from access_policy_roles a join access_policies p on p.id = a.access_policy_id
          where a.role_id = r.id and p.org_id = $1) as policy_ids
      from roles r
      where (r.org_id is null or r.org_id = $1)
        and r.id in (select role_id from holders union select role_id from held_groups))
    select
      ${listOf('select place, id, is_org_admin as "isOrgAdmin", is_active as "isActive", role_id as "roleId" from holders')}
        as holders,
      ${listOf('select place, id, name, role_id as "roleId", policy_ids as "policyIds" from held_groups order by name')}
        as groups,
      ${listOf('select id, display_name as "displayName", permissions, policy_ids as "policyIds" from held_roles')}
        as roles,
      ${listOf(`
        select p.id, p.name, p.effect, p.condition_groups as "conditionGroups" from access_policies p
        where p.id in (
          select unnest(policy_ids) from held_roles union select unnest(policy_ids) from held_groups)
        order by p.created_at, p.id`)} as policies,
      ${listOf(TAGS)} as tags`,
};
