import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migratedDatabase } from '../support/migrated-database.js';

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

const document = readFileSync(new URL('../../docs/retention.md', import.meta.url), 'utf8');
/** Table and rule of each row of the document. */
const rows = [...document.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(([, table, removal]) => ({
  table: table!,
  removal: removal!,
}));

it('docs/retention.md says for every table of the schema what removes its rows', async () => {
  const tables: { name: string }[] = await database.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
     order by 1`,
  );

  expect(rows.map(({ table }) => table).sort()).toEqual(tables.map(({ name }) => name).sort());
});

it('docs/retention.md leaves no table without a rule', () => {
  expect(rows.filter(({ removal }) => removal.trim() === '')).toEqual([]);
});
