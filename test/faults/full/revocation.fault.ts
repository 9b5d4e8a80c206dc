import { proveAcknowledgedChanges } from '../../support/access-changes/prove-changes.js';
import { PostgresServer } from '../support/postgres-server.js';
import { startReplicaProcesses } from '../support/replica-processes.js';

proveAcknowledgedChanges(async () => {
  const postgres = await PostgresServer.start();
  const replicas = await startReplicaProcesses(postgres);
  const close = async () => {
    await replicas.close();
    await postgres.remove();
  };
  return { ...replicas, close };
}, 50);
