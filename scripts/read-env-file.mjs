/** Preload (`node --import`) that reads `.env`, a developer's settings; variables that are set take precedence. */
import { existsSync } from 'node:fs';

const FILE = '.env';

if (process.loadEnvFile && existsSync(FILE)) process.loadEnvFile(FILE); // missing in old Node versions
