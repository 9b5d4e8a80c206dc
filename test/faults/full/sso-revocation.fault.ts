import { afterAll, beforeAll } from '@jest/globals';
import { proveSsoChanges } from '../../support/access-changes/prove-sso-changes.js';
import { PostgresServer } from '../support/postgres-server.js';
import { startReplicaProcesses } from '../support/replica-processes.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});

proveSsoChanges((environment = {}) => {
  const other = { ...environment, PORT: '0' };
  return startReplicaProcesses(postgres, [{ environment }, { environment: other }, { environment: other }]);
}, 50);

afterAll(() => postgres.remove()); // after the servers, which the function above stops
