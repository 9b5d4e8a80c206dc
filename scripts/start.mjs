/**
 * `npm start`: builds what is missing or stale, then runs the server in this very process, so that signals reach it.
 * Plain JavaScript that older versions of Node can read, for they are to be told what is wrong.
 */
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 16)) {
  console.error(
    `This is Node ${process.versions.node}, and 24.16 or newer is required. \`npm ci\` installs it for \`npm start\`; ` +
      '`npm ci --omit=dev` does not, and then the host has to have it.',
  );
  process.exit(1);
}
await import(pathToFileURL(ensureBuilt()).href);
