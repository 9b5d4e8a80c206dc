import { afterAll, beforeAll } from '@jest/globals';
import { proveAcknowledgedChanges } from '../../support/access-changes/prove-changes.js';
import { PostgresServer } from '../support/postgres-server.js';
import { startReplicaProcesses } from '../support/replica-processes.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});

proveAcknowledgedChanges(
  (environment) => startReplicaProcesses(postgres, [{ environment }, { environment }, { environment }]),
  50,
);

afterAll(() => postgres.remove());
