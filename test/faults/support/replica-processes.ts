import { type Replicas, replicasAt } from '../../support/replicas.js';
import type { ServerProcess } from '../../support/server-process.js';
import { startServer } from './fault-server.js';
import type { PostgresServer } from './postgres-server.js';

export type ReplicaProcesses = Replicas & { servers: readonly ServerProcess[] };

/** A server in a process of its own for each URL of the database, which may lead through a proxy. */
export async function startReplicaProcesses(
  postgres: PostgresServer,
  databaseUrls: readonly string[] = [postgres.url, postgres.url, postgres.url],
): Promise<ReplicaProcesses> {
  const servers: ServerProcess[] = [];
  const urls: string[] = [];
  for (const databaseUrl of databaseUrls) {
    const server = startServer(databaseUrl);
    servers.push(server);
    urls.push(await server.ready()); // the first migrates
  }
  const stop = () => Promise.all(servers.map((server) => server.stop()));
  return { ...replicasAt(urls, postgres.url, stop), servers };
}
