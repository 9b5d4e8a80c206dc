// The lock says of each package where in a registry it is, and names no registry: `replace-registry-host` in .npmrc puts
// the configured one there. Without places npm asks for the description of every package first, and `npm ci` takes twice
// as long. `npm run lock:write` after every change of the dependencies; `npm run check:lock` refuses a lock without.
import { readFileSync, writeFileSync } from 'node:fs';

const LOCK = 'package-lock.json';
const ANY_REGISTRY = 'https://registry.invalid';
const FROM_A_REGISTRY = /^https?:|^$/;

const text = readFileSync(LOCK, 'utf8');
const lock = JSON.parse(text);
for (const [path, found] of Object.entries(lock.packages)) {
  const { name = path.split('node_modules/').at(-1), version, resolved = '', ...rest } = found;
  if (path !== '' && FROM_A_REGISTRY.test(resolved)) {
    const place = `${ANY_REGISTRY}/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
    lock.packages[path] = { ...('name' in found && { name }), version, resolved: place, ...rest };
  }
}
const placed = `${JSON.stringify(lock, null, 2)}\n`;
if (placed !== text && process.argv[2] === 'check') {
  console.error(`${LOCK} has packages without a place, or names a registry: npm run lock:write`);
  process.exitCode = 1;
} else if (placed !== text) {
  writeFileSync(LOCK, placed);
}
