import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Scene } from '../../support/access-changes/access-change.js';
import { REVOCATIONS_OF_KEYS } from '../../support/access-changes/key-changes.js';
import { proveChanges } from '../../support/access-changes/prove-changes.js';
import { REVOCATIONS_BY_SQL } from '../../support/access-changes/sql-changes.js';
import { hasPackages } from '../support/debian-program.js';
import { PgBouncer } from '../support/pgbouncer.js';
import { PostgresServer } from '../support/postgres-server.js';
import { startReplicaProcesses } from '../support/replica-processes.js';

const describeWithPgBouncer = hasPackages('PgBouncer', ['pgbouncer']) ? describe : describe.skip;
/** For three replicas, each with a pool of more. */
const CONNECTIONS = '8';

describeWithPgBouncer('replicas whose connections go through PgBouncer in transaction mode', () => {
  let postgres: PostgresServer;
  let pgbouncer: PgBouncer;
  let scene: Scene;
  beforeAll(async () => {
    postgres = await PostgresServer.start();
    pgbouncer = await PgBouncer.inFrontOf(postgres.url, { default_pool_size: CONNECTIONS });
    const settings = { databaseUrl: pgbouncer.url };
    const replicas = await startReplicaProcesses(postgres, [settings, settings, settings]);
    scene = { replicas, org: await replicas.fixtures.orgWithAdmin() };
  });
  afterAll(async () => {
    await scene.replicas.close();
    await pgbouncer.remove();
    await postgres.remove();
  });

  describe('refuse requests that are sent after', () => {
    proveChanges(() => scene, { changes: REVOCATIONS_OF_KEYS, times: 3 });
  });

  describe('refuse requests that are sent 100 ms after another program committed', () => {
    proveChanges(() => scene, { changes: REVOCATIONS_BY_SQL, times: 3, withinMs: 100 });
  });
});
