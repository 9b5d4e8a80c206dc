/**
 * `npm run check:description`: lints `openapi/served.json`, or the file that is named, as OpenAPI 3.1 with Redocly, which
 * sends nothing and asks for no update.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installApart } from '../apart.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const REDOCLY = join(HERE, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
const SILENT = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

const [description = fileURLToPath(new URL('../../openapi/served.json', import.meta.url))] =
  process.argv.slice(2);
installApart(HERE);
const options = ['--config', join(HERE, 'redocly.yaml'), description];
const { status } = spawnSync(process.execPath, [REDOCLY, 'lint', ...options], {
  stdio: 'inherit',
  env: { ...process.env, ...SILENT },
});
process.exitCode = status ?? 1;
