-- The tables, functions and triggers of the cache of recognized callers (docs/decisions/0124). The runner of migrations applies this file
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
  subject_ids := array_remove(subject_ids, null);
  if cardinality(subject_ids) = 0 then return; end if;
  insert into access_changes (xid, subject_id)
    select distinct pg_current_xact_id()::text::bigint, subject_id
    from unnest(case when cardinality(subject_ids) > 200 then array['00000000-0000-0000-0000-000000000000'::uuid] else subject_ids end) as s (subject_id)
    on conflict do nothing;
  raise info 'access changed' using detail = pg_current_xact_id()::text;
end $$;

-- Creates what logs the changes of one table: a function, since it names the columns that decide access or that a cached response shows,
-- and whose cached access they decide; and its triggers. `subject`, `columns`: of the table; `owners`: the table of the subjects, if new
-- rows count, which end nothing where their owner is as new as they are; `further`: subjects of an update beside those. The triggers are
-- always enabled, since programs restore, copy and repair rows with session_replication_role = replica.
create or replace function log_access_of(logged text, subject text, columns text, owners text default null, further text default '')
returns void language plpgsql as $create$
declare
  logger text := format('log_%s_changes', logged);
  events text[] := array['update', 'delete', 'truncate'];
  event text;
begin
  if owners is not null then events := array_prepend('insert', events); end if;
  execute format($function$
    create or replace function %1$I() returns trigger language plpgsql as $body$
    begin
      case tg_op%5$s
        when 'UPDATE' then perform log_access_changes(array(
          select distinct %2$s from (
            (select %3$s from old_rows except select %3$s from new_rows)
            union all (select %3$s from new_rows except select %3$s from old_rows)) r)%4$s);
        when 'DELETE' then perform log_access_changes(array(select distinct %2$s from old_rows));
        else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
      end case;
      return null;
    end $body$ $function$,
    logger, subject, columns, further,
    case when owners is not null then format($insert$
        when 'INSERT' then perform log_access_changes(array(
          select distinct %1$s from new_rows r
          where not exists (select from %2$I t where t.id = r.%1$s and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)));$insert$,
      subject, owners) end);
  foreach event in array events loop
    execute format('create or replace trigger log_access_%1$s after %1$s on %2$I %3$s for each statement execute function %4$I()',
      event, logged,
      case event
        when 'insert' then 'referencing new table as new_rows'
        when 'update' then 'referencing old table as old_rows new table as new_rows'
        when 'delete' then 'referencing old table as old_rows'
      end,
      logger);
    execute format('alter table %I enable always trigger log_access_%s', logged, event);
  end loop;
end $create$;

-- Next transaction: users
select log_access_of('users', 'id', 'id, email');

-- Next transaction: org_memberships
select log_access_of('org_memberships', 'user_id',
  'id, org_id, user_id, role_id, is_disabled, created_at, access_expires_at, reverts_to_role_id', owners => 'users');

-- Next transaction: workspace_memberships
select log_access_of('workspace_memberships', 'user_id',
  'id, workspace_id, org_id, user_id, role_id, access_expires_at, reverts_to_role_id, org_access_ends_at', owners => 'users');

-- Next transaction: user_group_roles
select log_access_of('user_group_roles', 'user_id', 'user_id, workspace_id, role_id, ends_at', owners => 'users');

-- Next transaction: roles
-- A system role concerns everybody.
select log_access_of('roles', 'coalesce(org_id, ''00000000-0000-0000-0000-000000000000''::uuid)',
  'id, org_id, name, display_name, access_scope, permissions');

-- Next transaction: organizations
-- To disable one concerns everybody.
select log_access_of('organizations', 'id',
  'id, display_name, is_personal, is_disabled, is_default, created_at, max_identities, max_workspaces, can_use_user_groups,
  invites_enabled, jit_provisioning_enabled, workspace_admin_can_invite_to_org, sso_only, sso_login_slug, pat_creation_disabled,
  api_key_creation_from_api_keys_enabled, max_api_key_expiry_days, max_pat_expiry_days, max_service_key_expiry_days, security_contact,
  scim_group_name_separator, scim_roles_enabled, mail_language, ip_allowlist, required_acr, required_amr, max_authentication_age, preferences',
  further => $$ || array(
    select '00000000-0000-0000-0000-000000000000'::uuid from new_rows n join old_rows o on o.id = n.id where n.is_disabled <> o.is_disabled)$$);

-- Next transaction: workspaces
select log_access_of('workspaces', 'org_id', 'id, org_id, display_name, tenant_handle, created_at, requestable', owners => 'organizations');

-- Next transaction: sessions
-- What makes one last longer ends nothing.
select log_access_of('sessions', 'id', 'id, user_id, token_digest, method, acr, amr, authenticated_at',
  further => $$ || array(
    select n.id from new_rows n join old_rows o on o.id = n.id
    where n.expires_at < o.expires_at
      or coalesce(n.confirmed_until, 'infinity') < coalesce(o.confirmed_until, 'infinity')
      or coalesce(n.refresh_due_at, 'infinity') < coalesce(o.refresh_due_at, 'infinity'))$$);

-- Next transaction: api_keys
select log_access_of('api_keys', 'id',
  'id, digest, kind, user_id, org_id, org_role_id, workspace_role_id, is_org_wide, default_workspace_id, revoked_at, expires_at,
  previous_digest, previous_ends_at');

-- Next transaction: api_key_workspaces
select log_access_of('api_key_workspaces', 'api_key_id', 'api_key_id, workspace_id', owners => 'api_keys');

-- Next transaction: oauth_clients
-- One that has registered itself is never disabled.
select log_access_of('oauth_clients', 'org_id', 'id, org_id, is_disabled');

-- Next transaction: oauth_grants
select log_access_of('oauth_grants', 'id', 'id, org_id, user_id, registered_client_id, default_workspace_id, expires_at');

-- Next transaction: oauth_artifacts
-- Only access tokens that are valid are cached, as their grant.
select log_access_of('oauth_artifacts', 'case when kind = ''AccessToken'' and expires_at > now() then grant_id end',
  'digest, kind, grant_id, expires_at');

-- Next transaction: scim_tokens
select log_access_of('scim_tokens', 'id',
  'id, digest, org_id, makes_admins, created_by_user_id, expires_at, previous_digest, previous_ends_at');
