import { readdirSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { type Coding, CODINGS, PublicFile } from '../common/http/public-file.js';
import { required } from '../common/required.js';

const ROOT = dirname(required(findPackageJSON(import.meta.url), 'package.json'));
/** What `npm run build` and `npm start` write; renamed into place when it is complete. */
const FOLDER = join(ROOT, 'console', 'dist');
const ASSETS = 'assets';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Of the files that the build compresses. */
const EXTENSIONS: Record<Coding, string> = { br: '.br', gzip: '.gz' };
const COMPRESSED = new Set(Object.values(EXTENSIONS));

/** The built console in memory. */
export type ConsoleBuild = {
  /** The page, with placeholders. */
  readonly page: string;
  /** By name below `assets/`; every name contains a hash of the content. */
  readonly assets: ReadonlyMap<string, PublicFile>;
};

/** Null while there is no build: it may still be running beside the server. */
export function readConsoleBuild(): ConsoleBuild | null {
  try {
    const page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
    const files = new Set(readdirSync(join(FOLDER, ASSETS)));
    const names = [...files].filter((name) => !COMPRESSED.has(extname(name)));
    return { page, assets: new Map(names.map((name) => [name, readAsset(name, files)])) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function readAsset(name: string, files: ReadonlySet<string>): PublicFile {
  const type = required(TYPES[extname(name)], `the type of ${name}`);
  const read = (file: string) => readFileSync(join(FOLDER, ASSETS, file));
  const compressed = CODINGS.filter((coding) => files.has(name + EXTENSIONS[coding])).map((coding) => {
    const content = read(name + EXTENSIONS[coding]);
    return [coding, () => Promise.resolve(content)] as const;
  });
  return new PublicFile(type, read(name), Object.fromEntries(compressed));
}
