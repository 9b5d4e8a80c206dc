import { setTimeout as pause } from 'node:timers/promises';

import type { Client } from 'pg';

import { embeddedBinaries } from './binaries.js';
import { createClusterOnce } from './cluster.js';
import { type Cluster, placeCluster, removeThrowAway } from './place.js';
import { type Launch, launchPostmaster, readPostmaster, stopPostmaster } from './postmaster.js';
import { claimAlone, openSession, type ServerAddress, ServerNotReady } from './session.js';

export interface EmbeddedPostgres {
  /** Superuser `tenantry`, database `tenantry`, on a port of 127.0.0.1 that differs from start to start. */
  readonly url: string;
  /**
   * Fast shutdown, unless another process uses the same cluster: the last one stops it. May be called twice.
   * Until then the Node process stays alive.
   */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder that will hold the cluster, e.g. `<DATA_DIR>/postgres`; a link to it where root's folders are closed. */
  directory: string;
  /** Of the superuser; set when the cluster is created and kept by the caller. */
  password: string;
  /** False for throw-away test clusters: a crash of the machine may spoil them. */
  durable: boolean;
  log?: (line: string) => void;
  /** Aborted during the start, it throws the reason, and no server that it launched is left. */
  signal?: AbortSignal;
}

/**
 * Starts PostgreSQL on the cluster in `directory`, which it creates at the first start. A server that runs there
 * (its Node process was killed, or works beside us) is used instead. Throws one error that tells a person what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined, signal = new AbortController().signal } = options;
  const wish = { ...options, log, signal };
  try {
    const cluster = await placeCluster(wish);
    const { initdb, postgres } = await embeddedBinaries(cluster.user);
    signal.throwIfAborted();
    await createClusterOnce(cluster, initdb, wish); // not cut short: it takes seconds and ends clean
    const server = await connect({ ...wish, cluster, program: postgres });
    const url = `postgres://tenantry:${encodeURIComponent(server.password)}@127.0.0.1:${server.port}/tenantry`;
    let stopping: Promise<void> | undefined;
    return { url, stop: () => (stopping ??= leave(server, options)) };
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const otherwise = 'To use a PostgreSQL (15 or newer) of your own instead, set DATABASE_URL.';
    const message = `The embedded PostgreSQL in ${options.directory} did not start: ${reason}\n${otherwise}`;
    throw new Error(message, { cause: error });
  }
}

type Plan = Required<EmbeddedPostgresOptions> & { cluster: Cluster; program: string };

interface RunningServer extends ServerAddress {
  readonly cluster: Cluster;
  readonly pid: number;
  readonly session: Client;
}

async function connect(plan: Plan): Promise<RunningServer> {
  const launches: Launch[] = [];
  try {
    const server = await launchUntilConnected(plan, launches);
    if (launches.length === 0)
      plan.log(`PostgreSQL already runs in ${plan.cluster.path} (process ${server.pid})`);
    return server;
  } catch (error) {
    await launches.at(-1)?.abandon();
    throw error;
  }
}

/** A free port may be taken before PostgreSQL takes it, and the server before may still be ending. */
const MAX_LAUNCHES = 3;
const PATIENCE_MS = 60_000;

/** Looks again and again at what `postmaster.pid` says, so that it does not matter who started the server. */
async function launchUntilConnected(plan: Plan, launches: Launch[]): Promise<RunningServer> {
  const { cluster, password, signal } = plan;
  for (let deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(20)) {
    signal.throwIfAborted();
    const found = await readPostmaster(cluster);
    if (found?.isAlive) {
      const session = await openSession({ port: found.port, password }).catch(unlessNotReady);
      if (!(session instanceof ServerNotReady)) return { cluster, password, ...found, session };
      if (session.isStarting) deadline = Date.now() + PATIENCE_MS;
    } else if (!launches.at(-1)?.isRunning()) {
      if (launches.length === MAX_LAUNCHES) throw new Error(await launches.at(-1)?.lastLines());
      launches.push(await launchPostmaster(cluster, { ...plan, stale: found }));
    }
  }
  throw new Error(`it does not answer within ${PATIENCE_MS / 1000} s; see server.log in ${cluster.path}`);
}

function unlessNotReady(error: unknown): ServerNotReady {
  if (error instanceof ServerNotReady) return error;
  throw error;
}

async function leave(server: RunningServer, { directory }: EmbeddedPostgresOptions): Promise<void> {
  await server.session.end().catch(() => undefined);
  const isLast = await claimAlone(server).catch(() => true); // without an answer it serves nobody
  if (!isLast) return;
  await stopPostmaster(server.pid, server.cluster);
  await removeThrowAway(server.cluster, directory);
}
