/** Before everything else (`node --import`): a developer's own settings. What is set already wins. */
import { existsSync } from 'node:fs';

const FILE = '.env';

if (process.loadEnvFile && existsSync(FILE)) process.loadEnvFile(FILE); // older versions of Node cannot; they are told later
