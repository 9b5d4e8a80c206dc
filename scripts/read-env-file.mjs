/** Preload (`node --import`) that reads `.env`, a developer's settings; variables that are set take precedence. */
import { accessSync, constants, existsSync } from 'node:fs';

const FILE = '.env';

// missing in old Node versions
if (process.loadEnvFile && existsSync(FILE)) {
  assertReadable();
  process.loadEnvFile(FILE);
}

function assertReadable() {
  try {
    accessSync(FILE, constants.R_OK);
  } catch {
    console.error('This process may not read .env: make its user the owner of the file (chown).');
    process.exit(1);
  }
}
