/** $1 organization, $2 the id of the member's org membership. */
export const PERSON = {
  name: 'member_access_person',
  text: `
    select m.id, m.user_id as "userId", m.is_disabled as "isDisabled", u.email, u.full_name as "fullName"
    from org_memberships m join users u on u.id = m.user_id
    where m.org_id = $1 and m.id = $2`,
};

/**
 * The operations that create memberships, except those of the SCIM module. The audit entry is written in the
 * transaction of the membership, whose start is the membership's time, and names the membership, the user, the
 * workspace, the organization that the user created, or the invitation that the user accepted.
 */
const MADE_BY = `
  select e.id, e.operation, e.user_id, e.credential_kind, e.credential_id from audit_entries e
  where e.org_id = $1 and e.succeeded
    and e.created_at between h.created_at - interval '1 millisecond' and h.created_at + interval '1 minute'
    and e.resource_ids && array[h.id, h.member_id, h.user_id, h.workspace_id, $1, o.id]
    and e.operation in ('create_organization', 'create_tenant', 'create_workspace', 'add_member_to_workspace',
      'add_members_to_workspace_batch', 'add_basic_auth_users_to_org', 'invite_user_to_org', 'invite_users_to_org_batch',
      'claim_pending_organization_invite', 'claim_pending_workspace_invite', 'login',
      'create_scim_user', 'update_scim_user', 'create_scim_group', 'update_scim_group')
  order by h.id = any(e.resource_ids) desc, e.created_at, e.id limit 1`;

/** Uses the index `audit_entries_role_changes`, which covers only role changes. */
const ROLE_CHANGE = `
  select e.id, e.created_at, e.user_id, e.credential_kind, e.credential_id from audit_entries e
  where e.org_id = $1 and e.created_at >= h.created_at and e.succeeded and h.id = any(e.resource_ids)
    and e.operation in ('update_org_member', 'update_workspace_member')
  order by e.created_at desc, e.id desc limit 1`;

/** A membership that a rule created and a user changed later: the source is manual, but no user created it. */
const IS_HANDED_OVER = `h.source = 'manual' and (e.operation = 'login' or e.operation like '%scim%')`;

/** The id of a session is omitted, because callers cannot look it up. */
const actor = (entry: string, user: string, userId: string) => `
  case when ${userId} is not null or ${entry}.credential_id is not null then jsonb_build_object(
    'userId', ${userId}, 'email', ${user}.email,
    'credentialId', case when ${entry}.credential_kind <> 'session' then ${entry}.credential_id end) end`;

/**
 * $1 organization, $2 the id of the member's org membership. That one first, then those of workspaces, oldest workspace
 * first. An accepted invitation ended in the transaction that created the membership, so both have the same time.
 */
export const MEMBERSHIPS = {
  name: 'member_access_memberships',
  text: `
    with person as materialized (
      select m.*, u.email from org_memberships m join users u on u.id = m.user_id
      where m.org_id = $1 and m.id = $2),
    held as materialized (
      select id, id as member_id, user_id, null::uuid as workspace_id, role_id, source, created_at from person
      union all
      select w.id, p.id, w.user_id, w.workspace_id, w.role_id, w.source, w.created_at
      from person p join workspace_memberships w on w.org_id = p.org_id and w.user_id = p.user_id),
    taken as materialized (
      select i.id, i.invited_by_user_id, i.created_at, i.ended_at from invitations i join person p on p.email = i.email
      where i.org_id = $1 and i.status = 'accepted')
    select h.id, h.workspace_id as "workspaceId", v.display_name as "workspaceName",
      r.id as "roleId", r.display_name as "roleName", r.permissions,
      h.source, h.created_at as "createdAt", o.id as "invitationId", o.created_at as "invitedAt", e.id as "entryId",
      case when ${IS_HANDED_OVER} then ${actor('c', 'd', 'c.user_id')}
        when h.source in ('manual', 'scim') then ${actor('e', 'a', 'e.user_id')}
        when h.source = 'invitation' and o.invited_by_user_id is not null
          then jsonb_build_object('userId', o.invited_by_user_id, 'email', b.email, 'credentialId', null) end as by,
      c.id as "changeId", c.created_at as "changedAt", ${actor('c', 'd', 'c.user_id')} as "changedBy"
    from held h
    join roles r on r.id = h.role_id
    left join workspaces v on v.id = h.workspace_id
    left join taken o on h.source = 'invitation' and o.ended_at = h.created_at
    left join users b on b.id = o.invited_by_user_id
    left join lateral (${MADE_BY}) e on true
    left join users a on a.id = e.user_id
    left join lateral (${ROLE_CHANGE}) c on true
    left join users d on d.id = c.user_id
    order by h.workspace_id is not null, v.created_at, v.id`,
};

/** $1 organization. */
export const WORKSPACES = {
  name: 'member_access_workspaces',
  text: 'select id, display_name as name from workspaces where org_id = $1 order by created_at, id',
};
