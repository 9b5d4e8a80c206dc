import { globSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migratedDatabase } from '../support/migrated-database.js';
import { PLACEHOLDER, tablesIn, type TableUse } from '../support/sql-tables.js';
import { textsOf } from '../support/sql-texts.js';

const root = new URL('../../', import.meta.url);

const { mayImport } = (await import(new URL('.dependency-cruiser.mjs', root).href)) as {
  mayImport: Record<string, string[]>;
};

type File = { readonly path: string; readonly source: string };

const files: File[] = readdirSync(new URL('src', root), { recursive: true })
  .map((name) => `src/${String(name)}`)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .map((path) => ({ path, source: readFileSync(new URL(path, root), 'utf8') }));

/** `auth/oidc` for its files; `database` and so on for shared code, with the tables of optional parts. */
function moduleOf(path: string): string {
  if (path.startsWith('src/optional/')) return 'database'; // where tables remain when their code is deleted
  const [, , ...folders] = path.split('/');
  const isShared = !path.startsWith('src/modules/');
  const module = isShared
    ? undefined
    : [folders[0]!, folders.slice(0, 2).join('/')].find((name) => mayImport[name]);
  return module ?? path.split('/')[1]!;
}

const CAN_END = /^(org_memberships|workspace_memberships|user_group_members)$/;

/** The module of the entity, or of the file that creates the table; those that the runner of migrations creates are listed. */
const owners = new Map([
  ['migrations', 'database'],
  ['schema_files', 'database'],
  ['current_user_group_grants', 'user-groups'],
  ['effective_roles', 'user-groups'],
]);
for (const path of globSync('src/**/*.sql', { cwd: root }))
  for (const [, table] of readFileSync(new URL(path, root), 'utf8').matchAll(
    /^create table if not exists (\w+)/gm,
  ))
    owners.set(table!, moduleOf(path));
