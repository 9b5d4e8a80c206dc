/**
 * `npm run sbom`: writes `sbom.cdx.json`, a CycloneDX description of the installed packages. Arguments are passed to
 * `npm sbom`: `--omit=dev` leaves out development dependencies, `--package-lock-only` reads the lock file instead of
 * `node_modules`. A production install needs both, since npm refuses an incomplete tree.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const FILE = 'sbom.cdx.json';
const LOCK_REGISTRY = 'https://registry.invalid/'; // the placeholder of .npmrc
const REGISTRY = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();

const args = [
  'sbom',
  '--sbom-format=cyclonedx',
  '--sbom-type=application',
  '--workspaces=false',
  ...process.argv.slice(2),
];
const { status, stdout, error } = spawnSync('npm', args, {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);

const bom = JSON.parse(stdout.replaceAll(LOCK_REGISTRY, REGISTRY));
bom.metadata.component.name = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).name; // npm uses the folder's
writeFileSync(`${root}/${FILE}`, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${FILE} describes ${bom.components.length} packages.`);
