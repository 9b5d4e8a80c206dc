import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { BreakingStatements } from '../../scripts/upgrade/breaking-statements.ts';
import {
  type CatalogRow,
  COMPATIBILITY_CATALOG,
  compareCatalogs,
} from '../../scripts/upgrade/compare-catalogs.ts';
import { problemsOfExceptions, undeclared } from '../../scripts/upgrade/exceptions.ts';
import { hasCommit, PREVIOUS, schemaFilesOf } from '../../scripts/upgrade/previous-release.ts';
import type { Migration } from '../../src/database/schema/migration.js';
import { databaseMigratedTo, migratedDatabase } from '../support/migrated-database.js';

const root = new URL('../../', import.meta.url).pathname;
const never = () => Promise.reject(new Error('is not run'));

const migrationWith = (contract: NonNullable<Migration['contract']>): Migration => ({
  name: 'Planted1999999999999',
  contract,
  up: never,
  down: never,
});
const itWithHistory = hasCommit(PREVIOUS.commit) ? it : it.skip;

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

/** The changes that a migration with these statements would have to declare, by its SQL and by its effect. */
async function changesBy(statements: string): Promise<{ bySql: string[]; byEffect: string[] }> {
  const bySql = await new BreakingStatements().find(statements);
  const runner = database.createQueryRunner();
  await runner.startTransaction();
  const unchanged = (await runner.query(COMPATIBILITY_CATALOG)) as CatalogRow[];
  await runner.query(statements);
  const changed = (await runner.query(COMPATIBILITY_CATALOG)) as CatalogRow[];
  await runner.rollbackTransaction();
  await runner.release();
  const names = (findings: readonly { change: string }[]) => findings.map(({ change }) => change).toSorted();
  return { bySql: names(bySql), byEffect: names(compareCatalogs(unchanged, changed)) };
}

/** The files drop a trigger only where another one of theirs does the same (docs/decisions/0120). */
const replacedTriggers = new Set(
  globSync('src/**/*.sql', { cwd: root }).flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/^drop trigger if exists (\w+) on (\w+);$/gm)].map(
      ([, trigger, table]) => `drop trigger ${table}.${trigger}`,
    ),
  ),
);

it('the schema of this version serves the previous release, but for declared exceptions', async () => {
  const { database: migrated, later, continue: finish } = await databaseMigratedTo(PREVIOUS.lastMigration);
  for (const text of schemaFilesOf(PREVIOUS.commit)) await migrated.query(text);
  const before: CatalogRow[] = await migrated.query(COMPATIBILITY_CATALOG);
  await finish();
  const after: CatalogRow[] = await migrated.query(COMPATIBILITY_CATALOG);
  await migrated.destroy();

  const isReplaced = ({ change }: { change: string }) => replacedTriggers.has(change);
  expect(undeclared(compareCatalogs(before, after), later).filter((each) => !isReplaced(each))).toEqual([]);
  expect(before.length).toBeGreaterThan(0);
});

describe('the check of migrations', () => {
  it.each([
    ['drop table access_policy_roles', ['drop table access_policy_roles']],
    ['alter table roles rename to parts', ['drop table roles']],
    ['alter table users drop column avatar_url', ['drop column users.avatar_url']],
    ['alter table users rename full_name to called', ['drop column users.full_name']],
    ['alter table users alter avatar_url type varchar(9)', ['change type of users.avatar_url']],
    ['alter table users alter full_name set not null', ['set not null on users.full_name']],
    ['alter table organizations alter created_at drop default', ['drop default of organizations.created_at']],
    ['alter table users add column kind text not null', ['add required column users.kind']],
    ['create unique index users_by_name on users (full_name)', ['create unique index users.users_by_name']],
    [
      `alter table users add constraint users_are_named check (full_name <> '') not valid`,
      ['add constraint users.users_are_named'],
    ],
    ['drop function count_pending cascade', ['drop function count_pending']],
  ])('finds by its SQL and by its effect: %s', async (statements, changes) => {
    const { bySql, byEffect } = await changesBy(statements);

    expect(bySql).toEqual(changes);
    expect(byEffect).toEqual(expect.arrayContaining(changes));
  });

  it.each([
    ['do $$ begin drop table no_such_table; exception when others then null; end $$', ['run a do block'], []],
    ['truncate sessions cascade', ['truncate sessions'], []],
    [
      'create index audit_entries_by_path on audit_entries (request_path)',
      ['create index audit_entries.audit_entries_by_path'],
      [],
    ],
    [
      'alter table workspaces drop constraint workspaces_org_id_fkey cascade',
      [],
      ['drop constraint workspaces.workspaces_org_id_fkey'],
    ],
  ])('finds by its SQL or by its effect alone: %s', async (statements, bySql, byEffect) => {
    expect(await changesBy(statements)).toEqual({ bySql, byEffect: expect.arrayContaining(byEffect) });
  });

  it.each([
    'create table notes (id uuid primary key, text text not null); alter table notes drop column text',
    `alter table users add column kind text not null default 'person', add constraint users_have_a_kind check (kind <> '')`,
    'alter table users add column parent_id uuid references users; create index users_by_parent on users (parent_id)',
    'alter table users alter email drop not null',
    'create temporary table kept on commit drop as select id from users; drop table kept',
  ])('accepts what the previous release works with: %s', async (statements) => {
    expect(await changesBy(statements)).toEqual({ bySql: [], byEffect: [] });
  });

  it('accepts a declared exception, and refuses one that matches nothing', () => {
    const found = [{ change: 'drop column users.avatar_url', reason: 'the previous release reads it' }];
    const declared = migrationWith({
      'drop column users.avatar_url': { harmlessBecause: 'it was never read.' },
    });

    expect(undeclared(found, [declared])).toEqual([]);
    expect(problemsOfExceptions(declared, found)).toEqual([]);
    expect(undeclared(found, [migrationWith({})])).toEqual(found);
    expect(problemsOfExceptions(declared, [])).toEqual([
      'declares "drop column users.avatar_url" as an exception, but does not do that',
    ]);
  });

  itWithHistory(
    'accepts "unused since" of a commit that the previous release contains, and refuses others',
    () => {
      const found = [{ change: 'drop column users.avatar_url', reason: 'the previous release reads it' }];
      const since = (unusedSince: string) =>
        problemsOfExceptions(migrationWith({ 'drop column users.avatar_url': { unusedSince } }), found);

      expect(since(PREVIOUS.commit)).toEqual([]);
      expect(since('no-such-tag')).toEqual([expect.stringContaining('does not contain')]);
      expect(since('HEAD')).toEqual([expect.stringContaining('does not contain')]);
    },
  );
});
