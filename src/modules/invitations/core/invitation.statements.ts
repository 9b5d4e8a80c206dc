import { entityColumns } from '../../../database/statements/entity-columns.js';
import type { Statement } from '../../../database/transactions/sql.js';
import { Invitation } from './entities.js';

/** Null if invitations never expire (docs/contract/invitations.md#expiry). */
const EXPIRY = `case when $1 = 0 then null else now() + make_interval(days => $1) end`;

/** All rows get the same times, so one row returns them. */
export const INSERT: Statement = {
  name: 'invitations_insert',
  text: `
    with made as (
      insert into invitations (id, org_id, email, full_name, org_role_id, from_workspace, invited_by_user_id, expires_at)
      select id, $2, email, full_name, org_role_id, $3, $4, ${EXPIRY}
      from unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[]) as given (id, email, full_name, org_role_id)
      returning created_at, expires_at)
    select created_at as "createdAt", expires_at as "expiresAt" from made limit 1`,
};

export const RENEW: Statement = {
  name: 'invitations_renew',
  text: `
    update invitations set expires_at = ${EXPIRY}, takes_seat = true
    where org_id = $2 and id = any($3) and status = 'pending'`,
};

/** Renews each invitation with the given org role. */
export const RENEW_AS: Statement = {
  name: 'invitations_renew_as',
  text: `
    update invitations i set org_role_id = given.org_role_id, expires_at = ${EXPIRY}, takes_seat = true
    from unnest($3::uuid[], $4::uuid[]) as given (id, org_role_id)
    where i.org_id = $2 and i.id = given.id and i.status = 'pending'`,
};

/** At most $2, so that the roster lock is held shortly. */
export const COUNT_OUT_EXPIRED: Statement = {
  name: 'invitations_count_out_expired',
  text: `
    update invitations set takes_seat = false where id in (
      select id from invitations
      where org_id = $1 and status = 'pending' and takes_seat and expires_at <= now() limit $2)`,
};

export const REMOVE_GRANTS: Statement = {
  name: 'invitations_drop_grants',
  text: `
    delete from invitation_workspaces w using unnest($2::uuid[], $3::uuid[]) as given (invitation_id, workspace_id)
    where w.org_id = $1 and w.invitation_id = given.invitation_id and w.workspace_id = given.workspace_id`,
};

export const ADD_GRANTS: Statement = {
  name: 'invitations_add_grants',
  text: `
    insert into invitation_workspaces (invitation_id, workspace_id, org_id, role_id)
    select invitation_id, workspace_id, $1, role_id
    from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as given (invitation_id, workspace_id, role_id)
    on conflict (invitation_id, workspace_id) do nothing`,
};

export const SET_GRANTS: Statement = {
  name: 'invitations_set_grants',
  text: ADD_GRANTS.text.replace('do nothing', 'do update set role_id = excluded.role_id'),
};

/**
 * Returns and deletes the grants of invitations that were still pending, so that concurrent calls end each one once.
 * Unnamed, hence planned each time: a plan made for empty tables took 2.5 s instead of 15 ms for 500 of 20,000 rows.
 */
export const END: Statement = {
  name: '',
  text: `
    with ended as (
      update invitations set status = $1, ended_at = now()
      where org_id = $2 and id = any($3) and status = 'pending'
      returning id),
    taken as (
      delete from invitation_workspaces w using ended where w.invitation_id = ended.id
      returning w.invitation_id, w.workspace_id, w.role_id, w.created_at)
    select ended.id, coalesce(
      jsonb_agg(jsonb_build_object('workspaceId', workspace_id, 'roleId', role_id) order by created_at, workspace_id)
        filter (where workspace_id is not null), '[]') as grants
    from ended left join taken on taken.invitation_id = ended.id group by ended.id`,
};

export const PENDING_GRANT: Statement = {
  name: 'invitations_pending_grant',
  text: `
    select w.workspace_id as "workspaceId", w.role_id as "roleId", i.org_role_id as "orgRoleId", i.email
    from invitations i join invitation_workspaces w on w.invitation_id = i.id
    where i.org_id = $1 and i.id = $2 and i.status = 'pending' and w.workspace_id = $3`,
};

const IS_EMPTY = `
  org_id = $2 and status = 'pending' and from_workspace
  and not exists (select from invitation_workspaces w where w.invitation_id = i.id)`;

export const END_EMPTY: Statement = {
  name: 'invitations_end_empty',
  text: `update invitations i set status = $1, ended_at = now() where ${IS_EMPTY}`,
};

export const END_IF_EMPTY: Statement = {
  name: 'invitations_end_if_empty',
  text: `update invitations i set status = $1, ended_at = now() where id = $3 and ${IS_EMPTY}`,
};

/** Compares with the clock, not with the start of the transaction, which may have waited for a lock. */
const COLUMNS = `${entityColumns(Invitation)}, coalesce(expires_at <= clock_timestamp(), false) as "isExpired"`;

/** The pending invitations of an address in all organizations, oldest first. */
export const PENDING_BY_EMAIL: Statement = {
  name: 'invitations_pending_by_email',
  text: `
    select ${COLUMNS} from invitations
    where email = $1 and status = 'pending' order by created_at, id`,
};

/**
 * Looks up each address in the unique index. With stale statistics the planner prefers `invitations_by_age` and reads
 * all pending rows of the organization per address (6 s at 15,000 rows): `offset 0` prevents that.
 */
export const PENDING_BY_EMAILS: Statement = {
  name: 'invitations_pending_by_emails',
  text: `
    select i.* from unnest($2::text[]) as given (email) cross join lateral (
      select ${COLUMNS} from invitations
      where email = given.email and status = 'pending' offset 0) i
    where i."orgId" = $1`,
};
