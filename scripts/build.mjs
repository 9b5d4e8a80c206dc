/** Builds what is missing or stale. Plain JavaScript: it runs before anything is built. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const main = join('src', 'main.js');
const FOLDERS = ['src', 'migrations'];

/** The built entry point of the server, up to date. */
export function ensureBuilt() {
  if (builtAt() < sourcesChangedAt()) build();
  return join(dist, main);
}

const builtAt = () => statSync(join(dist, main), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;

/** Folders count too: their time tells of a file that was removed or renamed. An image without sources is never stale. */
function sourcesChangedAt() {
  return Math.max(...['.swcrc', 'package.json', ...FOLDERS].map((name) => changedAt(join(root, name))));
}

function changedAt(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return entry?.mtimeMs ?? 0;
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

/**
 * Builds aside and then replaces `dist` as a whole: a failed build leaves nothing that would be started next time, and
 * no removed migration stays behind to be run. Types are not looked at, which would take twenty times as long: they are
 * `npm run check`'s.
 */
function build() {
  const { transformFileSync } = compiler();
  console.log('Building the server ...');
  const begun = new Date();
  const cache = join(root, 'node_modules', '.cache'); // on the same disk as dist, and nobody looks for sources there
  mkdirSync(cache, { recursive: true });
  const workshop = mkdtempSync(join(cache, 'build-'));
  const draft = join(workshop, 'dist'); // unlike the folder around it, readable as our umask says
  const problem = caught(() => {
    for (const source of sources()) translate(source, draft, transformFileSync);
    utimesSync(join(draft, main), begun, begun); // what was edited during the build is newer
    if (builtAt() >= sourcesChangedAt()) return; // by another start, which may be loading it
    rmSync(dist, { recursive: true, force: true });
    renameSync(draft, dist);
  });
  rmSync(workshop, { recursive: true, force: true });
  if (problem) fail(`The build failed. ${problem.message.split('Caused by')[0].trim()}`);
}

function caught(work) {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}

/** All that the server is made of, but its specs and declarations. */
const sources = () =>
  FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(name))
      .map((name) => join(folder, name)),
  );

/** As `.swcrc` says, which the tests go by too. */
function translate(source, directory, transformFileSync) {
  const target = join(directory, source.replace(/\.ts$/, '.js'));
  const { code, map } = transformFileSync(join(root, source), { cwd: root });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

function compiler() {
  try {
    return createRequire(import.meta.url)('@swc/core');
  } catch {
    return fail(
      'The server is not built or older than its sources, and the compiler is not installed: ' +
        'run `npm ci && npm run build`, and after that `npm ci --omit=dev` for production.',
    );
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
