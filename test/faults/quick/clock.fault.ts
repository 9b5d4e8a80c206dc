import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import type { ServerProcess } from '../../support/server-process.js';
import { startServer } from '../support/fault-server.js';
import { printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const TWO_YEARS_MS = 2 * 365 * 86_400_000;

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url, {
    AUDIT_SEAL_SECONDS: '1',
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('../support/shift-clock.mjs', import.meta.url))}`,
    CLOCK_AHEAD_MS: String(TWO_YEARS_MS),
  });
  url = await server.ready();
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

it('removes no audit entries when the clock of the process is two years ahead', async () => {
  await postgres.sql(`
    insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
    select gen_random_uuid(), gen_random_uuid(), 'login', true, '{}' from generate_series(1, 100)`);
  const count = async () =>
    (await postgres.sql<{ count: number }>('select count(*)::int from audit_entries'))[0]!.count;
  const before = await count();
  const isSealed = async () =>
    (
      await postgres.sql(
        'select from audit_entries where position > (select coalesce(max(through), 0) from audit_seals)',
      )
    ).length === 0;
  await until(isSealed, 60);
  await pause(3000); // removal follows sealing

  printFigures('clock two years ahead', { before, after: await count() });
  expect(await count()).toBe(before);
});

it('reports in the log and in /api/v1/health how far the clock of the process is ahead', async () => {
  const { status, text } = await send(`${url}/api/v1/health`);

  expect(status).toBe(200);
  const ahead = /\b6307(?:1999|200[01]) s ahead of the database's/; // the time of the question is not known exactly
  expect(JSON.parse(text)).toEqual({ status: 'ok', clock: expect.stringMatching(ahead) });
  await until(() => ahead.test(server.stdout + server.stderr), 30);
});
