import { entityColumns } from '../../../database/statements/entity-columns.js';
import { named, type Statement } from '../../../database/transactions/sql.js';
import { Invitation } from './entities.js';

/** Null if invitations never expire (docs/contract/invitations.md#expiry). */
const EXPIRY = `case when $1 = 0 then null else now() + make_interval(days => $1) end`;

/** When all that an invitation offers has ended; null if something is permanent. `i`: the invitation. */
const OFFER_ENDS = `least(i.access_expires_at, case when i.from_workspace then (
  select case when bool_or(w.access_expires_at is null) then null else max(w.access_expires_at) end
  from invitation_workspaces w where w.invitation_id = i.id) end)`;

/** All rows get the same times, but for an earlier end of what they offer, so one row returns them. */
export const INSERT: Statement = named('invitations_insert')`
  with made as (
    insert into invitations
      (id, org_id, email, full_name, org_role_id, from_workspace, invited_by_user_id, expires_at, access_expires_at)
    select id, $2, email, full_name, org_role_id, $3, $4, least(${EXPIRY}, ends_at), case when not $3 then ends_at end
    from unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[])
      as given (id, email, full_name, org_role_id, ends_at)
    returning created_at)
  select created_at as "createdAt", ${EXPIRY} as "expiresAt" from made limit 1`;

/** When the organization may invite again; no row if it has invited at most $2 addresses within an hour. */
export const OVER_HOURLY_LIMIT: Statement = named('invitations_over_hourly_limit')`
  select greatest(1, ceil(extract(epoch from created_at + interval '1 hour' - now())))::int as seconds
  from invitations
  where org_id = $1 and status in ('pending', 'accepted', 'declined', 'revoked')
    and created_at > now() - interval '1 hour'
  order by created_at desc offset $2 limit 1`;

export const RENEW: Statement = named('invitations_renew')`
  update invitations i set expires_at = least(${EXPIRY}, ${OFFER_ENDS}), takes_seat = true
  where org_id = $2 and id = any($3) and status = 'pending' and coalesce(${OFFER_ENDS} > now(), true)`;

/** Renews each invitation with the given org role, without an end that has passed. */
export const RENEW_AS: Statement = named('invitations_renew_as')`
  update invitations i set org_role_id = given.org_role_id, expires_at = ${EXPIRY}, takes_seat = true,
    access_expires_at = case when access_expires_at > now() then access_expires_at end
  from unnest($3::uuid[], $4::uuid[]) as given (id, org_role_id)
  where i.org_id = $2 and i.id = given.id and i.status = 'pending'`;

/** At most $2, so that the roster lock is held shortly. */
export const COUNT_OUT_EXPIRED: Statement = named('invitations_count_out_expired')`
  update invitations set takes_seat = false where id in (
    select id from invitations
    where org_id = $1 and status = 'pending' and takes_seat and expires_at <= now() limit $2)`;

export const REMOVE_GRANTS: Statement = named('invitations_drop_grants')`
  delete from invitation_workspaces w using unnest($2::uuid[], $3::uuid[]) as given (invitation_id, workspace_id)
  where w.org_id = $1 and w.invitation_id = given.invitation_id and w.workspace_id = given.workspace_id`;

export const ADD_GRANTS: Statement = named('invitations_add_grants')`
  insert into invitation_workspaces (invitation_id, workspace_id, org_id, role_id, access_expires_at)
  select invitation_id, workspace_id, $1, role_id, access_expires_at
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
    as given (invitation_id, workspace_id, role_id, access_expires_at)
  on conflict (invitation_id, workspace_id) do nothing`;

export const SET_GRANTS: Statement = {
  name: 'invitations_set_grants',
  text: ADD_GRANTS.text.replace('do nothing', 'do update set role_id = excluded.role_id'),
};

export const REMOVE_ENDED_GRANTS: Statement = named('invitations_drop_ended_grants')`
  delete from invitation_workspaces
  where org_id = $1 and invitation_id = any($2) and access_expires_at <= now()`;

/** Null is permanent. Where no workspace is given, the end of the membership in the organization. */
export const SET_ORG_ENDS: Statement = named('invitations_set_org_ends')`
  update invitations i set access_expires_at = given.ends_at
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as given (id, workspace_id, ends_at)
  where i.org_id = $1 and i.id = given.id and i.status = 'pending' and given.workspace_id is null`;
