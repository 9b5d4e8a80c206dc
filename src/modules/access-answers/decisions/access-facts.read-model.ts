import { Injectable } from '@nestjs/common';
import type { Permission } from '../../../common/access/permissions.js';
import { jsonRows } from '../../../database/statements/json-rows.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import type { Policy } from '../../policies/index.js';

/** Whom a question is about: an id, or the address of a user. */
export type AccessSubject =
  | { readonly kind: 'user' | 'service_account' | 'service_key'; readonly id: string }
  | { readonly kind: 'user'; readonly email: string };

type Place = { readonly subject: AccessSubject; readonly workspaceId: string };
type ResourceIn = { readonly workspaceId: string; readonly type: string; readonly id: string };

export type Named = { readonly id: string; readonly name: string };
/** A role that a subject has in a workspace. `place` and `resource`: the position in the request, from 1. */
type Held = {
  readonly place: number;
  readonly roleId: string;
  /** The user group that gives it; null for the own role. */
  readonly group: Named | null;
  /** Attached to the group. */
  readonly policyIds: readonly string[];
  readonly isDisabled: boolean;
};
/** `permissions`: null for a system role. */
type FactRole = Named & {
  readonly permissions: readonly Permission[] | null;
  readonly policyIds: readonly string[];
};
type NamedPolicy = Policy & { readonly name: string };
type Tag = { readonly resource: number; readonly key: string; readonly value: string };

export type AccessFactRows = {
  /** The own role first, then groups by name. */
  readonly held: readonly Held[];
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

/** `offset 0` keeps a nested loop, so that PostgreSQL reads the view for these subjects only. Keys have one role everywhere. */
const HELD = `
  asked as (
    select a.place, a.kind, coalesce(a.id, (select u.id from users u where u.email = a.email)) as id, a.workspace_id
    from unnest($2::text[], $3::uuid[], $4::text[], $5::uuid[])
      with ordinality a (kind, id, email, workspace_id, place)),
  held as (
    select a.place, e.role_id, e.group_id, e.policy_ids, e.is_disabled
    from asked a cross join lateral (
      select * from effective_roles r
      where r.kind = a.kind and r.org_id = $1 and r.subject_id = a.id and r.workspace_id = a.workspace_id offset 0) e
    union all
    select a.place, k.workspace_role_id, null, '{}', false
    from asked a
    join workspaces w on w.id = a.workspace_id and w.org_id = $1
    join api_keys k on k.id = a.id and k.org_id = $1 and k.kind = 'service'
      and (k.expires_at is null or k.expires_at > now())
    where a.kind = 'service_key'
      and (k.is_org_wide or exists (
        select from api_key_workspaces c where c.api_key_id = k.id and c.workspace_id = w.id)))`;

const TAGS = `
  select r.n as resource, k.key, v.value
  from unnest($6::uuid[], $7::text[], $8::uuid[]) with ordinality r (workspace_id, type, id, n)
  join workspaces w on w.id = r.workspace_id and w.org_id = $1
  join taggings t on t.workspace_id = w.id and t.resource_type = r.type and t.resource_id = r.id
  join tag_values v on v.id = t.tag_value_id
  join tag_keys k on k.id = v.tag_key_id`;

/** $1 organization; $2 to $5 kinds, ids or addresses of subjects, and workspaces; $6 to $8 resources: workspaces, types, ids. */
export const ACCESS_FACTS: Statement = named('access_facts')`
  with ${HELD},
  held_roles as (
    select r.id, r.display_name, case when r.org_id is not null then r.permissions end as permissions,
      array(
        select p.id from access_policy_roles a join access_policies p on p.id = a.access_policy_id
        where a.role_id = r.id and p.org_id = $1) as policy_ids
    from roles r where r.id in (select role_id from held))
  select
    ${jsonRows(`
      select h.place, h.role_id as "roleId", h.policy_ids as "policyIds", h.is_disabled as "isDisabled",
        case when g.id is not null then json_build_object('id', g.id, 'name', g.name) end as "group"
      from held h left join user_groups g on g.id = h.group_id order by g.name nulls first`)} as held,
    ${jsonRows('select id, display_name as name, permissions, policy_ids as "policyIds" from held_roles')} as roles,
    ${jsonRows(`
      select p.id, p.name, p.effect, p.condition_groups as "conditionGroups" from access_policies p
      where p.id in (select unnest(policy_ids) from held_roles union select unnest(policy_ids) from held)
      order by p.created_at, p.id`)} as policies,
    ${jsonRows(TAGS)} as tags`;
