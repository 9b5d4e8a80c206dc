-- The tables, functions and triggers of the cache of recognized callers (docs/decisions/0061). The runner of migrations applies this file
-- when its text has changed (docs/decisions/0120).

create table if not exists access_changes (
  xid bigint not null,
  subject_id uuid not null,
  constraint access_changes_pkey primary key (xid, subject_id)
);
comment on table access_changes is
  'A change that ends cached access. Triggers write the row in the transaction of the change; it is removed after all processes have read it.';
comment on column access_changes.xid is 'The transaction of the change, as xid8.';
comment on column access_changes.subject_id is 'A user, an organization or a credential. The nil UUID: everybody.';

create table if not exists access_cache_replicas (
  id uuid not null,
  seen text,
  renewed_at timestamptz not null,
  constraint access_cache_replicas_pkey primary key (id)
);
comment on table access_cache_replicas is
  'A server process that may use cached access. Writers wait until it has read their change or its lease has ended.';
comment on column access_cache_replicas.seen is
  'A pg_snapshot as text: the process has read the changes visible in it. Null: none was read yet.';
comment on column access_cache_replicas.renewed_at is 'The start of the lease, by the clock of the database.';
-- Logs whose cached access a change ends, and tells the client, which waits after the commit until all replicas have read the log:
-- the severity INFO is sent whatever `client_min_messages` says. More than 200 of one statement are everybody: replicas read one row.
create or replace function log_access_changes(subject_ids uuid[]) returns void language plpgsql as $$
begin
  if cardinality(subject_ids) = 0 then return; end if;
  insert into access_changes (xid, subject_id)
    select distinct pg_current_xact_id()::text::bigint, subject_id
    from unnest(case when cardinality(subject_ids) > 200 then array['00000000-0000-0000-0000-000000000000'::uuid] else subject_ids end) as s (subject_id)
    where subject_id is not null
    on conflict do nothing;
  raise info 'access changed' using detail = pg_current_xact_id()::text;
end $$;

-- The triggers: one function for each table, since it names the columns that decide access and whose cached access they decide. They
-- are always enabled, since programs restore, copy and repair rows with session_replication_role = replica. New rows end nothing
-- where their owner is as new as they are.

-- Next transaction: users

