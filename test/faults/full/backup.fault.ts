import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { emptyFolder } from '../../support/server-process.js';
import { AdminProcess, emptyDatabaseOn, fillWithEntries } from '../support/admin-process.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const ENTRIES = 1_000_000; // 240 MB as text
const MEMORY_MB = 250;

let postgres: PostgresServer;
let folder: ReturnType<typeof emptyFolder>;

beforeAll(async () => {
  postgres = await PostgresServer.start();
  folder = emptyFolder();
  await fillWithEntries(postgres, ENTRIES);
});
afterAll(async () => {
  await postgres.remove();
  folder.remove();
});

it('backs up and restores a million audit entries in bounded memory', async () => {
  const path = join(folder.path, 'large.backup');
  const begun = performance.now();
  const backup = new AdminProcess(postgres.url, ['backup', path]);
  expect(await backup.ended()).toMatchObject({ code: 0 });
  const backedUp = performance.now();
  const restore = new AdminProcess(await emptyDatabaseOn(postgres, 'restored'), ['restore', path]);
  expect(await restore.ended()).toMatchObject({ code: 0 });

  printFigures('backup and restore', {
    entries: ENTRIES,
    fileMb: Math.round(statSync(path).size / 1e6),
    backupMs: Math.round(backedUp - begun),
    restoreMs: Math.round(performance.now() - backedUp),
    backupPeakMb: Math.round(backup.peakMb),
    restorePeakMb: Math.round(restore.peakMb),
  });
  expect(backup.peakMb).toBeLessThan(MEMORY_MB);
  expect(restore.peakMb).toBeLessThan(MEMORY_MB);
});
