/** Builds what is missing or stale. Plain JavaScript: it runs before anything is built. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const main = join('src', 'main.js');

/** The built entry point of the server, up to date. */
export function ensureBuilt() {
  if (builtAt() < sourcesChangedAt()) build();
  return join(dist, main);
}

function builtAt() {
  const built = join(dist, main);
  return existsSync(built) ? statSync(built).mtimeMs : -Infinity;
}

/** Folders count too: their time tells of a file that was removed or renamed. An image without sources is never stale. */
function sourcesChangedAt() {
  const settings = readdirSync(root).filter((name) => /^(tsconfig.*|package)\.json$/.test(name));
  return Math.max(0, ...[...settings, 'src', 'migrations'].map((name) => changedAt(join(root, name))));
}

function changedAt(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

/**
 * Builds aside and then replaces `dist` as a whole: a failed build leaves nothing that would be started next time, and
 * no removed migration stays behind to be run. Types are not looked at, which takes half as long: they are
 * `npm run check`'s.
 */
function build() {
  const tsc = compiler();
  console.log('Building the server ...');
  const begun = new Date();
  const cache = join(root, 'node_modules', '.cache'); // on the same disk as dist, and nobody looks for sources there
  mkdirSync(cache, { recursive: true });
  const workshop = mkdtempSync(join(cache, 'build-'));
  const draft = join(workshop, 'dist'); // made by the compiler, so readable as our umask says
  const project = ['-p', join(root, 'tsconfig.build.json'), '--outDir', draft];
  const { status } = spawnSync(process.execPath, [tsc, ...project], { stdio: 'inherit' });
  if (status === 0) {
    utimesSync(join(draft, main), begun, begun); // what was edited during the build is newer
    rmSync(dist, { recursive: true, force: true });
    renameSync(draft, dist);
  }
  rmSync(workshop, { recursive: true, force: true });
  if (status !== 0) fail('The build failed.');
}

function compiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return fail('TypeScript is missing: run `npm ci` without leaving out development dependencies.');
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
