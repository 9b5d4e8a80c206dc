import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';

import { type Cluster, type ClusterOptions, removeTemporaryCluster } from './cluster-location.js';
import { type Launch, launchPostmaster, readPostmaster, stopPostmaster } from './postmaster.js';
import { openSession, type ServerAddress, tryBecomeOnlyUser } from './session.js';
import { ServerNotReady } from './session.errors.js';

/** A PostgreSQL server that this process uses, by a session that marks it as used. */
export interface RunningServer extends ServerAddress {
  readonly cluster: Cluster;
  readonly pid: number;
  readonly session: Client;
  /** False if it was running already. */
  readonly isLaunchedHere: boolean;
}

export interface RunOptions extends ClusterOptions {
  readonly cluster: Cluster;
  readonly program: string;
  /** Null: any port. A server that runs on another one is stopped. */
  readonly port: number | null;
  readonly isExclusive: boolean;
}

/**
 * Uses the server that runs on the cluster, or starts it.
 *
 * @throws the reason of `signal`, after a server that was launched here has ended
 * @throws SessionTaken
 */
export async function connectOrLaunch(
  options: RunOptions,
  signal: AbortSignal,
  onLaunched: () => void = () => undefined,
): Promise<RunningServer> {
  const launches: Launch[] = [];
  try {
    return await launchUntilConnected({ ...options, onLaunched }, launches, signal);
  } catch (error) {
    await launches.at(-1)?.kill();
    throw error;
  }
}

/** Retries, since another process may take the free port first, or the previous server may still be shutting down. */
const MAX_LAUNCHES = 3;
const START_TIMEOUT_MS = 60_000;

/**
 * Polls `postmaster.pid`, so that it does not matter which process started the server. One attempt begins after the
 * deadline, since this process or the machine may have slept until then.
 */
async function launchUntilConnected(
  options: RunOptions & { readonly onLaunched: () => void },
  launches: Launch[],
  signal: AbortSignal,
): Promise<RunningServer> {
  const { cluster, password, port, isExclusive } = options;
  const isOurs = (found: { port: number }) => port === null || found.port === port;
  let isLast = false;
  for (let deadline = timeout(); !isLast; await pause(20)) {
    signal.throwIfAborted();
    isLast = performance.now() >= deadline;
    const postmaster = await readPostmaster(cluster);
    if (postmaster?.isAlive && !isOurs(postmaster)) {
      await stopPostmaster(postmaster.pid, cluster); // launched by a command while this server restarts it
    } else if (postmaster?.isAlive) {
      const session = await openSession({ port: postmaster.port, password }, isExclusive).catch(
        returnIfNotReady,
      );
      if (!(session instanceof ServerNotReady))
        return { cluster, password, ...postmaster, session, isLaunchedHere: launches.length > 0 };
      if (session.isStarting) [deadline, isLast] = [timeout(), false];
    } else if (!launches.at(-1)?.isRunning()) {
      if (launches.length === MAX_LAUNCHES) throw new Error(await launches.at(-1)?.lastLines());
      launches.push(await launchPostmaster(cluster, { ...options, stale: postmaster }));
      options.onLaunched();
      [deadline, isLast] = [timeout(), false];
    }
  }
  throw new Error(
    `it does not answer within ${START_TIMEOUT_MS / 1000} s; see server.log in ${cluster.path}`,
  );
}

const timeout = () => performance.now() + START_TIMEOUT_MS;

function returnIfNotReady(error: unknown): ServerNotReady {
  if (error instanceof ServerNotReady) return error;
  throw error;
}

/** Fast shutdown, unless another process uses the server as well. */
export async function stopIfLast(server: RunningServer, directory: string): Promise<void> {
  await server.session.end().catch(() => undefined);
  const isLast = await tryBecomeOnlyUser(server).catch(() => true); // a server that does not respond has no users
  if (!isLast) return;
  await stopPostmaster(server.pid, server.cluster);
  await removeTemporaryCluster(server.cluster, directory);
}
