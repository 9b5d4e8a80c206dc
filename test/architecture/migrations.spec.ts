import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrate } from '../../src/database/schema/migrate.js';
import { CATALOG } from '../support/catalog.js';
import {
  databaseMigratedTo,
  migrateOptions,
  newlyMigratedDatabase,
  undoMigration,
} from '../support/migrated-database.js';
import { describeSchema } from '../support/schema-document.js';
import { ROOT } from '../support/server-process.js';

const SCHEMA = join(ROOT, 'docs/schema.md');

let database: DataSource;
let schema: Awaited<ReturnType<typeof describeSchema>>;
beforeAll(async () => {
  database = await newlyMigratedDatabase();
  schema = await describeSchema(database);
});
afterAll(() => database.destroy());

/** Comments are in migrations only, and TypeORM compares them with those of the entities. */
const REMOVE_COMMENTS = `
  do $$ declare one record; begin
    for one in
      select objoid::regclass as "table", attname as "column" from pg_description
      left join pg_attribute on attrelid = objoid and attnum = objsubid and objsubid > 0
      where classoid = 'pg_class'::regclass
        and (select relnamespace from pg_class where oid = objoid) = 'public'::regnamespace
    loop
      if one."column" is null then execute format('comment on table %s is null', one."table");
      else execute format('comment on column %s.%I is null', one."table", one."column");
      end if;
    end loop;
  end $$`;

/** The queries by which TypeORM would still change the tables to match the entities. */
async function drift(): Promise<string[]> {
  await database.query(REMOVE_COMMENTS);
  const { upQueries } = await database.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

type Thing = { kind: string; name: string; definition: string };
const catalog = (): Promise<Thing[]> => database.query(CATALOG);

/** Not of the files of views, functions and triggers, which create a function that the baseline needs, too. */
const isOfMigrations = ({ kind, name, definition }: Thing) =>
  !['function', 'trigger', 'view'].includes(kind) &&
  !/access_c(hanges|ache)|current_|effective_roles/.test(`${name} ${definition}`);

describe('the migrations', () => {
  it('migrations create the tables of the entities (if not, a migration with this SQL is missing)', async () => {
    expect(await drift()).toEqual([]);
  });

  it('migrations leave no objects behind when all after the baseline are undone, and create the same again', async () => {
    const before = await catalog();
    const { database: old } = await databaseMigratedTo(database.migrations[0]!.name!);
    const ofBaseline: Thing[] = await old.query(CATALOG);
    await old.destroy();

    await undoMigration(database, database.migrations[1]!.name!);
    const between = await catalog();
    await migrate(database, migrateOptions(database));

    expect(between.filter(isOfMigrations)).toEqual(ofBaseline.filter(isOfMigrations));
    expect(await catalog()).toEqual(before);
    expect(await drift()).toEqual([]);
  });

  it('migrations have ascending timestamps that agree in file, class and name', () => {
    const times = database.migrations.map(({ name }) => Number(name!.slice(-13)));

    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    for (const migration of database.migrations) expect(migration.constructor.name).toBe(migration.name);
  });
});

describe('the schema of the database', () => {
  it('every table has a comment, and docs/schema.md is up to date (npm run schema:write)', () => {
    const { text, undescribed } = schema;

    if (process.env['WRITE_SCHEMA'] === 'true') writeFileSync(SCHEMA, text);
    expect(undescribed).toEqual([]);
    expect(readFileSync(SCHEMA, 'utf8')).toBe(text);
  });

  it('every table of the schema has a primary key', async () => {
    const without = await database.query(`
      select c.relname from pg_class c
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        and not exists (select from pg_constraint p where p.conrelid = c.oid and p.contype = 'p')`);

    expect(without).toEqual([]);
  });

  /**
   * The index begins with the columns of the key, or with one that alone is the parent's primary key: `workspace_id`
   * suffices for `(workspace_id, org_id)`. It may leave out the rows in which the column of the key is null.
   */
  it('every foreign key has an index', async () => {
    const without = await database.query(`
      select f.conname from pg_constraint f
      where f.contype = 'f' and not exists (
        select from pg_index i cross join lateral (select (i.indkey::int2[])[0:cardinality(f.conkey) - 1] as leading) l
        where i.indrelid = f.conrelid and i.indisvalid and (i.indpred is null
          or pg_get_expr(i.indpred, i.indrelid) = (
            select format('(%I IS NOT NULL)', attname) from pg_attribute
            where attrelid = f.conrelid and array[attnum] = f.conkey)) and (l.leading @> f.conkey or exists (
          select from unnest(f.conkey, f.confkey) as pair (child, parent)
          join pg_constraint p on p.conrelid = f.confrelid and p.contype = 'p' and p.conkey = array[pair.parent]
          where i.indkey[0] = pair.child)))`);

    expect(without).toEqual([]);
  });

  it('constraints and indexes are named after their table, without generated names', async () => {
    const names: { table: string; name: string }[] = await database.query(`
      select conrelid::regclass::text as table, conname as name from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid <> 'migrations'::regclass
      union
      select tablename, indexname from pg_indexes where schemaname = 'public' and tablename <> 'migrations'`);

    const unfit = names.filter(
      ({ table, name }) =>
        !/^[a-z_]+$/.test(name) || !name.startsWith(`${table}_`) || /[0-9a-f]{8}/.test(name),
    );
    expect(names.length).toBeGreaterThan(50);
    expect(unfit).toEqual([]);
  });
});
