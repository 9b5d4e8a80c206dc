import { readdirSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join } from 'node:path';
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

type Asset = { readonly type: string; readonly content: Buffer };

/** The built console in memory. */
export type ConsoleBuild = {
  /** The page, with placeholders. */
  readonly page: string;
  /** By name below `assets/`; every name contains a hash of the content. */
  readonly assets: ReadonlyMap<string, Asset>;
};

/** Null while there is no build: it may still be running beside the server. */
export function readConsoleBuild(): ConsoleBuild | null {
  try {
    const page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
    const names = readdirSync(join(FOLDER, ASSETS));
    return { page, assets: new Map(names.map((name) => [name, readAsset(name)])) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function readAsset(name: string): Asset {
  const type = required(TYPES[extname(name)], `the type of ${name}`);
  return { type, content: readFileSync(join(FOLDER, ASSETS, name)) };
}
