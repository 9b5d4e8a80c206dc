import { named, type Statement } from '../../../database/transactions/sql.js';
import { PROVENANCE_COLUMNS, provenanceArrays } from './provenance.js';

const END_COLUMNS = 'access_expires_at, access_expires_set_by_user_id';
const END_SET_BY = 'case when access_expires_at is not null then created_by_user_id end';

export const INSERT_IN_ORG = named('memberships_insert_in_org')`
  with again as (delete from ended_memberships where org_id = $1 and user_id = any($3))
  insert into org_memberships (id, org_id, user_id, role_id, ${PROVENANCE_COLUMNS}, ${END_COLUMNS})
  select id, $1, user_id, role_id, ${PROVENANCE_COLUMNS}, access_expires_at, ${END_SET_BY}
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], ${provenanceArrays(5)}, $11::timestamptz[])
    as given (id, user_id, role_id, ${PROVENANCE_COLUMNS}, access_expires_at)
  on conflict (org_id, user_id) do nothing
  returning user_id`;

/** Becomes manual if it was automatic, so that no sign-in reverts it (docs/contract/members.md#provenance). */
const transferSourceSql = (source: string, to: string) =>
  `case when ${source} in ('jit', 'sso_group', 'scim') then ${to} else ${source} end`;

/** A membership in an organization, or in a workspace. */
export type MembershipKind = 'org' | 'workspace';

/** `owner`: the column that limits the change to one organization or workspace. */
const changeRole = (update: string, owner: string): Statement => named(`memberships_change_role_${owner}`)`
  ${update} set role_id = $3, source = ${transferSourceSql('source', `'manual'`)}, role_changed_at = now(),
    role_changed_by_user_id = $4, role_changed_by_key_id = $5, role_changed_audit_entry_id = $6
  where ${owner} = $1 and id = $2`;
export const CHANGE_ROLE: Record<MembershipKind, Statement> = {
  org: changeRole('update org_memberships', 'org_id'),
  workspace: changeRole('update workspace_memberships', 'workspace_id'),
};

export const UPSERT_ADMIN = named('memberships_upsert_admin')`
  with again as (delete from ended_memberships where org_id = $2 and user_id = $3)
  insert into org_memberships (id, org_id, user_id, role_id, ${PROVENANCE_COLUMNS})
  select $1::uuid, $2::uuid, $3::uuid, $4::uuid, given.* from unnest(${provenanceArrays(5)}) as given
  on conflict (org_id, user_id) do update set role_id = excluded.role_id, is_disabled = false,
    access_expires_at = null, reverts_to_role_id = null, access_expires_set_by_user_id = null,
    source = ${transferSourceSql('org_memberships.source', 'excluded.source')}`;

const insertInWorkspaces = (name: string, rest: string): Statement => ({
  name,
  text: `
    insert into workspace_memberships
      (id, org_id, workspace_id, user_id, role_id, ${PROVENANCE_COLUMNS}, ${END_COLUMNS})
    select id, $1, workspace_id, user_id, role_id, ${PROVENANCE_COLUMNS}, access_expires_at, ${END_SET_BY}
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], ${provenanceArrays(6)}, $12::timestamptz[])
      as given (id, workspace_id, user_id, role_id, ${PROVENANCE_COLUMNS}, access_expires_at)
    ${rest}`,
});
export const INSERT_IN_WORKSPACES = insertInWorkspaces(
  'memberships_insert_in_workspaces',
  `on conflict (workspace_id, user_id) do nothing
    returning id, workspace_id as "workspaceId", user_id as "userId", role_id as "roleId"`,
);
export const SET_IN_WORKSPACES = insertInWorkspaces(
  'memberships_set_in_workspaces',
  `order by workspace_id, user_id
    on conflict (workspace_id, user_id) do update set role_id = excluded.role_id, source = excluded.source`,
);

/** Written after the role, whose change may have cleared it. */
const setEnd = (update: string, owner: string): Statement => named(`memberships_set_end_${owner}`)`
  ${update} set access_expires_at = $3, reverts_to_role_id = $4,
    access_expires_set_by_user_id = case when $3::timestamptz is not null then $5::uuid end
  where ${owner} = $1 and id = $2`;
export const SET_END: Record<MembershipKind, Statement> = {
  org: setEnd('update org_memberships', 'org_id'),
  workspace: setEnd('update workspace_memberships', 'workspace_id'),
};

/** $1 organization, $2 user, $3 workspace. The end, and who set it, are those of the other role, whatever follows that. */
export const END_WITH_ORG_ROLE: Statement = named('memberships_end_with_org_role')`
  update workspace_memberships w
  set access_expires_at = m.access_expires_at, access_expires_set_by_user_id = m.access_expires_set_by_user_id
  from current_org_memberships m
  where m.org_id = $1 and m.user_id = $2 and m.access_expires_at is not null
    and w.org_id = $1 and w.user_id = $2 and w.workspace_id = $3
  returning w.access_expires_at as at`;

/** $1 organization, $2 user, $3 the end before, $4 the earlier end, $5 who set it. Not what was given for longer. */
export const END_EARLIER_WITH_ORG_ROLE: Statement = named('memberships_end_earlier_with_org_role')`
  update workspace_memberships set access_expires_at = $4, access_expires_set_by_user_id = $5
  where org_id = $1 and user_id = $2 and created_via = 'workspace_creation' and reverts_to_role_id is null
    and access_expires_at > $4 and access_expires_at <= $3
  returning workspace_id as "workspaceId"`;
