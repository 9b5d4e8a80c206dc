import { Injectable } from '@nestjs/common';
import { NIL_UUID } from '../../../common/http/operations/value-checks.js';
import { jsonRows } from '../../../database/statements/json-rows.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import type { AccessSubject } from '../decisions/access-facts.read-model.js';
import type { Policy } from '../../policies/index.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';

export type SourceRole = {
  readonly id: string;
  /** Null for a system role. */
  readonly permits: boolean | null;
  readonly policyIds: readonly string[];
};
/** A user group that gives something in the workspace, with each role that it has there. */
type SourceGroup = {
  readonly id: string;
  readonly roleId: string;
  readonly policyIds: readonly string[];
};
/** From what subjects in a workspace can have a permission. */
export type Sources = {
  readonly roles: readonly SourceRole[];
  readonly groups: readonly SourceGroup[];
  readonly policies: readonly Policy[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
};

/** `position`: by which the rows are ordered. */
export type CandidateRow = { readonly position: string; readonly id: string };
type ScannedMembers = { readonly ids: readonly string[]; readonly end: string | null };

/** How many members of groups one statement looks at, in all; of each group at least the second number. */
const SCANNED = 10_000;
const SCANNED_OF_EACH = 100;

/** The rows from which searches begin, in pages by indexes. What they give is decided elsewhere. */
@Injectable()
export class CandidatesReadModel {
  constructor(private readonly sql: Sql) {}

  loadSources(
    orgId: string,
    workspaceId: string,
    permission: string,
    resource: { type: string; id: string } | null,
  ): Promise<Sources> {
    const values = [orgId, workspaceId, permission, resource?.type ?? null, resource?.id ?? null];
    return this.sql.one<Sources>(SOURCES, values);
  }

  listAdmins(orgId: string, after: string | null, limit: number): Promise<CandidateRow[]> {
    return this.sql.rows<CandidateRow>(ADMINS, [orgId, after ?? NIL_UUID, limit]);
  }

  listByOwnRole(
    orgId: string,
    workspaceId: string,
    roleIds: readonly string[],
    after: string | null,
    limit: number,
  ): Promise<CandidateRow[]> {
    return this.sql.rows<CandidateRow>(BY_OWN_ROLE, [orgId, workspaceId, roleIds, after ?? NIL_UUID, limit]);
  }

  /** Members of the groups and of the workspace whose own role is another one. `end`: where to continue, if not at the end. */
  scanGroups(
    workspaceId: string,
    groupIds: readonly string[],
    otherThanRoleIds: readonly string[],
    after: string | null,
    limit: number,
  ): Promise<ScannedMembers> {
    const scanned = Math.max(SCANNED_OF_EACH, Math.ceil(SCANNED / groupIds.length));
    const values = [workspaceId, groupIds, otherThanRoleIds, after ?? NIL_UUID, limit, scanned];
    return this.sql.one<ScannedMembers>(BY_GROUP, values);
  }

  listServiceAccounts(orgId: string, workspaceId: string, after: string | null, limit: number) {
    return this.sql.rows<CandidateRow>(SERVICE_ACCOUNTS, [orgId, workspaceId, after ?? NIL_UUID, limit]);
  }

  listServiceKeys(orgId: string, workspaceId: string, after: string | null, limit: number) {
    return this.sql.rows<CandidateRow>(SERVICE_KEYS, [orgId, workspaceId, after ?? NIL_UUID, limit]);
  }

  /** Workspaces in which the subject may have something. */
  listWorkspaces(orgId: string, subject: AccessSubject, after: string | null, limit: number) {
    const [id, email] = 'id' in subject ? [subject.id, null] : [null, subject.email];
    return this.sql.rows<CandidateRow>(WORKSPACES, [
      orgId,
      subject.kind,
      id,
      email,
      after ?? NIL_UUID,
      limit,
    ]);
  }
}

/** $1 organization, $2 workspace, $3 permission, $4 and $5 type and id of a resource. */
const SOURCES: Statement = named('authzen_sources')`
  select
    ${jsonRows(`
      select r.id, case when r.org_id is not null then $3 = any (r.permissions) end as permits,
        array(
          select p.id from access_policy_roles a join access_policies p on p.id = a.access_policy_id
          where a.role_id = r.id and p.org_id = $1) as "policyIds"
      from roles r where (r.org_id = $1 or r.org_id is null) and r.access_scope = 'workspace'`)} as roles,
    ${jsonRows(`
      select g.group_id as id, g.role_id as "roleId", g.policy_ids as "policyIds"
      from current_user_group_grants g join organizations o on o.id = g.org_id and o.can_use_user_groups
      where g.org_id = $1 and g.workspace_id = $2`)} as groups,
    ${jsonRows(`
      select p.id, p.effect, p.condition_groups as "conditionGroups" from access_policies p
      where p.org_id = $1 and $4::text is not null`)} as policies,
    ${jsonRows(`
      select k.key, v.value from taggings t
      join tag_values v on v.id = t.tag_value_id join tag_keys k on k.id = v.tag_key_id
      where t.workspace_id = $2 and t.resource_type = $4 and t.resource_id = $5::uuid`)} as tags`;

/**
 * By the index of given roles, and those whose role is another one since an end. `any` of one organization keeps its column in
 * the order, which the primary key then does not have: PostgreSQL expects holders of every role and, where there are none, would
 * read the whole table by id. From the tables: of a comparison with the role that the view computes, it expects few rows, and
 * sorts them all.
 */
export const ADMINS: Statement = named('authzen_admins')`
  select m.id as position, m.user_id as id
  from (
    (select id, user_id from org_memberships
      where org_id = any (array[$1::uuid]) and role_id = '${ORG_ADMIN_ID}' and id > $2
        and (access_expires_at is null or access_expires_at > now())
      order by org_id, id limit $3)
    union
    (select id, user_id from org_memberships
      where org_id = any (array[$1::uuid]) and access_expires_at <= now() and reverts_to_role_id = '${ORG_ADMIN_ID}' and id > $2
      order by org_id, id limit $3)) m
  order by m.id limit $3`;

/** Active members of the organization besides its admins. */
const OTHER_THAN_ADMINS = `
  join current_org_memberships o
    on o.org_id = v.org_id and o.user_id = v.user_id and o.role_id <> '${ORG_ADMIN_ID}' and not o.is_disabled`;

/** As `ADMINS` for each role. Unnamed: a named statement gets a generic plan, which expects few members in a workspace. */
export const BY_OWN_ROLE: Statement = named('')`
  select m.id as position, m.user_id as id
  from unnest($3::uuid[]) r (role_id)
  cross join lateral (
    (select v.id, v.user_id from workspace_memberships v ${OTHER_THAN_ADMINS}
      where v.workspace_id = any (array[$2::uuid]) and v.role_id = r.role_id
        and (v.access_expires_at is null or v.access_expires_at > now()) and v.org_id = $1 and v.id > $4
      order by v.workspace_id, v.id limit $5)
    union
    (select v.id, v.user_id from workspace_memberships v ${OTHER_THAN_ADMINS}
      where v.workspace_id = any (array[$2::uuid]) and v.access_expires_at <= now() and v.reverts_to_role_id = r.role_id
        and v.org_id = $1 and v.id > $4
      order by v.workspace_id, v.id limit $5)) m
  order by m.id limit $5`;

const BY_GROUP: Statement = named('authzen_by_group')`
  with scanned as materialized (
    select distinct m.user_id from unnest($2::uuid[]) g (id)
    cross join lateral (
      select i.user_id from current_user_group_members i where i.user_group_id = g.id and i.user_id > $4
      order by i.user_id limit $6) m
    order by m.user_id limit $6)
  select
    array(
      select s.user_id from scanned s
      join current_workspace_memberships v on v.workspace_id = $1 and v.user_id = s.user_id ${OTHER_THAN_ADMINS}
      where v.role_id <> all ($3::uuid[])
      order by s.user_id limit $5) as ids,
    (select user_id from scanned order by user_id offset $6::integer - 1 limit 1) as end`;

const SERVICE_ACCOUNTS: Statement = named('authzen_service_accounts')`
  select s.service_account_id as position, s.service_account_id as id from service_account_workspaces s
  where s.org_id = $1 and s.workspace_id = $2 and s.service_account_id > $3
  order by s.service_account_id limit $4`;

const SERVICE_KEYS: Statement = named('authzen_service_keys')`
  select k.id as position, k.id from api_keys k
  where k.org_id = $1 and k.kind = 'service' and k.id > $3
    and (k.is_org_wide or exists (
      select from api_key_workspaces c where c.api_key_id = k.id and c.workspace_id = $2))
  order by k.id limit $4`;

/** $1 organization, $2 kind of the subject, $3 its id or $4 its address, $5 position, $6 limit. */
const WORKSPACES: Statement = named('authzen_workspaces')`
  select w.id as position, w.id from workspaces w
  where w.org_id = $1 and w.id > $5
    and ($2 <> 'user' or exists (
      select from effective_roles e
      where e.kind = 'user' and e.org_id = $1 and e.workspace_id = w.id
        and e.subject_id = coalesce($3, (select u.id from users u where u.email = $4))))
  order by w.id limit $6`;
