import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is named in the audit log and has left (docs/decisions/0118). Triggers write it, also for older servers. */
export class KeepNamesBesideTheAuditLog1765160000000 implements MigrationInterface {
  name = 'KeepNamesBesideTheAuditLog1765160000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
    for (const [subject, comment] of Object.entries(COMMENTS))
      await runner.query(`comment on ${subject} is '${comment}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  'lock table org_memberships, invitations in share row exclusive mode',
  `
    create table audit_names (
        org_id uuid not null,
        person_id uuid not null,
        ids uuid[] not null,
        name text,
        email text not null,
        named_at timestamptz not null default now(),
        constraint audit_names_pkey primary key (org_id, person_id))`,
  'create index audit_names_by_ids on audit_names using gin (ids)',
  'create index audit_names_by_age on audit_names (named_at)',

  // Before, since what refers to the membership is deleted with it.
  `create function keep_name_of_member() returns trigger language plpgsql set enable_seqscan = off as $$
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
  end $$`,
  `create trigger keep_name before delete on org_memberships
    for each row execute function keep_name_of_member()`,

  // Whoever declines with an account is named by its id in the entry.
  `create function keep_name_of_invited() returns trigger language plpgsql set enable_seqscan = off as $$
  begin
    insert into audit_names as n (org_id, person_id, ids, name, email)
    select old.org_id, id, array[id], old.full_name, old.email
    from (
      select old.id as id
      union all
      select u.id from users u where tg_op = 'UPDATE' and u.email = old.email) known
    on conflict (org_id, person_id) do update set name = excluded.name, email = excluded.email, named_at = now();
    return null;
  end $$`,
  `create trigger keep_name_of_deleted after delete on invitations
    for each row when (old.status = 'pending') execute function keep_name_of_invited()`,
  `create trigger keep_name_of_ended after update of status on invitations
    for each row when (old.status = 'pending' and new.status in ('declined', 'revoked'))
    execute function keep_name_of_invited()`,

  `create function named_people(the_org uuid, named uuid[]) returns table (id uuid, name text, email text)
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
  $$`,

  'alter table log_streams add column include_names boolean not null default false',
];

const COMMENTS = {
  'table audit_names':
    'Who has left an organization, or was invited, as it last knew them: names for the ids in its audit entries. Written by triggers; not sealed.',
  'column audit_names.org_id': 'No foreign key: the audit log outlives its organization.',
  'column audit_names.person_id': 'The user or, of somebody who was invited, the invitation.',
  'column audit_names.ids':
    'All ids with which entries name the person: of the user, the memberships, the invitations and the SCIM user.',
  'column audit_names.named_at': 'When the person left, which an entry says.',
  'column log_streams.include_names': 'Whether entries are sent with the names of the people in them.',
};

const DOWN = [
  'lock table org_memberships, invitations in access exclusive mode',
  'drop function keep_name_of_member, keep_name_of_invited cascade',
  'drop function named_people',
  'drop table audit_names',
  'alter table log_streams drop column include_names',
];
