/** Builds missing or outdated files. Plain JavaScript, since it runs before anything is built. */
import {
  copyFileSync,
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

/** Compiled code of the modules that the server loads; outdated after a build. */
export const compileCache = join(root, 'node_modules', '.cache', 'compiled');

/** The path of the server's entry point, built if necessary. */
export function ensureBuilt() {
  if (builtAt() < sourcesChangedAt()) build();
  return join(dist, main);
}

const builtAt = () => statSync(join(dist, main), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;

/**
 * Includes folders, whose time changes when a file is removed or renamed. Without sources (in an image), never
 * outdated.
 */
function sourcesChangedAt() {
  return Math.max(...['.swcrc', 'package.json', ...FOLDERS].map((name) => changedAt(join(root, name))));
}

function changedAt(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return entry?.mtimeMs ?? 0;
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

/**
 * Builds into a temporary folder and then replaces `dist` as a whole: a failed build leaves nothing to be started, and
 * no removed migration stays behind. Types are not checked, which would take twenty times as long; `npm run check` does
 * that.
 */
function build() {
  const { transformFileSync } = compiler();
  console.log('Building the server ...');
  const begun = new Date();
  const cache = join(root, 'node_modules', '.cache'); // on the same disk as dist, and ignored by tools
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, 'build-'));
  const draft = join(temporary, 'dist'); // unlike its parent, created with the umask's mode
  const problem = caught(() => {
    for (const source of files(isSource)) translate(source, draft, transformFileSync);
    for (const file of files((name) => name.endsWith('.sql'))) copy(file, draft);
    utimesSync(join(draft, main), begun, begun); // files edited during the build are newer
    if (builtAt() >= sourcesChangedAt()) return; // built by a concurrent start, which may be loading it
    replaceDist(draft, join(temporary, 'old'));
    rmSync(compileCache, { recursive: true, force: true });
  });
  rmSync(temporary, { recursive: true, force: true });
  const isBuilt = builtAt() >= sourcesChangedAt(); // by another command, which was faster
  if (problem && !isBuilt) fail(`The build failed. ${problem.message.split('Caused by')[0].trim()}`);
}

/** Only by renames, which take no time: several commands may build at once, and `dist` need not exist. */
function replaceDist(draft, old) {
  caught(() => renameSync(dist, old));
  renameSync(draft, dist);
}

function caught(work) {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}

const files = (isWanted) =>
  FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter(isWanted)
      .map((name) => join(folder, name)),
  );

/** TypeScript without specs and declarations. */
const isSource = (name) => name.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(name);

function copy(file, directory) {
  const target = join(directory, file);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(root, file), target);
}

/** Compiles one file with the options of `.swcrc`, which the tests use too. */
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
      'The server is not built, or older than its sources, and the compiler is not installed: ' +
        'run `npm ci && npm run build`, and after that `npm ci --omit=dev` for production.',
    );
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