export const SET_WORKSPACE_ENDS: Statement = named('invitations_set_workspace_ends')`
  update invitation_workspaces w set access_expires_at = given.ends_at
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as given (id, workspace_id, ends_at)
  where w.org_id = $1 and w.invitation_id = given.id and w.workspace_id = given.workspace_id`;

/** An expiry that comes from the end of the offer, before that changes. An expired invitation stays so. */
export const UNLIMIT_EXPIRY: Statement = named('invitations_unlimit_expiry')`
  update invitations i set expires_at = ${EXPIRY}
  where org_id = $2 and id = any($3) and status = 'pending' and expires_at > now() and expires_at = ${OFFER_ENDS}`;
export const LIMIT_EXPIRY: Statement = named('invitations_limit_expiry')`
  update invitations i set expires_at = ${OFFER_ENDS}
  where org_id = $1 and id = any($2) and status = 'pending' and coalesce(expires_at, 'infinity') > ${OFFER_ENDS}`;

/**
 * Deletes the grants, too, and returns those that have not ended. Unnamed, hence planned each time: a plan made for
 * empty tables took 2.5 s instead of 15 ms for 500 of 20,000 rows.
 */
export const END: Statement = named('')`
  with ended as (
    update invitations set status = $1, ended_at = now()
    where org_id = $2 and id = any($3) and status = 'pending'
    returning id),
  taken as (
    delete from invitation_workspaces w using ended where w.invitation_id = ended.id
    returning w.invitation_id, w.workspace_id, w.role_id, w.created_at, w.access_expires_at)
  select ended.id, coalesce(
    jsonb_agg(
      jsonb_build_object('workspaceId', workspace_id, 'roleId', role_id, 'accessExpiresAt', access_expires_at)
      order by created_at, workspace_id)
    filter (where workspace_id is not null and (access_expires_at is null or access_expires_at > now())),
    '[]') as grants
  from ended left join taken on taken.invitation_id = ended.id group by ended.id`;

export const PENDING_GRANT: Statement = named('invitations_pending_grant')`
  select w.workspace_id as "workspaceId", w.role_id as "roleId", w.access_expires_at as "accessExpiresAt",
    coalesce(w.access_expires_at <= now(), false) as "hasEnded", i.org_role_id as "orgRoleId", i.email
  from invitations i join invitation_workspaces w on w.invitation_id = i.id
  where i.org_id = $1 and i.id = $2 and i.status = 'pending' and w.workspace_id = $3`;

/** Oldest first, without what has ended. */
export const OFFERED_WORKSPACES: Statement = named('invitations_offered_workspaces')`
  select workspace_id as "workspaceId" from invitation_workspaces
  where invitation_id = any($1) and (access_expires_at is null or access_expires_at > now())
  order by created_at, workspace_id`;

const IS_EMPTY = `
  org_id = $2 and status = 'pending' and from_workspace
  and not exists (select from invitation_workspaces w where w.invitation_id = i.id)`;

export const END_EMPTY: Statement = named('invitations_end_empty')`
  update invitations i set status = $1, ended_at = now() where ${IS_EMPTY}`;

export const END_IF_EMPTY: Statement = named('invitations_end_if_empty')`
  update invitations i set status = $1, ended_at = now() where id = $3 and ${IS_EMPTY}`;

/** Compares with the clock, not with the start of the transaction, which may have waited for a lock. */
const COLUMNS = `${entityColumns(Invitation)}, coalesce(expires_at <= clock_timestamp(), false) as "isExpired"`;

export const PENDING_BY_EMAIL: Statement = named('invitations_pending_by_email')`
  select ${COLUMNS} from invitations
  where email = $1 and status = 'pending' order by created_at, id`;

/** `offset 0` keeps the planner from reading all pending rows of the organization for each address, by its age. */
export const PENDING_BY_EMAILS: Statement = named('invitations_pending_by_emails')`
  select i.* from unnest($2::text[]) as given (email) cross join lateral (
    select ${COLUMNS} from invitations
    where email = given.email and status = 'pending' offset 0) i
  where i."orgId" = $1`;
