/**
 * `npm start`: builds what is missing or stale, then runs the server in this very process, so that signals reach it.
 * Plain JavaScript that older versions of Node can read, for they are to be told what is wrong.
 */
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 16)) {
  console.error(
    `This is Node ${process.versions.node}; run it through \`npm start\` (after \`npm ci\`), which brings Node 24.`,
  );
  process.exit(1);
}
await import(pathToFileURL(ensureBuilt()).href);
