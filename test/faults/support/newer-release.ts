import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Migration } from '../../../src/database/schema/migration.js';
import { emptyFolder, ROOT, SERVER_FILES } from '../../support/server-process.js';

/** The statements of a migration, and whether older versions cannot work with the result. */
type Change = Pick<Migration, 'concurrentIndexes' | 'breaksOlderVersions'> & { name: string; sql: string };

/** A copy of the built server with one more migration, as a newer version would have. */
export function newerRelease(change: Change): { root: string; migration: string; remove: () => void } {
  const { path: root, remove } = emptyFolder();
  for (const name of SERVER_FILES) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const migration = `${change.name}${LATER_THAN_ALL}`;
  writeFileSync(join(root, `dist/migrations/${LATER_THAN_ALL}-${change.name}.js`), source(migration, change));
  return { root, migration, remove };
}

const LATER_THAN_ALL = 1999999999999;

const source = (migration: string, { sql, breaksOlderVersions = false, concurrentIndexes = {} }: Change) => `
export class ${migration} {
  name = '${migration}';
  breaksOlderVersions = ${breaksOlderVersions};
  concurrentIndexes = ${JSON.stringify(concurrentIndexes)};
  async up(runner) {
    await runner.query(${JSON.stringify(sql)});
  }
  async down() {}
}
`;
