import type pg from 'pg';
import { ID, SIZES } from './sizes.ts';

/*
 * Fills an installation set by set, without triggers: foreign keys need no check, because the rows are generated
 * consistently, and head counts are written with them. All statements share one connection and its temporary tables.
 */

const role = (name: string) => `(select id from roles where org_id is null and name = '${name}')`;
const idOf = (block: string, n: string) =>
  `('00000000-0000-4000-${block}-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

const FIRST_NAMES = `(array['Ada','Ben','Chen','Dana','Emil','Fatima','Grace','Hugo','Ines','Jonas','Kira','Liam','Mona',
  'Nils','Olga','Pia','Quentin','Rosa','Sven','Tara','Uma','Viktor','Wanda','Xenia','Yusuf','Zoe'])`;
const LAST_NAMES = `(array['Abel','Brandt','Costa','Dietrich','Evans','Fischer','Garcia','Hansen','Ivanova','Jensen','Khan',
  'Lopez','Meyer','Novak','Okafor','Peters','Quinn','Rossi','Schmidt','Tanaka','Ueda','Vogel','Weber','Xu','Yilmaz','Zimmer'])`;

const USERS = [
  'drop table if exists people, places', // those of `seed-data.ts`
  `create temporary table people as
    select *, lower(first || '.' || last || '.' || n || '@company' || n % 997 || '.example.com') as email,
      first || ' ' || last as full_name
    from (select ${idOf('a000', 'n')} as id, n, ${FIRST_NAMES}[1 + n % 26] as first,
      ${LAST_NAMES}[1 + (n / 26) % 26] || '-' || (n % 9973) as last
      from generate_series(1, ${SIZES.users}) n) named`,
  `insert into users (id, email, full_name, created_at)
    select id, email, full_name, now() - n * interval '10 seconds' from people`,
  `insert into login_methods (id, user_id, provider) select uuidv7(), id, 'email' from people`,
];

/** Organization 1 is the giant; each other one has an equal part of the remaining people and two workspaces. */
const ORGANIZATIONS = [
  `create temporary table places as
    select ${idOf('8000', 'n')} as org_id, n from generate_series(1, ${SIZES.organizations}) n`,
  `insert into organizations (id, display_name) select org_id, 'Organization ' || n from places`,
  `insert into workspaces (id, org_id, display_name, created_at)
    select ${idOf('9000', 'n')}, ${idOf('8000', `case when n <= ${SIZES.giantWorkspaces} then 1 else 2 + (n - ${SIZES.giantWorkspaces} - 1) / 2 end`)},
      'Workspace ' || n, now() - interval '400 days' + n * interval '1 second'
    from generate_series(1, ${SIZES.giantWorkspaces} + 2 * (${SIZES.organizations} - 1)) n`,
  `create temporary table belongs as
    select uuidv7() as membership_id, p.id as user_id, p.n, ${idOf(
      '8000',
      `case
      when p.n <= ${SIZES.giantMembers} then 1 else 2 + p.n % (${SIZES.organizations} - 1) end`,
    )} as org_id
    , email, full_name from people p
    union all
    select uuidv7(), p.id, -o.n, o.org_id, p.email, p.full_name from places o join people p on p.id = '${ID.busyPerson}'
    where o.n between 2 and ${SIZES.organizationsOfOnePerson}`,
];

const SOME_ROLE = (scope: string, n: string) => `case when ${n} % 50 = 0 then ${role(`${scope}_ADMIN`)}
  when ${n} % 5 = 0 then ${role(`${scope}_VIEWER`)} else ${role(`${scope}_USER`)} end`;
const JOINED = `now() - abs(b.n) * interval '20 seconds'`;

const MEMBERSHIPS = [
  `insert into org_memberships (id, org_id, user_id, role_id, is_disabled, source, created_via, created_at, user_email,
      user_full_name)
    select membership_id, org_id, user_id, ${SOME_ROLE('ORGANIZATION', 'abs(b.n)')}, b.n % 100 = 7, 'scim', 'scim_user', ${JOINED}, email, full_name
    from belongs b order by org_id, b.n`,
  `create temporary table numbered as
    select id, org_id, row_number() over (partition by org_id order by created_at) as place from workspaces`,
  'analyze belongs; analyze numbered',
  // All members are in the first workspace of their organization, and every thirtieth of them in another one.
  ...['w.place = 1', 'b.n % 30 = 0 and w.place = 2 + abs(b.n) / 30 % 10'].map(
    (where) => `
      insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via, created_at,
        user_email, user_full_name)
      select uuidv7(), b.org_id, w.id, b.user_id, ${SOME_ROLE('WORKSPACE', 'abs(b.n)')}, 'scim', 'scim_group', ${JOINED},
        b.email, b.full_name
      from belongs b join numbered w on w.org_id = b.org_id and ${where} order by w.id, b.n`,
  ),
  `insert into headcounts (org_id, members) select org_id, count(*) from belongs group by org_id`,
  `insert into workspace_headcounts (workspace_id, members)
    select workspace_id, count(*) from workspace_memberships group by workspace_id
    on conflict do nothing`,
  `insert into member_activity (membership_id, last_active_at)
    select membership_id, now() - abs(n) % 90 * interval '1 day' from belongs where n % 2 = 0`,
];

const INVITATIONS = [
  `create temporary table invited as
    select uuidv7() as id, '${ID.giant}'::uuid as org_id, n from generate_series(1, ${SIZES.giantInvitations}) n
    union all select uuidv7(), org_id, -n from places where n > 1`,
  `insert into invitations (id, org_id, email, full_name, org_role_id, from_workspace, created_at, expires_at)
    select id, org_id, lower(${FIRST_NAMES}[1 + abs(n) % 26]) || '.invited.' || abs(n) || '@new.example.com',
      ${FIRST_NAMES}[1 + abs(n) % 26] || ' ' || ${LAST_NAMES}[1 + abs(n) / 26 % 26], ${role('ORGANIZATION_USER')}, n % 2 = 0,
      now() - abs(n) * interval '1 second', now() + interval '30 days' from invited`,
  `insert into invitation_workspaces (invitation_id, workspace_id, org_id, role_id)
    select id, '${ID.giantWorkspace}'::uuid, org_id, ${role('WORKSPACE_VIEWER')} from invited where org_id = '${ID.giant}' and n % 2 = 0`,
  `insert into headcounts as h (org_id, pending, pending_seats)
    select org_id, count(*), count(*) from invited group by org_id
    on conflict (org_id) do update set pending = excluded.pending, pending_seats = excluded.pending_seats`,
];

const SCIM = [
  `insert into scim_users (id, org_id, user_id, made_account, user_name, external_id, emails, attributes, created_at, updated_at)
    select ${idOf('b000', 'p.n')}, '${ID.giant}'::uuid, p.id, true, u.email, 'external-' || p.n, array[u.email],
      jsonb_build_object('displayName', u.full_name, 'title', case p.n % 3 when 0 then 'Engineer' when 1 then 'Designer' else 'Analyst' end,
        'nickName', p.first, 'name', jsonb_build_object('givenName', p.first, 'familyName', p.last)),
      now() - p.n * interval '10 seconds', now() - p.n * interval '5 seconds'
    from people p join users u on u.id = p.id where p.n <= ${SIZES.giantMembers}`,
  `update headcounts set scim_users = ${SIZES.giantMembers} where org_id = '${ID.giant}'`,
  `insert into scim_groups (id, org_id, display_name, external_id, kind)
    select ${idOf('c000', 'n')}, '${ID.giant}'::uuid, 'Team ' || n, 'team-' || n, 'unknown' from generate_series(1, 200) n`,
  `insert into scim_group_members (group_id, scim_user_id, org_id, created_via)
    select ${idOf('c000', '1')}, ${idOf('b000', 'n')}, '${ID.giant}'::uuid, 'scim_group' from generate_series(1, ${SIZES.largeGroupMembers}) n
    union all
    select ${idOf('c000', '2 + n % 199')}, ${idOf('b000', 'n')}, '${ID.giant}'::uuid, 'scim_group'
    from generate_series(1, ${SIZES.giantMembers}) n`,
];

/** A group that is Workspace Admin of the first workspace and of the small one, in which others have roles, too. */
const GROUPS = [
  `update organizations set can_use_user_groups = true where id = '${ID.giant}'`,
  `insert into user_groups (id, org_id, name) values (${idOf('d000', '1')}, '${ID.giant}'::uuid, 'Large group')`,
  `insert into user_groups (id, org_id, name, parent_user_group_id, workspace_id, role_id)
    select ${idOf('d000', '1 + place')}, '${ID.giant}'::uuid, 'Large group ' || place, ${idOf('d000', '1')}, id, ${role('WORKSPACE_ADMIN')}
    from unnest(array['${ID.giantWorkspace}', '${ID.smallWorkspace}']::uuid[]) with ordinality w (id, place)`,
  `insert into user_group_members (user_group_id, user_id, org_id, source)
    select ${idOf('d000', '1')}, id, '${ID.giant}'::uuid, 'manual' from people where n <= ${SIZES.largeGroupMembers}`,
  `insert into user_group_roles (user_id, workspace_id, role_id, sources, ends_at)
    select m.user_id, g.workspace_id, g.role_id, 1, 'infinity' from user_group_members m
    join user_groups g on g.parent_user_group_id = m.user_group_id`,
];

/** Two in five entries are of the giant; some operations, people and workspaces are rare. */
const AUDIT = [
  `insert into audit_entries (id, created_at, org_id, workspace_id, operation, succeeded, user_id, credential_kind,
      resource_ids, request_method, request_path, response_status)
    select uuidv7(), now() - n * interval '${(SIZES.auditDays * 86_400) / SIZES.auditEntries} seconds',
      ${idOf('8000', `case when n % 5 < 2 then 1 else 2 + n % (${SIZES.organizations} - 1) end`)},
      case when n % 3 = 0 then ${idOf('9000', `1 + n % ${SIZES.giantWorkspaces}`)} end,
      (array['login','invite_users_to_org_batch','update_workspace_member','read_members','create_api_key','delete_org_member'])[1 + n % 6],
      n % 20 <> 0, ${idOf('a000', `1 + n % ${SIZES.users}`)}, 'session', array[${idOf('a000', `1 + n * 7 % ${SIZES.users}`)}],
      'POST', '/api/v1/orgs/current/members', 200
    from generate_series(1, ${SIZES.auditEntries}) n`,
];

const STEPS: Record<string, readonly string[]> = {
  users: USERS,
  organizations: ORGANIZATIONS,
  memberships: MEMBERSHIPS,
  invitations: INVITATIONS,
  scim: SCIM,
  groups: GROUPS,
  audit: AUDIT,
};

const FILLED = `
  array['users', 'login_methods', 'org_memberships', 'workspace_memberships', 'invitations', 'scim_users',
    'scim_group_members', 'audit_entries']`;

/** An index that is created afterwards takes a fraction of the time. */
const INDEXES = `
  select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class t on t.oid = i.indrelid
  where t.relname = any(${FILLED}) and not i.indisunique`;

/** Adds the rows to a migrated database, and prints the seconds of each step. */
export async function fill(client: pg.Client): Promise<void> {
  await client.query(`set session_replication_role = replica`);
  await client.query(
    `set work_mem = '256MB'; set maintenance_work_mem = '512MB'; set synchronous_commit = off`,
  );
  const { rows } = await client.query<{ name: string; definition: string }>(INDEXES);
  const indexes = {
    drop: rows.map(({ name }) => `drop index ${name}`),
    create: rows.map(({ definition }) => definition),
  };
  for (const [name, statements] of Object.entries({
    'drop indexes': indexes.drop,
    ...STEPS,
    indexes: indexes.create,
  }))
    await timed(name, client, statements);
  await client.query('set session_replication_role = origin');
  await client.query('reset work_mem; reset maintenance_work_mem; reset synchronous_commit');
}

async function timed(name: string, client: pg.Client, statements: readonly string[]): Promise<void> {
  const begun = performance.now();
  for (const statement of statements) await client.query(statement);
  process.stdout.write(`  ${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
}
