-- The views of the schema as they stand (docs/decisions/0120). Columns may only be added at the end, since `create or replace view`
-- refuses anything else and servers of earlier versions read the others.

-- What has not ended: reading uses these views, whether or not a job has removed what has (docs/contract/members.md#access-that-ends).

-- Next transaction: current_org_memberships

-- Memberships in organizations. From its end on, a temporary role counts as the role after it.
create or replace view current_org_memberships as
select id, org_id, user_id, is_disabled, source, created_at, created_via, invitation_id, created_by_user_id, created_by_key_id,
  created_audit_entry_id, role_changed_at, role_changed_by_user_id, role_changed_by_key_id, role_changed_audit_entry_id,
  user_email, user_full_name,
  case when access_expires_at <= now() then reverts_to_role_id else role_id end as role_id,
  role_id as given_role_id,
  case when access_expires_at > now() then access_expires_at end as access_expires_at,
  case when access_expires_at > now() then reverts_to_role_id end as reverts_to_role_id,
  access_expires_set_by_user_id
from org_memberships
where (access_expires_at is null or access_expires_at > now() or reverts_to_role_id is not null);

-- Next transaction: current_workspace_memberships

-- Memberships in workspaces, which end with that in the organization at the latest.
create or replace view current_workspace_memberships as
select id, org_id, workspace_id, user_id, source, created_at, created_via, invitation_id, created_by_user_id, created_by_key_id,
  created_audit_entry_id, role_changed_at, role_changed_by_user_id, role_changed_by_key_id, role_changed_audit_entry_id,
  user_email, user_full_name,
  case when access_expires_at <= now() then reverts_to_role_id else role_id end as role_id,
  role_id as given_role_id,
  case when access_expires_at > now() then access_expires_at end as access_expires_at,
  case when access_expires_at > now() then reverts_to_role_id end as reverts_to_role_id,
  access_expires_set_by_user_id, org_access_ends_at
from workspace_memberships
where (access_expires_at is null or access_expires_at > now() or reverts_to_role_id is not null)
  and (org_access_ends_at is null or org_access_ends_at > now());

-- Next transaction: current_user_group_members

-- Memberships in user groups, which end with that in the organization at the latest.
create or replace view current_user_group_members as
select user_group_id, user_id, org_id, source, created_at, access_expires_at, access_expires_set_by_user_id, org_access_ends_at
from user_group_members
where (access_expires_at is null or access_expires_at > now()) and (org_access_ends_at is null or org_access_ends_at > now());

-- Next transaction: current_user_groups

-- User groups, and their grants of roles in workspaces.
create or replace view current_user_groups as
select id, org_id, name, description, idp_group_name, idp_sync_enabled, parent_user_group_id, workspace_id, role_id, created_at,
  updated_at, access_expires_at, access_expires_set_by_user_id, requestable
from user_groups
where (access_expires_at is null or access_expires_at > now());

-- What each user group gives in a workspace, to members or not: a group and its part there both give the role that the part has,
-- with what is attached to them for that workspace.
create or replace view current_user_group_grants as
select c.org_id, g.id as group_id, g.name, c.id as grant_id, c.workspace_id, c.role_id,
  c.access_expires_at as ends_at,
  array(
    select a.access_policy_id from user_group_policies a
    where a.user_group_id = g.id and (a.workspace_id is null or a.workspace_id = c.workspace_id)) as policy_ids
from current_user_groups c
join user_groups g on g.id in (c.parent_user_group_id, c.id)
where c.workspace_id is not null;

-- Each role that counts now, of users and service accounts, and through what they have it (docs/decisions/0121). Without a workspace:
-- in the organization. What a disabled member has is among them.
create or replace view effective_roles as
-- in the organization
select 'user'::text as kind, m.user_id as subject_id, m.org_id, null::uuid as workspace_id, m.role_id,
  'organization_role'::text as through, m.id as source_id, null::uuid as group_id, '{}'::uuid[] as policy_ids,
  m.is_disabled, m.access_expires_at as ends_at
from current_org_memberships m
union all
-- an Organization Admin is Workspace Admin everywhere; nothing else of theirs counts in workspaces
select 'user'::text, m.user_id, m.org_id, w.id, 'ddb9aff9-f3f0-40b0-b169-bdecabe423c0'::uuid,
  'organization_role'::text, m.id, null::uuid, '{}'::uuid[], m.is_disabled, m.access_expires_at
from current_org_memberships m
join workspaces w on w.org_id = m.org_id
where m.role_id = 'd55c22fe-85b2-45eb-8d49-ea44969558af'
union all
select 'user'::text, m.user_id, m.org_id, p.workspace_id, p.role_id,
  'workspace_role'::text, p.id, null::uuid, '{}'::uuid[], m.is_disabled,
  least(p.access_expires_at, p.org_access_ends_at)
from current_org_memberships m
join current_workspace_memberships p on p.org_id = m.org_id and p.user_id = m.user_id
where m.role_id <> 'd55c22fe-85b2-45eb-8d49-ea44969558af'
union all
-- a group makes no user a member of a workspace: it gives something where they have a role of their own
select 'user'::text, m.user_id, m.org_id, g.workspace_id, g.role_id,
  'user_group_role'::text, g.grant_id, g.group_id, g.policy_ids, m.is_disabled,
  least(i.access_expires_at, g.ends_at, p.org_access_ends_at,
    case when p.reverts_to_role_id is null then p.access_expires_at end)
from current_org_memberships m
join organizations o on o.id = m.org_id and o.can_use_user_groups
join current_user_group_members i on i.org_id = m.org_id and i.user_id = m.user_id
join current_user_group_grants g on g.group_id = i.user_group_id
join current_workspace_memberships p on p.workspace_id = g.workspace_id and p.user_id = m.user_id
where m.role_id <> 'd55c22fe-85b2-45eb-8d49-ea44969558af'
union all
select 'service_account'::text, s.service_account_id, s.org_id, s.workspace_id, s.role_id,
  'workspace_role'::text, null::uuid, null::uuid, '{}'::uuid[], false, null::timestamptz
from service_account_workspaces s
union all
select 'service_account'::text, s.service_account_id, s.org_id, s.workspace_id, g.role_id,
  'user_group_role'::text, g.grant_id, g.group_id, g.policy_ids, false, g.ends_at
from service_account_workspaces s
join organizations o on o.id = s.org_id and o.can_use_user_groups
join user_group_service_accounts i on i.service_account_id = s.service_account_id and i.org_id = s.org_id
join current_user_group_grants g on g.group_id = i.user_group_id and g.workspace_id = s.workspace_id;
