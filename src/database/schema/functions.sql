-- The functions of the schema as they stand, without those of optional parts (docs/decisions/0120). Most are for triggers.sql.

-- Counts, so that lists and limits need not count rows

-- Keeps headcounts.members and headcounts.scim_users, the members and SCIM users of an organization.
create or replace function count_members() returns trigger language plpgsql as $$
declare is_scim constant boolean := tg_table_name = 'scim_users';
begin
  if tg_op = 'INSERT' then
    insert into headcounts as h (org_id, members, scim_users)
    select org_id, case when is_scim then 0 else count(*) end, case when is_scim then count(*) else 0 end
    from new_rows group by org_id order by org_id
    on conflict (org_id) do update set
      members = h.members + excluded.members, scim_users = h.scim_users + excluded.scim_users;
  else
    update headcounts h set
      members = h.members - case when is_scim then 0 else gone.count end,
      scim_users = h.scim_users - case when is_scim then gone.count else 0 end
    from (select org_id, count(*) from old_rows group by org_id order by org_id) gone
    where h.org_id = gone.org_id;
  end if;
  return null;
end $$;

-- Keeps workspace_headcounts.members, the members of a workspace.
create or replace function count_workspace_members() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into workspace_headcounts as h (workspace_id, members)
    select workspace_id, count(*) from new_rows group by workspace_id order by workspace_id
    on conflict (workspace_id) do update set members = h.members + excluded.members;
  else
    update workspace_headcounts h set members = h.members - gone.count
    from (select workspace_id, count(*) from old_rows group by workspace_id order by workspace_id) gone
    where h.workspace_id = gone.workspace_id;
  end if;
  return null;
end $$;

-- Keeps headcounts.pending and pending_seats, the pending invitations of an organization and those that take a seat.
create or replace function count_pending() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into headcounts as h (org_id, pending, pending_seats)
    select org_id, count(*), count(*) filter (where takes_seat)
    from new_rows where status = 'pending' group by org_id order by org_id
    on conflict (org_id) do update set
      pending = h.pending + excluded.pending, pending_seats = h.pending_seats + excluded.pending_seats;
  elsif tg_op = 'DELETE' then
    update headcounts h set pending = h.pending - gone.count, pending_seats = h.pending_seats - gone.seats
    from (
      select org_id, count(*) as count, count(*) filter (where takes_seat) as seats
      from old_rows where status = 'pending' group by org_id order by org_id) gone
    where h.org_id = gone.org_id;
  else
    update headcounts h set pending = h.pending + moved.change, pending_seats = h.pending_seats + moved.seats
    from (
      select org_id, sum(change) as change, coalesce(sum(change) filter (where takes_seat), 0) as seats from (
        select org_id, takes_seat, 1 as change from new_rows where status = 'pending'
        union all
        select org_id, takes_seat, -1 from old_rows where status = 'pending') both_sides
      group by org_id having sum(change) <> 0 or sum(change) filter (where takes_seat) <> 0 order by org_id) moved
    where h.org_id = moved.org_id;
  end if;
  return null;
end $$;

-- Copies in memberships, for searching and sorting by index

-- Copies the address and name of the user into a new membership. The lock makes a change of them wait, which then copies them again.
create or replace function copy_user_into_membership() returns trigger language plpgsql set enable_seqscan = off as $$
declare person record;
begin
  select email, full_name into person from users where id = new.user_id for share;
  if found then
    new.user_email := person.email;
    new.user_full_name := person.full_name;
  elsif new.user_email = '' then
    raise exception 'user % is unknown, or the same statement inserts it and has to give the address, too', new.user_id
      using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;

-- Copies a changed address or name into all memberships of the user.
create or replace function copy_user_into_memberships() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  update org_memberships set user_email = new.email, user_full_name = new.full_name where user_id = new.id;
  update workspace_memberships set user_email = new.email, user_full_name = new.full_name where user_id = new.id;
  return null;
end $$;

