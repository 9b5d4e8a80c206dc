/**
 * Builds the console into `console/dist` if it is missing or older than its sources. Vite is a development dependency:
 * without it, the existing build is kept.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const SCRIPT = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'console', 'dist');
const page = join(dist, 'index.html');
const SOURCES = [
  'console/index.html',
  'console/vite.config.ts',
  'console/tsconfig.json',
  'console/help',
  'console/src',
  'packages/client/src',
  'scripts/contract-citations.ts',
  'docs',
  'CHANGELOG.md',
].map((name) => join(root, name));

export const consoleIsOutdated = () => changedAt(page) < sourcesChangedAt();

const sourcesChangedAt = () =>
  Math.max(...[...SOURCES, join(root, 'package-lock.json'), SCRIPT].map(newestIn));

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;

/**
 * Includes folders, whose time changes when a file is removed or renamed. Not what is generated: types of the client, which
 * no build contains.
 */
function newestIn(path) {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const all = isFolder ? readdirSync(path, { recursive: true }) : [];
  const names = all.filter((name) => name.split(sep)[0] !== 'generated');
  return Math.max(changedAt(path), ...names.map((name) => changedAt(join(path, name))));
}

/** Replaces `console/dist` as a whole, so that a server never reads a part of a build. */
async function build() {
  const { build: viteBuild } = await import('vite');
  const cache = join(root, 'node_modules', '.cache'); // on the same disk, and ignored by tools
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, 'console-'));
  const draft = join(temporary, 'dist'); // unlike its parent, created with the umask's mode
  try {
    await viteBuild({
      configFile: join(root, 'console', 'vite.config.ts'),
      build: { outDir: draft, emptyOutDir: true },
      logLevel: 'error',
    });
    compressFiles(join(draft, 'assets'));
    if (!consoleIsOutdated()) return; // built by a concurrent start, which may be serving it
    if (existsSync(dist)) renameSync(dist, join(temporary, 'old'));
    renameSync(draft, dist);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Writes `.br` and `.gz` beside each file that they make smaller, with the best compression. */
function compressFiles(folder) {
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    const content = readFileSync(path);
    for (const [extension, compress] of [
      ['.br', brotliCompressSync], // by default with the best quality
      ['.gz', (bytes) => gzipSync(bytes, { level: 9 })],
    ]) {
      const compressed = compress(content);
      if (compressed.length < content.length) writeFileSync(path + extension, compressed);
    }
  }
}

async function buildIfOutdated() {
  const isInstalled = existsSync(join(root, 'node_modules', 'vite'));
  if (isInstalled && existsSync(join(root, 'console', 'src')) && consoleIsOutdated()) await build();
}

/** In a process of its own: tests set NODE_ENV, with which Vite would build the development version of React. */
export function ensureConsoleBuilt() {
  execFileSync(process.execPath, [SCRIPT], { stdio: ['ignore', 'ignore', 'inherit'] });
}

if (process.argv[1] === SCRIPT) {
  process.env.NODE_ENV = 'production';
  await buildIfOutdated();
}
