/**
 * `npm start`: builds missing or outdated files, then runs the server in this process, so that it receives signals.
 * Plain JavaScript that older versions of Node can parse, to report their version.
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
