/**
 * `npm start`: builds missing or outdated files, then runs the server in this process, so that it receives signals.
 * Plain JavaScript that older versions of Node can parse, to report their version.
 */
import { spawn } from 'node:child_process';
import module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { consoleIsOutdated } from './build-console.mjs';
import { compileCache, ensureBuilt } from './build.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 16)) {
  console.error(
    `This is Node ${process.versions.node}, and 24.16 or newer is required. \`npm ci\` installs it for \`npm start\`; ` +
      '`npm ci --omit=dev` does not, and then the host has to have it.',
  );
  process.exit(1);
}
const server = ensureBuilt();
module.enableCompileCache(compileCache); // has no effect where it cannot be written
buildConsoleBeside();
await import(pathToFileURL(server).href);

/** In a process of its own: the server listens without waiting for it. */
function buildConsoleBeside() {
  if (process.env.CONSOLE_ENABLED === 'false' || !consoleIsOutdated()) return;
  spawn(process.execPath, [fileURLToPath(new URL('build-console.mjs', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit'],
  }).unref();
}
