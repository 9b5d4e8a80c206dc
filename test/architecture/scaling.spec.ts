import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { LEFT_OUT } from '../../src/database/backup/dump-database.js';
import { createDataSource } from '../../src/data-source.js';
import { query } from '../support/backup.js';
import { OPTIONAL_TABLES } from '../support/optional-tables.js';
import { cloneDatabase } from '../support/test-database.js';

const NOT_IN_BACKUPS = [...Object.keys(LEFT_OUT), ...OPTIONAL_TABLES];
const DOCUMENTS = fileURLToPath(new URL('../../docs', import.meta.url));

/** The first column of the table below a heading of a document, where it is an identifier. */
function rowsBelow(document: string, heading: string): string[] {
  const [, fromHeading = ''] = readFileSync(join(DOCUMENTS, document), 'utf8').split(`\n${heading}\n`);
  const [section = ''] = fromHeading.split(/\n#+ /);
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!).sort();
}

async function tablesOfTheSchema(): Promise<string[]> {
  const rows = await query<{ name: string }>(
    await cloneDatabase(),
    `select relname::text as name from pg_class
     where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace order by 1`,
  );
  return rows.map(({ name }) => name).sort();
}

it('the plan for shards in docs/scaling.md names every table of the schema once', async () => {
  expect(rowsBelow('scaling.md', '### Table by table')).toEqual(await tablesOfTheSchema());
});

it('docs/backups.md names every table that a backup leaves out', () => {
  expect(rowsBelow('backups.md', '## What is not in the file')).toEqual(NOT_IN_BACKUPS.sort());
});

it('every table of the schema has an entity, so that backups contain it or is one that backups leave out', async () => {
  const dataSource = createDataSource('postgres://unused').setOptions({ migrations: [] });
  await (dataSource as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  const known = dataSource.entityMetadatas.map(({ tableName }) => tableName);

  expect([...new Set([...known, ...NOT_IN_BACKUPS])].sort()).toEqual(await tablesOfTheSchema());
});
