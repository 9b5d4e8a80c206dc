import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { role } from '../../support/fixtures.js';
import type { ServerProcess } from '../../support/server-process.js';
import { type Caller, callersOf, memoryMb, startServer } from '../support/fault-server.js';
import { ListClient } from '../support/list-client.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const MILLION = 1_000_000;
const THREE_HUNDRED_THOUSAND = 300_000;
const LARGE_LISTS = 4;
const LARGEST_MB = 20; // for each list (docs/contract/http.md#lists)
/** How much the memory of a process varies anyway. */
const NOISE_MB = 20;
/** By default, V8 lets a process with much garbage grow by some 200 MB before it collects; this shows what is in use. */
const SMALL_HEAP = '--max-semi-space-size=2 --max-old-space-size=128';
const FIRST_BYTE_MS = 200;
const ROSTER = '/api/v1/orgs/current/members';

/** Users with a login method each, and those of them that join an organization and its workspace, `$3` of them. */
const USERS = [
  `create table people as select uuidv7() as id, n from generate_series(1, ${MILLION}) n`,
  `insert into users (id, email, full_name) select id, id || '@example.com', 'Person ' || n from people`,
  `insert into login_methods (id, user_id, provider) select uuidv7(), id, 'email' from people`,
];
const JOIN = `
  with joined as (
    insert into org_memberships (id, org_id, user_id, role_id, source, created_via, created_at, user_email)
    select uuidv7(), $1, id, $3, 'manual', 'unknown', now() - n * interval '1 second', id || '@example.com'
    from people where n <= $5)
  insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via, created_at,
    user_email)
  select uuidv7(), $1, $2, id, $4, 'manual', 'unknown', now() - n * interval '1 second', id || '@example.com'
  from people where n <= $5`;

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let million: Caller;
let large: Caller;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url, { NODE_OPTIONS: SMALL_HEAP });
  url = await server.ready();
  [million, large] = (await callersOf(2, url, postgres)) as [Caller, Caller];
  await postgres.sql('set session_replication_role = replica'); // no trigger that reads or counts every row
  for (const statement of USERS) await postgres.sql(statement);
  const roles = [role('ORGANIZATION_USER'), role('WORKSPACE_USER')];
  await postgres.sql(JOIN, [million.orgId, million.workspaceId, ...roles, MILLION]);
  await postgres.sql(JOIN, [large.orgId, large.workspaceId, ...roles, THREE_HUNDRED_THOUSAND]);
  await postgres.sql('analyze'); // as autovacuum would within a minute
}, 30 * 60_000);
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

/** A list that is read as fast as possible; `isWhole` if the response ended as JSON ends. */
type Read = { firstByteMs: number; rows: number; bytes: number; isWhole: boolean };

async function readAll({ headers }: Caller, path = ROSTER): Promise<Read> {
  const begun = performance.now();
  const client = await ListClient.open(`${url}${path}`, headers);
  const firstByteMs = Math.round(performance.now() - begun);
  let rows = 0;
  let end = '';
  client.response.setEncoding('latin1').on('data', (chunk: string) => {
    const text = end + chunk;
    for (let at = -1; (at = text.indexOf(ROW, at + 1)) !== -1;) rows++;
    end = text.slice(1 - ROW.length);
  });
  const isComplete = (await client.readAll()) === 'complete';
  return { firstByteMs, rows, bytes: client.bytes, isWhole: isComplete && end.endsWith('],"pending":[]}') };
}

/** In each row once, and in no value. */
const ROW = '"linked_login_methods":';

/** The memory before, at most during, and after what the readers do. */
async function observed<T>(work: () => Promise<T>) {
  const beforeMb = memoryMb(server);
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(memoryMb(server)), 100);
  const result = await work().finally(() => clearInterval(sampling));
  const half = samples.length >> 1;
  return {
    result,
    memory: {
      beforeMb,
      firstHalfMb: Math.max(...samples.slice(0, half)),
      secondHalfMb: Math.max(...samples.slice(half)),
      peakMb: Math.max(...samples),
    },
  };
}

const secondsSince = (begun: number) => Math.round((performance.now() - begun) / 100) / 10;

const rosters = [
  ['organization', ROSTER],
  ['workspace', '/api/v1/workspaces/current/members'],
] as const;

it.each(rosters)(
  'sends a million members of one %s with an early first byte, in constant memory',
  async (kind, path) => {
    await readAll(large, path); // has warmed up the process and the caches of PostgreSQL
    const begun = performance.now();

    const { result, memory } = await observed(() => readAll(million, path));

    printFigures(`a million members of one ${kind}`, {
      ...result,
      seconds: secondsSince(begun),
      ...memory,
    });
    expect(result).toMatchObject({ rows: MILLION + 1, isWhole: true });
    expect(result.firstByteMs).toBeLessThan(FIRST_BYTE_MS);
    expect(memory.peakMb - memory.beforeMb).toBeLessThan(LARGEST_MB + NOISE_MB);
    expect(memory.secondHalfMb - memory.firstHalfMb).toBeLessThan(LARGEST_MB);
  },
);

it('sends 300,000 members to four clients at the same time', async () => {
  const begun = performance.now();

  const { result, memory } = await observed(() =>
    Promise.all(Array.from({ length: LARGE_LISTS }, () => readAll(large))),
  );

  printFigures('300,000 members, four times at once', {
    firstByteMs: result.map(({ firstByteMs }) => firstByteMs),
    bytes: result.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: secondsSince(begun),
    ...memory,
  });
  for (const read of result) expect(read).toMatchObject({ rows: THREE_HUNDRED_THOUSAND + 1, isWhole: true });
  expect(memory.peakMb - memory.beforeMb).toBeLessThan(LARGE_LISTS * LARGEST_MB + NOISE_MB);
});