for (const { path, source } of files)
  for (const [, table] of source.matchAll(/^@Entity\('(\w+)'/gm)) {
    owners.set(table!, moduleOf(path));
    owners.set(`current_${table}`, moduleOf(path)); // a view without what has ended
  }

/** What a module may import, directly or through other modules. */
function modulesBelow(module: string): Set<string> {
  const below = new Set(mayImport[module]);
  for (const name of below) for (const further of mayImport[name] ?? []) below.add(further);
  return below;
}

const isAllowed = (module: string, { table, access }: TableUse): boolean => {
  const owner = owners.get(table);
  if (owner === undefined || owner === module) return true;
  return access === 'read' && modulesBelow(module).has(owner);
};

/** As `users/x.repository.ts: read sessions`, without duplicates. */
const violationsIn = ({ path, source }: File): string[] => {
  const uses = textsOf(source).flatMap(tablesIn);
  const refused = uses.filter((use) => !isAllowed(moduleOf(path), use));
  return [...new Set(refused.map(({ access, table }) => `${path}: ${access} ${table}`))];
};

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

it('every table and view of the schema belongs to a module', async () => {
  const tables: { name: string }[] = await database.query(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );

  expect(tables.filter(({ name }) => !owners.has(name))).toEqual([]);
});

it('a module writes and locks only its own tables, and reads only those of modules that it may import', () => {
  expect(files.flatMap(violationsIn)).toEqual([]);
});

/**
 * Those that write and tidy, find what has ended or ends soon, or read an index alone and leave out what has ended by its ids. SCIM
 * shows its users until their memberships are removed, as inactive.
 */
const READ_ENDED = [
  'src/modules/access-answers/authzen/candidates.read-model.ts',
  'src/modules/directory/enriched-members/enriched-member-filter.statements.ts',
  'src/modules/directory/enriched-members/enriched-member.statements.ts',
  'src/modules/directory/enriched-members/workspace-page.statements.ts',
  'src/modules/expiry-mails/access-ends.ts',
  'src/modules/members/ended-access-lookup.read-model.ts',
  'src/modules/members/ended-memberships.repository.ts',
  'src/modules/members/member-directory.read-model.ts',
  'src/modules/members/member-scopes.statements.ts',
  'src/modules/members/core/memberships.repository.ts',
  'src/modules/scim/groups/group-members.repository.ts',
  'src/modules/scim/roles/user-roles.repository.ts',
  'src/modules/scim/users/user.statements.ts',
  'src/modules/user-groups/core/ended-access.repository.ts',
  'src/modules/user-groups/core/synchronized-members.repository.ts',
];

it('statements read memberships from the views without those that have ended', () => {
  const readers = files.filter(({ source }) =>
    textsOf(source)
      .flatMap(tablesIn)
      .some(
        ({ table, access }) => access === 'read' && owners.has(`current_${table}`) && CAN_END.test(table),
      ),
  );

  expect(readers.map(({ path }) => path)).toEqual(expect.arrayContaining(READ_ENDED));
  expect(readers).toHaveLength(READ_ENDED.length);
});

it('a module writes the names of tables into its statements, where this test can read them', () => {
  const unreadable = files
    .filter(({ path }) => path.startsWith('src/modules/'))
    .filter(({ path, source }) => /\.(repository|statements)\.ts$/.test(path) || /\/sql\.js'/.test(source))
    .filter(({ source }) =>
      textsOf(source)
        .flatMap(tablesIn)
        .some(({ table }) => table === PLACEHOLDER),
    );

  expect(unreadable.map(({ path }) => path)).toEqual([]);
});

it('a name stands for one statement, since a connection refuses the second one', () => {
  const names = files.flatMap(({ source }) =>
    [...source.matchAll(/\bnamed\('(\w+)'\)/g)].map(([, name]) => name!),
  );

  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it('no module gives its entities to other modules, which could write them through TypeORM', () => {
  const given = files.filter(
    ({ path, source }) =>
      path.endsWith('/index.ts') && /^export \{[^}]*(?:\.entity|\/entities)\.js'/m.test(source),
  );

  expect(given.map(({ path }) => path)).toEqual([]);
  expect(files.filter(({ source }) => /getRepository\(['"`]/.test(source))).toEqual([]);
});

describe('the check of table ownership', () => {
  const REPOSITORY = 'src/modules/orgs/planted.repository.ts';

  const planted = (sql: string) => {
    const source = `const PLANTED = { name: 'planted', text: \`${sql}\` };`;
    return violationsIn({ path: REPOSITORY, source });
  };

  it.each([
    ['an insert into', 'insert into users (id) values ($1)', 'write'],
    ['an update of', 'update only users u set email = $1 where u.id = $2', 'write'],
    ['a delete from', 'delete from "users" where id = $1', 'write'],
    ['a merge into', 'merge into users u using organizations o on true when matched then delete', 'write'],
    ['a truncation of', 'truncate table users', 'write'],
    ['a CTE that deletes from', 'with x as (delete from users returning id) select id from x', 'write'],
    ['a lock on rows of', 'select id from users where id = $1 for no key update', 'lock'],
    [
      'a lock with "of" on rows of',
      'select from organizations o join users u on true for share of u',
      'lock',
    ],
  ])('refuses %s a table of another module', (_, sql, access) => {
    expect(planted(sql)).toEqual([`${REPOSITORY}: ${access} users`]);
  });

  it.each([
    ['a select from', 'select id from workspaces'],
    ['a join with', 'select o.id from organizations o left join workspaces w on true'],
    ['a list of tables with', 'select 1 from organizations o, workspaces w'],
    ['a subquery on', 'select exists (select from workspaces) from organizations'],
    ['a delete that uses', 'delete from organizations o using workspaces w where true'],
  ])('refuses %s a table of a module above', (_, sql) => {
    expect(planted(sql)).toEqual([`${REPOSITORY}: read workspaces`]);
  });

  it('refuses a statement for a table of another module that a shared function builds', () => {
    const source = "sweep('users', { key: 'id' }); updateLastUsedAt('sessions');";

    expect(violationsIn({ path: REPOSITORY, source })).toEqual([
      `${REPOSITORY}: write users`,
      `${REPOSITORY}: write sessions`,
    ]);
  });

  it('reads constants that are inserted into a statement', () => {
    const source = "const FROM = 'from users u'; const LOCK = `select u.id ${FROM} for update of u`;";

    expect(violationsIn({ path: REPOSITORY, source })).toEqual([`${REPOSITORY}: lock users`]);
  });

  it.each([
    [
      'its own tables',
      'with x as (update organizations set name = $1 returning id) select id from x for update',
    ],
    ['reads of lower modules', 'select from org_memberships m join users u on u.id = m.user_id'],
    [
      'a conflict clause',
      'insert into organizations (id) values ($1) on conflict (id) do update set name = $2',
    ],
    ['a CTE with the name of a table', 'with workspaces as (select 1) select from workspaces'],
    ['a lock of its own table only', 'select from organizations o join users u on true for update of o'],
    ['a table in a text', "select 'from workspaces' from organizations -- from workspaces"],
  ])('allows %s in a statement', (_, sql) => {
    expect(planted(sql)).toEqual([]);
  });
});
