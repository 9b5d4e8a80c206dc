import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { required } from './collections.js';

/** With `package.json`, in a build as in the sources. */
export const PROJECT_FOLDER = dirname(required(findPackageJSON(import.meta.url), 'package.json'));

const manifest = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8')) as {
  version: string;
};

export const { version } = manifest;
