/**
 * `npm run openapi:lock -- PUBLISHED.json [LOCK]`: writes `openapi/published.lock.json`, or the lock with this name. With
 * the lock, every clone can compare the served description with the published one, which is not in the repository.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json } from './openapi/json.ts';
import { lockOf } from './openapi/published-lock.ts';

const LOCK = fileURLToPath(new URL('../openapi/published.lock.json', import.meta.url));

const [file, lock = LOCK] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: npm run openapi:lock -- PUBLISHED.json [LOCK]\n');
  process.exitCode = 2;
} else {
  const published = JSON.parse(readFileSync(file, 'utf8')) as Json;
  writeFileSync(lock, `${JSON.stringify(lockOf(published), null, 1)}\n`);
}
