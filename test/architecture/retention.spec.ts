import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migratedDatabase } from '../support/migrated-database.js';

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, section] = /^## What removes rows\n([\s\S]+?)^## /m.exec(operations)!;
/** Table and answer of each row of the document. */
const rows = [...section!.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(([, table, removal]) => ({
  table: table!,
  removal: removal!,
}));

it('docs/operations.md says for every table of the schema what removes its rows', async () => {
  const tables: { name: string }[] = await database.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );

  expect(rows.map(({ table }) => table).sort()).toEqual(tables.map(({ name }) => name).sort());
});

it('docs/operations.md leaves no table without an answer', () => {
  expect(rows.filter(({ removal }) => removal.trim() === '')).toEqual([]);
});
