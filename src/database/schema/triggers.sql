-- The triggers of the schema as they stand, without those of optional parts (docs/decisions/0120). The line above each says why it is
-- neither a constraint nor a statement of the server. They hold for every writer: rows also go by cascades and by psql.
-- Those of one table are replaced in one transaction, which locks no other table: with several locks, it would end requests.

-- Next transaction: users

-- A generated column cannot read another table, and users are changed by sign-in, SCIM and psql.
create or replace trigger copy_into_memberships after update of email, full_name on users
  for each row when (old.email is distinct from new.email or old.full_name is distinct from new.full_name)
  execute function copy_user_into_memberships();

-- Next transaction: org_memberships

-- A constraint cannot count, and members also leave by cascades from users and organizations.
create or replace trigger count_joined after insert on org_memberships
  referencing new table as new_rows for each statement execute function count_members();

-- As count_joined.
create or replace trigger count_left after delete on org_memberships
  referencing old table as old_rows for each statement execute function count_members();

-- The lock keeps the copy right while the address of the user changes.
create or replace trigger copy_user before insert on org_memberships
  for each row execute function copy_user_into_membership();

-- A constraint refuses what a provider manages with an end, but a provider that takes it over has to succeed; and each statement that
-- changes a temporary role would have to clear the end of the former one.
create or replace trigger clear_end before update of source, role_id on org_memberships
  for each row when (new.access_expires_at is not null and (new.source in ('scim', 'sso_group')
    or (old.role_id <> new.role_id and old.access_expires_at = new.access_expires_at
      and new.reverts_to_role_id is not null and old.reverts_to_role_id = new.reverts_to_role_id)))
  execute function clear_reversion();

-- A foreign key cannot copy the end, since a temporary role has an end that is none of the membership. Its columns are those that
-- statements set: an end that another trigger clears counts as set with the source or role.
create or replace trigger copy_end after update of access_expires_at, reverts_to_role_id, source, role_id on org_memberships
  for each row when (old.access_expires_at is distinct from new.access_expires_at
    or old.reverts_to_role_id is distinct from new.reverts_to_role_id)
  execute function copy_org_end();

-- A member also leaves by cascades, and what names them is gone with the row.
create or replace trigger keep_name before delete on org_memberships
  for each row execute function keep_name_of_member();

-- A member also leaves by cascades, and the password of a former member must not wait for an invitation.
create or replace trigger remove_passwords_of_left after delete on org_memberships
  referencing old table as old_rows for each statement execute function remove_unproved_passwords();

-- Next transaction: workspace_memberships

-- As on org_memberships.
create or replace trigger count_joined after insert on workspace_memberships
  referencing new table as new_rows for each statement execute function count_workspace_members();

-- As on org_memberships.
create or replace trigger count_left after delete on workspace_memberships
  referencing old table as old_rows for each statement execute function count_workspace_members();

-- As on org_memberships.
create or replace trigger copy_user before insert on workspace_memberships
  for each row execute function copy_user_into_membership();

-- The statement may insert the organization membership, too, whose end is visible only after it.
create or replace trigger copy_org_end after insert on workspace_memberships
  referencing new table as new_rows for each statement execute function copy_org_end_into_new_rows();

-- As on org_memberships.
create or replace trigger clear_end before update of source, role_id on workspace_memberships
  for each row when (new.access_expires_at is not null and (new.source in ('scim', 'sso_group')
    or (old.role_id <> new.role_id and old.access_expires_at = new.access_expires_at
      and new.reverts_to_role_id is not null and old.reverts_to_role_id = new.reverts_to_role_id)))
  execute function clear_reversion();

-- Next transaction: user_groups

-- A view over all groups of a user is too slow for the recognition of callers, and a grant changes what many members hold.
create or replace trigger user_groups_change_roles after insert or update of role_id, access_expires_at on user_groups
  for each row when (new.workspace_id is not null) execute function change_user_group_roles_of_grant();

-- As user_groups_change_roles; grants also go by cascades, with the memberships that show what they gave.
create or replace trigger user_groups_remove_roles before delete on user_groups
  for each row when (old.workspace_id is not null) execute function change_user_group_roles_of_grant();

-- Next transaction: user_group_members

-- As user_groups_change_roles; once for a statement that adds many.
create or replace trigger user_group_members_add_roles after insert on user_group_members
  referencing new table as new_rows for each statement execute function change_user_group_roles_of_members();

-- As user_groups_change_roles; members also leave by cascades.
create or replace trigger user_group_members_change_roles before update of access_expires_at or delete on user_group_members
  for each row execute function change_user_group_roles_of_members();

-- As on workspace_memberships.
create or replace trigger copy_org_end after insert on user_group_members
  referencing new table as new_rows for each statement execute function copy_org_end_into_new_rows();

-- Next transaction: invitations

-- A constraint cannot count; the number limits seats under concurrent invitations.
create or replace trigger count_invited after insert on invitations
  referencing new table as new_rows for each statement execute function count_pending();

-- As count_invited.
create or replace trigger count_ended after update on invitations
  referencing old table as old_rows new table as new_rows for each statement execute function count_pending();

-- As count_invited; invitations also go by cascades.
create or replace trigger count_removed after delete on invitations
  referencing old table as old_rows for each statement execute function count_pending();

-- An invitation also goes by cascades, and its name with it.
create or replace trigger keep_name after update of status or delete on invitations
  for each row when (old.status = 'pending') execute function keep_name_of_invited();

-- Next transaction: scim_users

-- A constraint cannot count, and SCIM users also go by cascades from users and organizations.
create or replace trigger count_joined after insert on scim_users
  referencing new table as new_rows for each statement execute function count_members();

-- As count_joined.
create or replace trigger count_left after delete on scim_users
  referencing old table as old_rows for each statement execute function count_members();

-- A group shows the names of its members, so its version changes with them on every path; SCIM users also go by cascades.
create or replace trigger change_groups before update of user_name, attributes or delete on scim_users
  for each row execute function change_groups_of_scim_user();

-- Next transaction: sso_default_workspaces

-- A constraint cannot say "at least one row", and default workspaces also go by cascades.
create or replace trigger one_default_remains after delete on sso_default_workspaces
  referencing old table as old_rows for each statement execute function keep_a_default_workspace();

-- Next transaction: api_keys

-- A foreign key cannot pass a row on to the row behind the one that goes; keys also go by cascades.
create or replace trigger pass_on_created after delete on api_keys
  referencing old table as old_rows for each statement execute function pass_on_created();

-- A unique index cannot span two columns, and the bootstrap file names secrets.
create or replace trigger refuse_previous_secrets after insert or update of digest on api_keys
  for each row execute function refuse_previous_secrets();

-- Next transaction: scim_tokens

-- As on api_keys.
create or replace trigger refuse_previous_secrets after insert or update of digest on scim_tokens
  for each row execute function refuse_previous_secrets();

-- Next transaction: audit_entries

-- Also refuses psql and defects of the server, which a right of the role could not.
create or replace trigger audit_entries_do_not_change before update or truncate on audit_entries
  for each statement execute function audit_rows_do_not_change();

-- Next transaction: audit_seals

-- As on audit_entries.
create or replace trigger audit_seals_do_not_change before update or truncate on audit_seals
  for each statement execute function audit_rows_do_not_change();
