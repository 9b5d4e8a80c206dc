import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ServerProcess } from '../../support/server-process.js';
import { callersOf, environmentOf, type Caller } from '../support/fault-server.js';
import { Haproxy, hasHaproxy } from '../support/haproxy.js';
import { Load, printFigures } from '../support/load.js';
import { freePort } from '../../support/free-port.js';
import { PostgresServer } from '../support/postgres-server.js';
import { WorkspaceWrites } from '../support/workspace-writes.js';

const REQUESTS = 10_000;
const REPLICAS = 3;
const CALLERS = 8;
const PAUSE_MS = 15;

if (!hasHaproxy) process.stderr.write('HAProxy is not installed: the rolling restart is skipped.\n');
const itWithHaproxy = hasHaproxy ? it : it.skip;

let postgres: PostgresServer;
let haproxy: Haproxy;
let ports: number[];
let replicas: ServerProcess[];
let callers: Caller[];
beforeAll(async () => {
  if (!hasHaproxy) return;
  postgres = await PostgresServer.start();
  ports = await Promise.all(Array.from({ length: REPLICAS }, freePort));
  replicas = ports.map(start);
  await Promise.all(replicas.map((replica) => replica.ready()));
  callers = await callersOf(CALLERS, `http://127.0.0.1:${ports[0]}`, postgres);
  haproxy = await Haproxy.inFrontOf(ports);
});
afterAll(async () => {
  if (!hasHaproxy) return;
  await haproxy.remove();
  replicas.forEach((replica) => replica.kill('SIGKILL'));
  await postgres.remove();
});

/** With the default drain. */
const start = (port: number) =>
  new ServerProcess({
    ...environmentOf(postgres.url),
    SHUTDOWN_DRAIN_SECONDS: '',
    PORT: String(port),
  });

itWithHaproxy(
  'loses none of 10,000 requests behind HAProxy while three replicas are restarted one after another',
  async () => {
    const writes = new WorkspaceWrites(haproxy.url);
    for (const index of ports.keys()) await haproxy.untilReplica(index, 'UP');
    let requests = 0;
    const load = new Load(
      callers.map(
        ({ headers }) =>
          () =>
            ++requests % 10 === 0 ? writes.write(headers) : writes.read(headers),
      ),
      PAUSE_MS,
    );

    const begun = performance.now();
    const codes: (number | string)[] = [];
    const stopsMs: number[] = [];
    for (const [index, port] of ports.entries()) {
      const stopped = performance.now();
      codes.push(await replicas[index]!.stop());
      stopsMs.push(Math.round(performance.now() - stopped));
      replicas[index] = start(port);
      await replicas[index].ready();
      await haproxy.untilReplica(index, 'UP');
    }
    const restartedAfterMs = Math.round(performance.now() - begun);
    while (load.total < REQUESTS) await new Promise((resolve) => setTimeout(resolve, 100));
    const seen = await load.stop();
    const rows = await postgres.sql<{ name: string }>('select display_name as name from workspaces');
    const lost = writes.findLost(rows.map(({ name }) => name));

    const { total, slowestMs } = load;
    const figures = { replicas: REPLICAS, requests: total, seen, acknowledged: writes.acknowledged.length };
    const times = { stopsMs, restartedAfterMs, slowestMs: Math.round(slowestMs) };
    printFigures('rolling restart', { ...figures, lostWrites: lost.length, ...times });
    expect(Object.keys(seen)).toEqual(['200']);
    expect(lost).toEqual([]);
    expect(codes).toEqual([0, 0, 0]);
  },
);
