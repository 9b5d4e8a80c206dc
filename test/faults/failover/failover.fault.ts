import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/audit-log.js';
import { ServerProcess } from '../../support/server-process.js';
import { hasPackages } from '../support/debian-program.js';
import { callersOf, environmentOf } from '../support/fault-server.js';
import { printFigures } from '../support/load.js';
import { PatroniCluster } from '../support/patroni-cluster.js';
import { PgBouncer } from '../support/pgbouncer.js';
import { ReadinessLog } from './readiness-log.js';
import { type Invited, InvitingLoad } from './inviting-load.js';

const REPLICAS = 3;
const ORGANIZATIONS = 30;
const BEFORE_MS = 3000;
const AFTER_MS = 3000;
const LONGEST_ANSWER_MS = 15_000; // waiting for a connection of the pool, then for one of PgBouncer
const LONGEST_TEST_MS = 120_000;

const isInstalled = hasPackages('The failover of PostgreSQL', [
  'postgresql-17',
  'patroni',
  'python3-etcd',
  'etcd-server',
  'haproxy',
  'pgbouncer',
]);
const describeWithPatroni = isInstalled ? describe : describe.skip;

describeWithPatroni('PostgreSQL with Patroni', () => {
  let cluster: PatroniCluster;
  let pgbouncer: PgBouncer;
  let replicas: ServerProcess[] = [];
  let urls: string[];
  let load: () => InvitingLoad;
  beforeAll(async () => {
    cluster = await PatroniCluster.start();
    pgbouncer = await PgBouncer.inFrontOf(cluster.url);
    replicas = Array.from(
      { length: REPLICAS },
      () => new ServerProcess({ ...environmentOf(pgbouncer.url), DATABASE_DIRECT_URL: cluster.url }),
    );
    urls = await Promise.all(replicas.map((replica) => replica.ready()));
    const callers = await callersOf(ORGANIZATIONS, urls[0]!, cluster);
    load = () => new InvitingLoad(callers, urls);
  }, LONGEST_TEST_MS);
  afterAll(async () => {
    for (const replica of replicas) replica.kill('SIGKILL');
    await pgbouncer?.remove();
    await cluster?.remove();
  });

  /** Those of which the primary has no row, or more than one. */
  async function findLost(acknowledged: readonly Invited[]): Promise<Invited[]> {
    const rows = await cluster.sql<Invited>('select id, email from invitations');
    const stored = new Map<string, string[]>();
    for (const { id, email } of rows) stored.set(email, [...(stored.get(email) ?? []), id]);
    return acknowledged.filter(({ id, email }) => stored.get(email)?.join() !== id);
  }

  it.each([
    { what: 'a planned switchover', fault: () => cluster.switchOver(), members: 3 },
    { what: 'SIGKILL of the primary', fault: () => cluster.killPrimary(), members: 2 },
  ])(
    'keeps every acknowledged write through $what while 30 organizations write to three replicas',
    async ({ what, fault, members }) => {
      const readiness = new ReadinessLog(urls);
      const writes = load();
      await pause(BEFORE_MS);

      const begun = performance.now();
      await fault();
      await cluster.untilHealthy(members);
      const healthyAt = performance.now();
      await until(() => readiness.areAllReady && writes.haveSucceededOnAll(healthyAt), 60);
      await pause(AFTER_MS);
      await writes.stop();
      const notReadyMs = await readiness.stop();

      const lost = await findLost(writes.acknowledged);
      printFigures(what, {
        organizations: ORGANIZATIONS,
        replicas: REPLICAS,
        ...writes.figures(begun),
        notReadyMs,
        slowestReadinessMs: readiness.slowestMs,
        lost: lost.length,
      });
      expect(lost).toEqual([]);
      expect(writes.statuses).toEqual(expect.arrayContaining(['200']));
      expect(writes.statuses.filter((status) => !['200', '503', 'cut'].includes(status))).toEqual([]);
      expect(writes.slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
      expect(writes.retryAfters).toEqual(new Set(writes.statuses.includes('503') ? ['1'] : []));
      expect(readiness.areAllReady).toBe(true);
    },
    LONGEST_TEST_MS,
  );
});
