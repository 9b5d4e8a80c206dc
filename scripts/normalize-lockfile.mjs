// Makes the lock files independent of the registry: each package has a tarball path below a placeholder host, which
// `replace-registry-host` in .npmrc replaces by the configured one. Without paths, npm fetches the metadata of every
// package first and `npm ci` takes twice as long. Run `npm run lock:write` after a change of dependencies; `npm run
// check:lock` refuses other lock files.
import { readFileSync, writeFileSync } from 'node:fs';

const LOCKS = ['.', 'bench', 'scripts/openapi-lint', 'test/saml-bridge'].map(
  (folder) => `${folder}/package-lock.json`,
);
const ANY_REGISTRY = 'https://registry.invalid';
const FROM_A_REGISTRY = /^https?:|^$/;

for (const path of LOCKS) {
  const text = readFileSync(path, 'utf8');
  const placed = withPlaces(text);
  if (placed !== text && process.argv[2] === 'check') {
    console.error(`${path} has packages without a tarball path, or names a registry: run npm run lock:write`);
    process.exitCode = 1;
  } else if (placed !== text) {
    writeFileSync(path, placed);
  }
}

function withPlaces(text) {
  const lock = JSON.parse(text);
  for (const [path, found] of Object.entries(lock.packages)) {
    const { name = path.split('node_modules/').at(-1), version, resolved = '', ...rest } = found;
    if (path.includes('node_modules/') && FROM_A_REGISTRY.test(resolved)) {
      const place = `${ANY_REGISTRY}/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
      lock.packages[path] = { ...('name' in found && { name }), version, resolved: place, ...rest };
    }
  }
  return `${JSON.stringify(lock, null, 2)}\n`;
}
