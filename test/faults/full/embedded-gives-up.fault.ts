import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import { emptyFolder, type ServerProcess } from '../../support/server-process.js';
import { killPostgres } from '../support/embedded-cluster.js';
import { startEmbeddedServer } from '../support/fault-server.js';
import { printFigures, send } from '../support/load.js';

let data: ReturnType<typeof emptyFolder>;
let server: ServerProcess;
let url: string;
beforeEach(async () => {
  data = emptyFolder();
  server = startEmbeddedServer(data.path);
  url = await server.ready();
});
afterEach(async () => {
  await server.stop();
  data.remove();
});

it('exits with 1 and the log of PostgreSQL when it ends for the second time', async () => {
  killPostgres(data.path);
  await until(() => server.stdout.includes('runs again'), 60);
  expect((await send(`${url}/readyz`)).status).toBe(200);
  killPostgres(data.path);

  expect(await server.ended()).toBe(1);

  expect(server.stderr).toContain('The server stopped: the embedded PostgreSQL in ');
  expect(server.stderr).toMatch(/ended and is not started again: [^]*(LOG|FATAL): /);
});

it('exits with 1 and the reason when PostgreSQL cannot be started again', async () => {
  appendFileSync(join(data.path, 'postgres/postgresql.conf'), 'shared_buffers = nonsense\n');
  const begun = performance.now();
  killPostgres(data.path);

  expect(await server.ended()).toBe(1);

  printFigures('cannot be started', { exitedAfterMs: Math.round(performance.now() - begun) });
  expect(server.stderr).toContain('invalid value for parameter "shared_buffers": "nonsense"');
});
