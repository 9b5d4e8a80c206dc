/**
 * Removes `src/optional/access-cache` and its line from a copy of the project. Without arguments, the types of the server are
 * checked there, otherwise the tests that the arguments name are run.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkingCopy } from './mutate/working-copy.ts';

const APP = 'src/app.module.ts';
const TYPES = 'tsconfig.server.json';

const tests = process.argv.slice(2);
const copy = new WorkingCopy();
try {
  rmSync(join(copy.root, 'src/optional/access-cache'), { recursive: true });
  const lines = copy.read(APP).split('\n');
  writeFileSync(join(copy.root, APP), lines.filter((line) => !line.includes('AccessCacheModule')).join('\n'));
  const server = { extends: './tsconfig.json', include: ['src', 'migrations'] };
  writeFileSync(join(copy.root, TYPES), JSON.stringify(server));
  const run =
    tests.length > 0 ? ['scripts/test.mjs', ...tests] : ['node_modules/typescript/bin/tsc', '-p', TYPES];
  const { status } = spawnSync(process.execPath, run, { cwd: copy.root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  copy.remove();
}
