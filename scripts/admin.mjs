/** `npm run admin -- <command>`: builds missing or outdated files, then runs the operator's command in this process. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

await import(pathToFileURL(join(ensureBuilt(), '..', 'admin.js')).href);
