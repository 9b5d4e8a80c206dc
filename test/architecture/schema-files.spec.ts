import { globSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { version } from '../../src/common/version.js';
import { migrate } from '../../src/database/schema/migrate.js';
import { CATALOG } from '../support/catalog.js';
import { migratedDatabase, migrateOptions } from '../support/migrated-database.js';

const SOURCES = new URL('../../src/', import.meta.url);
const CREATED =
  /^create or replace (?:(function) (\w+)\(|(view) (\w+) as$|(trigger) (\w+) (?:before|after)(?:(?! on )[^;])+ on (\w+)[\s;])/gm;

const texts = globSync('**/*.sql', { cwd: SOURCES })
  .sort()
  .map((name) => readFileSync(new URL(name, SOURCES), 'utf8'));

/** As `trigger users.copy_into_memberships`, in the order of the files. */
const created = texts.flatMap((text) =>
  [...text.matchAll(CREATED)].map(([, fn, fnName, view, viewName, trigger, triggerName, table]) =>
    trigger ? `trigger ${table}.${triggerName}` : `${fn ?? view} ${fnName ?? viewName}`,
  ),
);

const ID = '018f3a52-1111-7000-8000-000000000001';

type Thing = { kind: string; name: string; definition: string };

let database: DataSource;
beforeEach(async () => {
  database = await migratedDatabase();
});
afterEach(() => database.destroy());

async function catalog(...kinds: string[]): Promise<Thing[]> {
  const things: Thing[] = await database.query(CATALOG);
  return things.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
}

/** `log_access_of` of the access cache creates them, table by table. */
const BY_FUNCTION = /^(?:function log_\w+_changes|trigger \w+\.log_access_\w+)$/;

const namesOf = (things: readonly Thing[]) =>
  things.map(({ kind, name }) => `${kind} ${name.replace(/\(.*/, '')}`).toSorted();

describe('the files of views, functions and triggers', () => {
  it('create every view, function and trigger of the database, each once', async () => {
    const existing = namesOf(await catalog('view', 'function', 'trigger'));

    expect(created.filter((name) => !BY_FUNCTION.test(name)).toSorted()).toEqual(
      existing.filter((name) => !BY_FUNCTION.test(name)),
    );
    expect(created.length).toBe(texts.join('').match(/^create or replace /gm)!.length);
  });

  it('create them as the database has them, without anything else', async () => {
    const before = await catalog();
    for (const { kind, name } of await catalog('view', 'trigger')) {
      const [table, trigger] = name.split('.');
      await database.query(
        kind === 'view' ? `drop view if exists ${name} cascade` : `drop trigger ${trigger} on ${table}`,
      );
    }
    for (const { name } of await catalog('function'))
      if (!name.startsWith('scim_emails_text')) await database.query(`drop function ${name}`); // an index needs it
    for (const text of texts) await database.query(text);

    expect(await catalog()).toEqual(before);
  });

  it('have a comment above each view, function and trigger', () => {
    const bare = texts.flatMap((text) => text.match(/(?<!^-- .*\n)^create or replace .*$/gm) ?? []);

    expect(bare).toEqual([]);
  });
});

describe('a migration of the schema', () => {
  const KEPT = 'trigger org_memberships.keep_name';
  const FILE = 'database/schema/triggers.sql';

  /** As if a version had run another text of the file, without this trigger. */
  async function ranBy(other: string): Promise<void> {
    await database.query('drop trigger keep_name on org_memberships');
    await database.query('update schema_files set digest = $1, version = $2 where name = $3', [
      'another text',
      other,
      FILE,
    ]);
  }

  const run = async () => {
    const applied: string[] = [];
    await migrate(database, { ...migrateOptions(database), onApplied: (name) => applied.push(name) });
    return { applied, isThere: namesOf(await catalog('trigger')).includes(KEPT) };
  };

  it.each(['0.0.9', version])(
    'runs a file again whose text differs from that of version %s',
    async (earlier) => {
      await ranBy(earlier);

      expect(await run()).toEqual({ applied: [FILE], isThere: true });
      expect(await run()).toEqual({ applied: [], isThere: true });
    },
  );

  it('leaves what a newer version has run, whose replicas may serve', async () => {
    await ranBy('99.0.0');

    expect(await run()).toEqual({ applied: [], isThere: false });
  });
});

it('a membership needs the address of a user whom the same statement inserts afterwards', async () => {
  await database.query(`
    insert into organizations (id, display_name) values ('${ID}', 'Acme');
    insert into roles (id, name, display_name, description, access_scope, permissions)
    values ('${ID}', 'CUSTOM', 'Role', '', 'organization', '{organization:read}')`);
  const join = (email: string) =>
    database.query(`
      with person as (insert into users (id, email) values ('${ID}', 'ada@example.com'))
      insert into org_memberships (id, org_id, user_id, user_email, role_id, source)
      values ('${ID}', '${ID}', '${ID}', '${email}', '${ID}', 'manual') returning user_email`);

  await expect(join('')).rejects.toThrow(`user ${ID} is unknown`);
  expect(await join('ada@example.com')).toEqual([{ user_email: 'ada@example.com' }]);
});
