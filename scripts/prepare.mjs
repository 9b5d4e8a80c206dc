/**
 * Runs after `npm ci`: generates the types of the clients, which are not committed, so that `npx tsc` and editors find them.
 * Does nothing without the development dependencies, or where only the manifests were copied.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const NEEDED = ['openapi/served.json', 'node_modules/openapi-typescript', 'node_modules/@hey-api/openapi-ts'];

if (NEEDED.every((path) => existsSync(`${root}/${path}`))) {
  const run = (command, ...args) =>
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  run('node', 'examples/manage-organization/generate-clients.ts', 'openapi/served.json');
  run('npm', 'run', '-s', 'client:types');
}
