import { type Replicas, replicasAt } from '../../support/replicas.js';
import type { ServerProcess } from '../../support/server-process.js';
import { startServer } from './fault-server.js';
import type { PostgresServer } from './postgres-server.js';

export type ReplicaProcesses = Replicas & { servers: readonly ServerProcess[] };

type Settings = {
  /** Only the first server gets its `PORT`. */
  environment?: Record<string, string>;
  /** One for each server; they may lead through proxies. */
  databaseUrls?: readonly string[];
};

/** Servers in processes of their own, by default three. */
export async function startReplicaProcesses(
  postgres: PostgresServer,
  { environment = {}, databaseUrls = [postgres.url, postgres.url, postgres.url] }: Settings = {},
): Promise<ReplicaProcesses> {
  const servers: ServerProcess[] = [];
  const urls: string[] = [];
  for (const databaseUrl of databaseUrls) {
    const server = startServer(databaseUrl, urls.length === 0 ? environment : { ...environment, PORT: '0' });
    servers.push(server);
    urls.push(await server.ready()); // the first one migrates
  }
  const stop = () => Promise.all(servers.map((server) => server.stop()));
  return { ...replicasAt(urls, postgres.url, stop), servers };
}
