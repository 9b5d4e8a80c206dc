/**
 * `npm run openapi:write`: writes `openapi/served.json`, the description that the server serves, from the decorators of
 * the built server. With `check`: fails if the file is out of date. Needs no database, since Nest creates no instance in
 * its preview mode.
 */
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import * as swagger from '@nestjs/swagger';
import { ensureBuilt } from './build.mjs';

const SERVED = fileURLToPath(new URL('../openapi/served.json', import.meta.url));
const PUBLISHED = fileURLToPath(new URL('../openapi/published.lock.json', import.meta.url));
const ERRORS = fileURLToPath(new URL('../docs/errors.md', import.meta.url));
/** With all that settings add. */
const SETTINGS = {
  DATABASE_URL: 'postgres://localhost/none',
  LANGSMITH_URL: 'http://localhost',
  AUTHORIZATION_SERVER_ENABLED: 'true',
};

const text = `${JSON.stringify(await describeServer(), null, 1)}\n`;
if (process.argv[2] !== 'check') {
  writeFileSync(SERVED, text);
} else if (text !== readFileSync(SERVED, 'utf8')) {
  console.error('openapi/served.json is out of date: run npm run openapi:write');
  process.exitCode = 1;
}

async function describeServer() {
  ensureBuilt();
  const { AppModule } = await import('../dist/src/app.module.js');
  const { loadConfig } = await import('../dist/src/config/config.js');
  const { describeApi } = await import('../dist/src/openapi/describe-api.js');
  using folder = mkdtempDisposableSync(join(tmpdir(), 'tenantry-description-')); // secrets are generated in it
  const module = AppModule.with(loadConfig({ ...SETTINGS, DATA_DIR: folder.path }), null);
  const options = { preview: true, logger: ['error'] };
  const app = await NestFactory.create(module, new FastifyAdapter(), options);
  return describeApi(app, swagger, errorStatuses(), unnamedOperations());
}

/** The statuses of each code in docs/errors.md, which a test compares with the sources. */
function errorStatuses() {
  const rows = readFileSync(ERRORS, 'utf8').matchAll(/^\| `(\w+)` +\| (\d+(?:, \d+)*) +\|/gm);
  return new Map(Array.from(rows, ([, code, statuses]) => [code, statuses.split(', ').map(Number)]));
}

/** Clients that were generated from the published description name their functions after the paths of these. */
function unnamedOperations() {
  const { paths } = JSON.parse(readFileSync(PUBLISHED, 'utf8'));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [`${method} ${path}`, operationId]),
  );
  return new Set(operations.filter(([, id]) => id === undefined).map(([operation]) => operation));
}
