import { type Replicas, replicasAt } from '../../support/replicas.js';
import type { ServerProcess } from '../../support/server-process.js';
import { startServer } from './fault-server.js';
import type { PostgresServer } from './postgres-server.js';

export type ReplicaProcesses = Replicas & { servers: readonly ServerProcess[] };

/** `databaseUrl` may lead through a proxy. */
type ServerSettings = { databaseUrl?: string; environment?: Record<string, string> };

/** Servers in processes of their own, by default three. */
export async function startReplicaProcesses(
  postgres: PostgresServer,
  settings: readonly ServerSettings[] = [{}, {}, {}],
): Promise<ReplicaProcesses> {
  const servers: ServerProcess[] = [];
  const urls: string[] = [];
  for (const { databaseUrl = postgres.url, environment } of settings) {
    const server = startServer(databaseUrl, environment);
    servers.push(server);
    const publicUrl = await server.ready(); // the first one migrates
    urls.push(environment?.['PORT'] ? `http://127.0.0.1:${environment['PORT']}` : publicUrl);
  }
  const stop = () => Promise.all(servers.map((server) => server.stop()));
  return { ...replicasAt(urls, postgres.url, stop), servers };
}
