-- The views of the schema as they stand (docs/decisions/0120). Columns may only be added at the end, since `create or replace view`
-- refuses anything else and servers of earlier versions read the others.

-- What has not ended: reading uses these views, whether or not a job has removed what has (docs/contract/members.md#access-that-ends).

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

-- Memberships in user groups, which end with that in the organization at the latest.
create or replace view current_user_group_members as
select user_group_id, user_id, org_id, source, created_at, access_expires_at, access_expires_set_by_user_id, org_access_ends_at
from user_group_members
where (access_expires_at is null or access_expires_at > now()) and (org_access_ends_at is null or org_access_ends_at > now());

-- User groups, and their grants of roles in workspaces.
create or replace view current_user_groups as
select id, org_id, name, description, idp_group_name, idp_sync_enabled, parent_user_group_id, workspace_id, role_id, created_at,
  updated_at, access_expires_at, access_expires_set_by_user_id, requestable
from user_groups
where (access_expires_at is null or access_expires_at > now());
