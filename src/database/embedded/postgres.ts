import { setTimeout as pause } from 'node:timers/promises';

import type { Client } from 'pg';

import { embeddedBinaries } from './binaries.js';
import { createClusterOnce } from './cluster.js';
import { type Cluster, locateCluster, removeTemporaryCluster } from './cluster-location.js';
import { type Launch, launchPostmaster, readPostmaster, stopPostmaster } from './postmaster.js';
import { tryBecomeOnlyUser, openSession, type ServerAddress, ServerNotReady } from './session.js';

export interface EmbeddedPostgres {
  /** Superuser `tenantry`, database `tenantry`, on 127.0.0.1 with a port that differs between starts. */
  readonly url: string;
  /**
   * Fast shutdown, unless another process uses the same cluster: then the last one stops it. Idempotent. The Node
   * process stays alive until it is called.
   */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /**
   * The directory of the cluster, for example `<DATA_DIR>/postgres`; a link if the system user of PostgreSQL cannot
   * enter it.
   */
  directory: string;
  /** The superuser's password; set when the cluster is created and stored by the caller. */
  password: string;
  /** False for temporary test clusters, which need not survive a crash of the host. */
  durable: boolean;
  log?: (line: string) => void;
  /** If aborted during the start, the start throws the reason and stops the server that it launched. */
  signal?: AbortSignal;
}

/**
 * Starts PostgreSQL on the cluster in `directory`, which the first start creates. A server that already runs on it (of
 * a killed or a concurrent Node process) is used instead.
 *
 * @throws Error whose message tells the operator what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined, signal = new AbortController().signal } = options;
  const clusterOptions = { ...options, log, signal };
  try {
    const cluster = await locateCluster(clusterOptions);
    const { initdb, postgres } = await embeddedBinaries(cluster.user);
    signal.throwIfAborted();
    await createClusterOnce(cluster, initdb, clusterOptions); // not abortable; takes seconds
    const server = await connect({ ...clusterOptions, cluster, program: postgres });
    const url = `postgres://tenantry:${encodeURIComponent(server.password)}@127.0.0.1:${server.port}/tenantry`;
    let stopping: Promise<void> | undefined;
    return { url, stop: () => (stopping ??= stopIfLast(server, options)) };
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const advice = 'To use a PostgreSQL (15 or newer) of your own instead, set DATABASE_URL.';
    const message = `The embedded PostgreSQL in ${options.directory} did not start: ${reason}\n${advice}`;
    throw new Error(message, { cause: error });
  }
}

type LaunchOptions = Required<EmbeddedPostgresOptions> & { cluster: Cluster; program: string };

interface RunningServer extends ServerAddress {
  readonly cluster: Cluster;
  readonly pid: number;
  readonly session: Client;
}

async function connect(launch: LaunchOptions): Promise<RunningServer> {
  const launches: Launch[] = [];
  try {
    const server = await launchUntilConnected(launch, launches);
    if (launches.length === 0)
      launch.log(`PostgreSQL already runs in ${launch.cluster.path} (process ${server.pid})`);
    return server;
  } catch (error) {
    await launches.at(-1)?.kill();
    throw error;
  }
}

/** Retries, since another process may take the free port first, or the previous server may still be shutting down. */
const MAX_LAUNCHES = 3;
const START_TIMEOUT_MS = 60_000;

/** Polls `postmaster.pid`, so that it does not matter which process started the server. */
async function launchUntilConnected(launch: LaunchOptions, launches: Launch[]): Promise<RunningServer> {
  const { cluster, password, signal } = launch;
  for (let deadline = performance.now() + START_TIMEOUT_MS; performance.now() < deadline; await pause(20)) {
    signal.throwIfAborted();
    const postmaster = await readPostmaster(cluster);
    if (postmaster?.isAlive) {
      const session = await openSession({ port: postmaster.port, password }).catch(returnIfNotReady);
      if (!(session instanceof ServerNotReady)) return { cluster, password, ...postmaster, session };
      if (session.isStarting) deadline = performance.now() + START_TIMEOUT_MS;
    } else if (!launches.at(-1)?.isRunning()) {
      if (launches.length === MAX_LAUNCHES) throw new Error(await launches.at(-1)?.lastLines());
      launches.push(await launchPostmaster(cluster, { ...launch, stale: postmaster }));
    }
  }
  throw new Error(
    `it does not answer within ${START_TIMEOUT_MS / 1000} s; see server.log in ${cluster.path}`,
  );
}

function returnIfNotReady(error: unknown): ServerNotReady {
  if (error instanceof ServerNotReady) return error;
  throw error;
}

async function stopIfLast(server: RunningServer, { directory }: EmbeddedPostgresOptions): Promise<void> {
  await server.session.end().catch(() => undefined);
  const isLast = await tryBecomeOnlyUser(server).catch(() => true); // a server that does not respond has no users
  if (!isLast) return;
  await stopPostmaster(server.pid, server.cluster);
  await removeTemporaryCluster(server.cluster, directory);
}