-- Ends of access (docs/contract/members.md#access-that-ends)

-- Copies the end of an organization membership into what ends with it.
create or replace function copy_org_end() returns trigger language plpgsql set enable_seqscan = off as $$
declare ends_at timestamptz := case when new.reverts_to_role_id is null then new.access_expires_at end;
begin
  update workspace_memberships set org_access_ends_at = ends_at
    where org_id = new.org_id and user_id = new.user_id and org_access_ends_at is distinct from ends_at;
  update user_group_members set org_access_ends_at = ends_at
    where org_id = new.org_id and user_id = new.user_id and org_access_ends_at is distinct from ends_at;
  return null;
end $$;

-- Copies the end of the organization membership into new rows, after the statement, which may insert that membership, too.
create or replace function copy_org_end_into_new_rows() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if exists (
    select from new_rows n join org_memberships m on m.org_id = n.org_id and m.user_id = n.user_id
    where m.access_expires_at is not null and m.reverts_to_role_id is null)
  then
    execute format('update %s t set org_access_ends_at = m.access_expires_at
      from (select distinct org_id, user_id from new_rows) n
      join org_memberships m on m.org_id = n.org_id and m.user_id = n.user_id
        and m.access_expires_at is not null and m.reverts_to_role_id is null
      where t.org_id = n.org_id and t.user_id = n.user_id', tg_relid::regclass);
  end if;
  return null;
end $$;

-- Removes the end of a membership that a provider takes over, and that of a temporary role together with the role.
create or replace function clear_reversion() returns trigger language plpgsql as $$
begin
  new.access_expires_at := null;
  new.access_expires_set_by_user_id := null;
  new.reverts_to_role_id := null;
  return new;
end $$;

-- Roles by user groups: one row for each user, workspace, role and end, with the number of memberships and grants that it comes from

-- Keeps in user_group_roles what members hold by a group: once for a statement that adds members, for each row that changes or goes.
create or replace function change_user_group_roles_of_members() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into user_group_roles as r (user_id, workspace_id, role_id, ends_at, sources)
    select n.user_id, g.workspace_id, g.role_id,
      coalesce(least(n.access_expires_at, g.access_expires_at), 'infinity') as ends_at, count(*)::int
    from new_rows n cross join user_groups g
    where g.workspace_id is not null and (g.parent_user_group_id = n.user_group_id or g.id = n.user_group_id)
    group by n.user_id, g.workspace_id, g.role_id, ends_at
    order by 1, 2, 3, 4
    on conflict (user_id, workspace_id, role_id, ends_at) do update set sources = r.sources + excluded.sources;
    return null;
  end if;
  if tg_op = 'UPDATE' and new.access_expires_at is not distinct from old.access_expires_at then return new; end if;
  delete from user_group_roles r using (
    select g.workspace_id, g.role_id,
      coalesce(least(old.access_expires_at, g.access_expires_at), 'infinity') as ends_at, count(*)::int as sources
    from user_groups g
    where g.workspace_id is not null and (g.parent_user_group_id = old.user_group_id or g.id = old.user_group_id)
    group by g.workspace_id, g.role_id, ends_at) t
  where (r.user_id, r.workspace_id, r.role_id, r.ends_at) = (old.user_id, t.workspace_id, t.role_id, t.ends_at)
    and r.sources = t.sources;
  update user_group_roles r set sources = r.sources - t.sources from (
    select g.workspace_id, g.role_id,
      coalesce(least(old.access_expires_at, g.access_expires_at), 'infinity') as ends_at, count(*)::int as sources
    from user_groups g
    where g.workspace_id is not null and (g.parent_user_group_id = old.user_group_id or g.id = old.user_group_id)
    group by g.workspace_id, g.role_id, ends_at) t
  where (r.user_id, r.workspace_id, r.role_id, r.ends_at) = (old.user_id, t.workspace_id, t.role_id, t.ends_at)
    and r.sources > t.sources;
  if tg_op = 'DELETE' then return old; end if;
  insert into user_group_roles as r (user_id, workspace_id, role_id, ends_at, sources)
  select new.user_id, g.workspace_id, g.role_id,
    coalesce(least(new.access_expires_at, g.access_expires_at), 'infinity') as ends_at, count(*)::int
  from user_groups g
  where g.workspace_id is not null and (g.parent_user_group_id = new.user_group_id or g.id = new.user_group_id)
  group by g.workspace_id, g.role_id, ends_at
  order by 1, 2, 3, 4
  on conflict (user_id, workspace_id, role_id, ends_at) do update set sources = r.sources + excluded.sources;
  return new;
end $$;

-- Keeps in user_group_roles what the members of a group hold by a grant.
create or replace function change_user_group_roles_of_grant() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.role_id is not distinct from old.role_id
    and new.access_expires_at is not distinct from old.access_expires_at then return new; end if;
  if tg_op <> 'INSERT' then
    delete from user_group_roles r using (
      select m.user_id, coalesce(least(m.access_expires_at, old.access_expires_at), 'infinity') as ends_at,
        count(*)::int as sources
      from user_group_members m where m.user_group_id in (old.parent_user_group_id, old.id)
      group by m.user_id, ends_at) t
    where (r.user_id, r.workspace_id, r.role_id, r.ends_at) = (t.user_id, old.workspace_id, old.role_id, t.ends_at)
      and r.sources = t.sources;
    update user_group_roles r set sources = r.sources - t.sources from (
      select m.user_id, coalesce(least(m.access_expires_at, old.access_expires_at), 'infinity') as ends_at,
        count(*)::int as sources
      from user_group_members m where m.user_group_id in (old.parent_user_group_id, old.id)
      group by m.user_id, ends_at) t
    where (r.user_id, r.workspace_id, r.role_id, r.ends_at) = (t.user_id, old.workspace_id, old.role_id, t.ends_at)
      and r.sources > t.sources;
  end if;
  if tg_op = 'DELETE' then return old; end if;
  insert into user_group_roles as r (user_id, workspace_id, role_id, ends_at, sources)
  select m.user_id, new.workspace_id, new.role_id,
    coalesce(least(m.access_expires_at, new.access_expires_at), 'infinity') as ends_at, count(*)::int
  from user_group_members m
  where m.user_group_id in (new.parent_user_group_id, new.id)
  group by m.user_id, ends_at
  order by 1, 2, 3, 4
  on conflict (user_id, workspace_id, role_id, ends_at) do update set sources = r.sources + excluded.sources;
  return new;
end $$;

-- SCIM and single sign-on

-- Raises the version of the SCIM groups that show the user, once the name changes or the user goes.
create or replace function change_groups_of_scim_user() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and coalesce(new.attributes ->> 'displayName', new.user_name)
    is not distinct from coalesce(old.attributes ->> 'displayName', old.user_name) then return new; end if;
  update scim_groups g set version = version + 1, updated_at = now()
  from scim_group_members gm join organizations o on o.id = gm.org_id
  where gm.scim_user_id = old.id and gm.org_id = old.org_id and g.id = gm.group_id;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;

-- The addresses of a SCIM user as one text, for the index scim_users_by_trigrams; array_to_string itself is not immutable.
create or replace function scim_emails_text(text[]) returns text language sql immutable parallel safe
return pg_catalog.array_to_string($1, ' ');

-- Refuses to remove the last default workspace of SSO settings, also from concurrent transactions.
create or replace function keep_a_default_workspace() returns trigger language plpgsql as $$
begin
  perform from sso_settings where id in (select settings_id from old_rows) order by id for update;
  if exists (
    select from sso_settings s join organizations o on o.id = s.org_id
    where s.id in (select settings_id from old_rows)
      and not exists (select from sso_default_workspaces d where d.settings_id = s.id))
  then
    raise exception 'single sign-on settings need a default workspace'
      using errcode = 'restrict_violation', constraint = 'sso_default_workspaces_one_remains';
  end if;
  return null;
end $$;

-- Passwords, keys and tokens

-- Deletes the passwords of former members that prove no address (docs/contract/passwords.md#what-a-password-proves).
create or replace function remove_unproved_passwords() returns trigger language plpgsql as $$
begin
  perform user_id from passwords
  where user_id in (select user_id from old_rows) and not address_proved
  order by user_id for update;
  with removed as (
    delete from passwords p using (select distinct user_id from old_rows) o
    where p.user_id = o.user_id and not p.address_proved
      and not exists (select from org_memberships m where m.user_id = p.user_id)
    returning p.user_id)
  delete from login_methods l using removed r where l.user_id = r.user_id and l.provider = 'email';
  return null;
end $$;

-- Makes the maker of deleted keys the maker of what these have made (docs/decisions/0091).
create or replace function pass_on_created() returns trigger language plpgsql as $$
declare created text;
begin
  foreach created in array array['api_keys', 'scim_tokens', 'webhooks', 'log_streams'] loop
    execute format('
      with recursive heirs (id, maker_key_id) as (
        select c.id, o.maker_key_id from old_rows o join %1$I c on c.maker_key_id = o.id
        union all
        select h.id, o.maker_key_id from heirs h join old_rows o on o.id = h.maker_key_id)
      update %1$I c set maker_key_id = h.maker_key_id from heirs h
      where c.id = h.id and not exists (select from old_rows o where o.id = h.maker_key_id)', created);
  end loop;
  return null;
end $$;

-- Refuses a secret that a rotation has replaced. It runs after the unique index has waited for a rotation that is under way, and therefore sees it.
create or replace function refuse_previous_secrets() returns trigger language plpgsql as $$
declare is_used boolean;
begin
  if tg_table_name = 'api_keys' then
    is_used := exists (select from api_keys where previous_digest = new.digest);
  else
    is_used := exists (select from scim_tokens where previous_digest = new.digest);
  end if;
  if is_used then
    raise exception 'this secret was replaced by a rotation' using
      errcode = 'unique_violation', table = tg_table_name, constraint = tg_table_name || '_digest_key';
  end if;
  return null;
end $$;

-- Audit log

-- Refuses to change what was recorded.
create or replace function audit_rows_do_not_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are written once and never changed', tg_table_name;
end $$;

-- Keeps the name of a member who leaves, for the ids in audit entries. Before the deletion, which takes what refers to the membership with it.
create or replace function keep_name_of_member() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  insert into audit_names as n (org_id, person_id, ids, name, email)
  select old.org_id, old.user_id, array_agg(distinct id) filter (where id is not null), old.user_full_name, old.user_email
  from (
    select unnest(array[old.user_id, old.id, old.invitation_id]) as id
    union all
    select unnest(array[w.id, w.invitation_id]) from workspace_memberships w
    where w.org_id = old.org_id and w.user_id = old.user_id
    union all
    select s.id from scim_users s where s.org_id = old.org_id and s.user_id = old.user_id) known
  on conflict (org_id, person_id) do update set name = excluded.name, email = excluded.email, named_at = now(),
    ids = array(select distinct unnest(n.ids || excluded.ids));
  return old;
end $$;

-- Keeps the name of an invited person for the ids in audit entries. Whoever declines with an account is named by its id in the entry.
create or replace function keep_name_of_invited() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if tg_op = 'UPDATE' and new.status not in ('declined', 'revoked') then return null; end if;
  insert into audit_names as n (org_id, person_id, ids, name, email)
  select old.org_id, id, array[id], old.full_name, old.email
  from (
    select old.id as id
    union all
    select u.id from users u where tg_op = 'UPDATE' and u.email = old.email) known
  on conflict (org_id, person_id) do update set name = excluded.name, email = excluded.email, named_at = now();
  return null;
end $$;

-- The names of people in the entries of an organization: those of its members first, then of the invited, then of those who have left.
create or replace function named_people(the_org uuid, named uuid[]) returns table (id uuid, name text, email text)
  language sql stable as $$
  with member_ids as (
    select m.user_id as id, m.user_id from org_memberships m where m.org_id = the_org and m.user_id = any(named)
    union
    select m.id, m.user_id from org_memberships m where m.org_id = the_org and m.id = any(named)
    union
    select m.invitation_id, m.user_id from org_memberships m where m.org_id = the_org and m.invitation_id = any(named)
    union
    select w.id, w.user_id from workspace_memberships w where w.org_id = the_org and w.id = any(named)
    union
    select w.invitation_id, w.user_id from workspace_memberships w
    where w.org_id = the_org and w.invitation_id = any(named)
    union
    select s.id, s.user_id from scim_users s where s.org_id = the_org and s.id = any(named)
    union
    select k.id, n.person_id from audit_names n cross join unnest(n.ids) as k (id)
    where n.org_id = the_org and n.ids && named and k.id = any(named)
  ), found as (
    select i.id, m.user_full_name as name, m.user_email as email, 1 as rank
    from member_ids i join org_memberships m on m.org_id = the_org and m.user_id = i.user_id
    union all
    select i.id, i.full_name, i.email, 2 from invitations i
    where i.org_id = the_org and i.status = 'pending' and i.id = any(named)
    union all
    select u.id, i.full_name, i.email, 2
    from users u join invitations i on i.org_id = the_org and i.status = 'pending' and i.email = u.email
    where u.id = any(named)
    union all
    select i.id, n.name, n.email, 3
    from member_ids i join audit_names n on n.org_id = the_org and n.person_id = i.user_id
  )
  select distinct on (f.id) f.id, f.name, f.email from found f order by f.id, f.rank
$$;