-- users: by user.
create or replace function log_users_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'UPDATE' then perform log_access_changes(array(
      select distinct id from (
        (select id, email from old_rows except select id, email from new_rows)
        union all (select id, email from new_rows except select id, email from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_update after update on users referencing old table as old_rows new table as new_rows
  for each statement execute function log_users_changes();
create or replace trigger log_access_delete after delete on users referencing old table as old_rows
  for each statement execute function log_users_changes();
create or replace trigger log_access_truncate after truncate on users
  for each statement execute function log_users_changes();
alter table users
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: org_memberships

-- org_memberships: by user.
create or replace function log_org_memberships_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then perform log_access_changes(array(
      select distinct user_id from new_rows r
      where not exists (select from users t where t.id = r.user_id and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)));
    when 'UPDATE' then perform log_access_changes(array(
      select distinct user_id from (
        (select id, org_id, user_id, role_id, is_disabled, created_at, access_expires_at, reverts_to_role_id from old_rows
          except select id, org_id, user_id, role_id, is_disabled, created_at, access_expires_at, reverts_to_role_id from new_rows)
        union all (select id, org_id, user_id, role_id, is_disabled, created_at, access_expires_at, reverts_to_role_id from new_rows
          except select id, org_id, user_id, role_id, is_disabled, created_at, access_expires_at, reverts_to_role_id from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct user_id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_insert after insert on org_memberships referencing new table as new_rows
  for each statement execute function log_org_memberships_changes();
create or replace trigger log_access_update after update on org_memberships referencing old table as old_rows new table as new_rows
  for each statement execute function log_org_memberships_changes();
create or replace trigger log_access_delete after delete on org_memberships referencing old table as old_rows
  for each statement execute function log_org_memberships_changes();
create or replace trigger log_access_truncate after truncate on org_memberships
  for each statement execute function log_org_memberships_changes();
alter table org_memberships
  enable always trigger log_access_insert,
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: workspace_memberships

-- workspace_memberships: by user.
create or replace function log_workspace_memberships_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then perform log_access_changes(array(
      select distinct user_id from new_rows r
      where not exists (select from users t where t.id = r.user_id and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)));
    when 'UPDATE' then perform log_access_changes(array(
      select distinct user_id from (
        (select id, workspace_id, org_id, user_id, role_id, access_expires_at, reverts_to_role_id, org_access_ends_at from old_rows
          except select id, workspace_id, org_id, user_id, role_id, access_expires_at, reverts_to_role_id, org_access_ends_at from new_rows)
        union all (select id, workspace_id, org_id, user_id, role_id, access_expires_at, reverts_to_role_id, org_access_ends_at from new_rows
          except select id, workspace_id, org_id, user_id, role_id, access_expires_at, reverts_to_role_id, org_access_ends_at from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct user_id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_insert after insert on workspace_memberships referencing new table as new_rows
  for each statement execute function log_workspace_memberships_changes();
create or replace trigger log_access_update after update on workspace_memberships referencing old table as old_rows new table as new_rows
  for each statement execute function log_workspace_memberships_changes();
create or replace trigger log_access_delete after delete on workspace_memberships referencing old table as old_rows
  for each statement execute function log_workspace_memberships_changes();
create or replace trigger log_access_truncate after truncate on workspace_memberships
  for each statement execute function log_workspace_memberships_changes();
alter table workspace_memberships
  enable always trigger log_access_insert,
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: user_group_roles

-- user_group_roles: by user.
create or replace function log_user_group_roles_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then perform log_access_changes(array(
      select distinct user_id from new_rows r
      where not exists (select from users t where t.id = r.user_id and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)));
    when 'UPDATE' then perform log_access_changes(array(
      select distinct user_id from (
        (select user_id, workspace_id, role_id, ends_at from old_rows except select user_id, workspace_id, role_id, ends_at from new_rows)
        union all (select user_id, workspace_id, role_id, ends_at from new_rows except select user_id, workspace_id, role_id, ends_at from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct user_id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_insert after insert on user_group_roles referencing new table as new_rows
  for each statement execute function log_user_group_roles_changes();
create or replace trigger log_access_update after update on user_group_roles referencing old table as old_rows new table as new_rows
  for each statement execute function log_user_group_roles_changes();
create or replace trigger log_access_delete after delete on user_group_roles referencing old table as old_rows
  for each statement execute function log_user_group_roles_changes();
create or replace trigger log_access_truncate after truncate on user_group_roles
  for each statement execute function log_user_group_roles_changes();
alter table user_group_roles
  enable always trigger log_access_insert,
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: roles

-- roles: by organization; a system role is everybody's.
create or replace function log_roles_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'UPDATE' then perform log_access_changes(array(
      select distinct coalesce(org_id, '00000000-0000-0000-0000-000000000000'::uuid) from (
        (select id, org_id, name, display_name, access_scope, permissions from old_rows except select id, org_id, name, display_name, access_scope, permissions from new_rows)
        union all (select id, org_id, name, display_name, access_scope, permissions from new_rows except select id, org_id, name, display_name, access_scope, permissions from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct coalesce(org_id, '00000000-0000-0000-0000-000000000000'::uuid) from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_update after update on roles referencing old table as old_rows new table as new_rows
  for each statement execute function log_roles_changes();
create or replace trigger log_access_delete after delete on roles referencing old table as old_rows
  for each statement execute function log_roles_changes();
create or replace trigger log_access_truncate after truncate on roles
  for each statement execute function log_roles_changes();
alter table roles
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: organizations

-- organizations: by organization; to disable one concerns everybody.
create or replace function log_organizations_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'UPDATE' then perform log_access_changes(array(
      select distinct id from (
        (select * from old_rows except select * from new_rows)
        union all (select * from new_rows except select * from old_rows)) r) || array(
        select '00000000-0000-0000-0000-000000000000'::uuid from new_rows n join old_rows o on o.id = n.id where n.is_disabled <> o.is_disabled));
    when 'DELETE' then perform log_access_changes(array(select distinct id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_update after update on organizations referencing old table as old_rows new table as new_rows
  for each statement execute function log_organizations_changes();
create or replace trigger log_access_delete after delete on organizations referencing old table as old_rows
  for each statement execute function log_organizations_changes();
create or replace trigger log_access_truncate after truncate on organizations
  for each statement execute function log_organizations_changes();
alter table organizations
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: workspaces

-- workspaces: by organization.
create or replace function log_workspaces_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then perform log_access_changes(array(
      select distinct org_id from new_rows r
      where not exists (select from organizations t where t.id = r.org_id and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)));
    when 'UPDATE' then perform log_access_changes(array(
      select distinct org_id from (
        (select * from old_rows except select * from new_rows)
        union all (select * from new_rows except select * from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct org_id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_insert after insert on workspaces referencing new table as new_rows
  for each statement execute function log_workspaces_changes();
create or replace trigger log_access_update after update on workspaces referencing old table as old_rows new table as new_rows
  for each statement execute function log_workspaces_changes();
create or replace trigger log_access_delete after delete on workspaces referencing old table as old_rows
  for each statement execute function log_workspaces_changes();
create or replace trigger log_access_truncate after truncate on workspaces
  for each statement execute function log_workspaces_changes();
alter table workspaces
  enable always trigger log_access_insert,
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: sessions

-- sessions: by session; what makes it last longer ends nothing.
create or replace function log_sessions_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'UPDATE' then perform log_access_changes(array(
      select distinct id from (
        (select id, user_id, token_digest, method, acr, amr, authenticated_at from old_rows
          except select id, user_id, token_digest, method, acr, amr, authenticated_at from new_rows)
        union all (select id, user_id, token_digest, method, acr, amr, authenticated_at from new_rows
          except select id, user_id, token_digest, method, acr, amr, authenticated_at from old_rows)) r) || array(
        select n.id from new_rows n join old_rows o on o.id = n.id
        where n.expires_at < o.expires_at
          or coalesce(n.confirmed_until, 'infinity') < coalesce(o.confirmed_until, 'infinity')
          or coalesce(n.refresh_due_at, 'infinity') < coalesce(o.refresh_due_at, 'infinity')));
    when 'DELETE' then perform log_access_changes(array(select distinct id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_update after update on sessions referencing old table as old_rows new table as new_rows
  for each statement execute function log_sessions_changes();
create or replace trigger log_access_delete after delete on sessions referencing old table as old_rows
  for each statement execute function log_sessions_changes();
create or replace trigger log_access_truncate after truncate on sessions
  for each statement execute function log_sessions_changes();
alter table sessions
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: api_keys

-- api_keys: by key.
create or replace function log_api_keys_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'UPDATE' then perform log_access_changes(array(
      select distinct id from (
        (select id, digest, kind, user_id, org_id, org_role_id, workspace_role_id, is_org_wide, default_workspace_id,
            revoked_at, expires_at, previous_digest, previous_ends_at from old_rows
          except select id, digest, kind, user_id, org_id, org_role_id, workspace_role_id, is_org_wide, default_workspace_id,
            revoked_at, expires_at, previous_digest, previous_ends_at from new_rows)
        union all (select id, digest, kind, user_id, org_id, org_role_id, workspace_role_id, is_org_wide, default_workspace_id,
            revoked_at, expires_at, previous_digest, previous_ends_at from new_rows
          except select id, digest, kind, user_id, org_id, org_role_id, workspace_role_id, is_org_wide, default_workspace_id,
            revoked_at, expires_at, previous_digest, previous_ends_at from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_update after update on api_keys referencing old table as old_rows new table as new_rows
  for each statement execute function log_api_keys_changes();
create or replace trigger log_access_delete after delete on api_keys referencing old table as old_rows
  for each statement execute function log_api_keys_changes();
create or replace trigger log_access_truncate after truncate on api_keys
  for each statement execute function log_api_keys_changes();
alter table api_keys
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: api_key_workspaces

-- api_key_workspaces: by key.
create or replace function log_api_key_workspaces_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then perform log_access_changes(array(
      select distinct api_key_id from new_rows r
      where not exists (select from api_keys t where t.id = r.api_key_id and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)));
    when 'UPDATE' then perform log_access_changes(array(
      select distinct api_key_id from (
        (select api_key_id, workspace_id from old_rows except select api_key_id, workspace_id from new_rows)
        union all (select api_key_id, workspace_id from new_rows except select api_key_id, workspace_id from old_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct api_key_id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_insert after insert on api_key_workspaces referencing new table as new_rows
  for each statement execute function log_api_key_workspaces_changes();
create or replace trigger log_access_update after update on api_key_workspaces referencing old table as old_rows new table as new_rows
  for each statement execute function log_api_key_workspaces_changes();
create or replace trigger log_access_delete after delete on api_key_workspaces referencing old table as old_rows
  for each statement execute function log_api_key_workspaces_changes();
create or replace trigger log_access_truncate after truncate on api_key_workspaces
  for each statement execute function log_api_key_workspaces_changes();
alter table api_key_workspaces
  enable always trigger log_access_insert,
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;

-- Next transaction: scim_tokens

-- scim_tokens: by token.
create or replace function log_scim_tokens_changes() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'UPDATE' then perform log_access_changes(array(
      select distinct id from (
        (select id, digest, org_id, makes_admins, created_by_user_id, expires_at, previous_digest, previous_ends_at from old_rows
          except select id, digest, org_id, makes_admins, created_by_user_id, expires_at, previous_digest, previous_ends_at from new_rows)) r));
    when 'DELETE' then perform log_access_changes(array(select distinct id from old_rows));
    else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
  end case;
  return null;
end $$;
create or replace trigger log_access_update after update on scim_tokens referencing old table as old_rows new table as new_rows
  for each statement execute function log_scim_tokens_changes();
create or replace trigger log_access_delete after delete on scim_tokens referencing old table as old_rows
  for each statement execute function log_scim_tokens_changes();
create or replace trigger log_access_truncate after truncate on scim_tokens
  for each statement execute function log_scim_tokens_changes();
alter table scim_tokens
  enable always trigger log_access_update,
  enable always trigger log_access_delete,
  enable always trigger log_access_truncate;
