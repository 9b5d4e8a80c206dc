/**
 * `npm start`: builds what is missing or stale, then runs the server in this very process, so that signals reach it.
 * Plain JavaScript that older versions of Node can read, for they are to be told what is wrong.
 */
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `This is Node ${process.versions.node}; run it through \`npm start\` (after \`npm ci\`), which brings Node 24.`,
  );
  process.exit(1);
}
await import(pathToFileURL(ensureBuilt()).href);
