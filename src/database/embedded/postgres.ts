import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, type EmbeddedPostgresOptions, prepareCluster } from './cluster.js';
import { lastLines, launchPostmaster, readPostmaster, stopPostmaster } from './postmaster.js';
import { openSession, tryBecomeOnlyUser } from './session.js';

/**
 * Starts PostgreSQL on the cluster in `directory`, which the first start creates. One that already runs on it (of a
 * killed or a concurrent Node process) is used instead.
 *
 * @throws Error whose message tells the operator what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, signal, log } = options;
  try {
    const cluster = await prepareCluster(options);
    const server = await connectOrLaunch(cluster, signal);
    log?.(`PostgreSQL runs in ${cluster.path} (process ${server.pid})`);
    return new EmbeddedPostgres(server, cluster);
  } catch (error) {
    signal?.throwIfAborted();
    throw explained(directory, 'did not start', error);
  }
}

function explained(directory: string, problem: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = 'To use a PostgreSQL (15 or newer) of your own instead, set DATABASE_URL.';
  return new Error(`the embedded PostgreSQL in ${directory} ${problem}: ${reason}\n${advice}`, { cause });
}

/** A server notices by the loss of its session that PostgreSQL has ended, and starts it again, once. */
export class EmbeddedPostgres {
  /** Superuser `tenantry`, database `tenantry`, on 127.0.0.1 with a port that differs between starts. */
  readonly url: string;
  private readonly failing = new AbortController();
  /** Aborted with the error for the operator when PostgreSQL ended and is not restarted; never unless `isServer`. */
  readonly failure = this.failing.signal;
  private readonly stopping = new AbortController();
  private recovery: Promise<void> | null = null;
  private stopped: Promise<void> | null = null;

  constructor(
    private server: RunningServer,
    private readonly cluster: Cluster,
  ) {
    const password = encodeURIComponent(cluster.password);
    this.url = `postgres://tenantry:${password}@127.0.0.1:${server.port}/tenantry`;
    if (cluster.isServer) this.watch();
  }

  /**
   * Fast shutdown, unless another process uses the same cluster: then the last one stops it. Idempotent. The Node
   * process stays alive until it is called.
   */
  stop(): Promise<void> {
    this.stopping.abort();
    this.stopped ??= Promise.resolve(this.recovery).then(() => stopIfLast(this.server, this.cluster));
    return this.stopped;
  }

  private watch(): void {
    this.server.session.once('end', () => {
      if (this.stopping.signal.aborted) return;
      this.recovery = this.recover(this.recovery !== null);
    });
  }

  private async recover(hasEndedBefore: boolean): Promise<void> {
    const { cluster } = this;
    cluster.log?.(`PostgreSQL in ${cluster.path} ended, or closed its session`);
    try {
      if (hasEndedBefore)
        throw new Error(`it had ended before. The last lines of its log:\n${await lastLines(cluster)}`);
      // On the same port, since the pool keeps its URL.
      this.server = await connectOrLaunch(cluster, this.stopping.signal, this.server.port);
      cluster.log?.(`PostgreSQL in ${cluster.path} runs again (process ${this.server.pid})`);
      this.watch();
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.failing.abort(explained(cluster.directory, 'ended and is not started again', error));
    }
  }
}

/** A PostgreSQL server that this process uses, by a session that marks it as used. */
interface RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly session: pg.Client;
}

/** Retries, since the port may be taken, or the previous server may still be shutting down. */
const MAX_LAUNCHES = 4;
const RELAUNCH_MS = 250;
const START_TIMEOUT_MS = 5 * 60_000; // recovery after a crash may take long

/**
 * Below the ephemeral ports of every system: an outgoing connection cannot take the port while PostgreSQL is restarted,
 * and a client that connects to it meanwhile cannot be connected to itself.
 */
const PORTS = [10_000, 32_768] as const;

/**
 * Uses the server that runs on the cluster, or starts it.
 *
 * @param port the one of before, if PostgreSQL is restarted
 * @throws the reason of `signal`, after a server that was launched here has ended
 * @throws UnusableServer
 */
async function connectOrLaunch(
  cluster: Cluster,
  signal: AbortSignal | undefined,
  port?: number,
): Promise<RunningServer> {
  const launches: ChildProcess[] = [];
  try {
    return await launchUntilConnected(cluster, launches, signal, port);
  } catch (error) {
    const pid = launches.at(-1)?.pid;
    if (pid !== undefined) await stopPostmaster(pid, cluster);
    throw error;
  }
}

/**
 * Polls `postmaster.pid`, so that it does not matter which process started the server. One attempt begins after the
 * deadline, since this process or the machine may have slept until then.
 */
async function launchUntilConnected(
  cluster: Cluster,
  launches: ChildProcess[],
  signal: AbortSignal | undefined,
  port: number | undefined,
): Promise<RunningServer> {
  let problem = '';
  let deadline = timeout();
  for (let begun = 0; begun < deadline; await pause(20)) {
    signal?.throwIfAborted();
    begun = performance.now();
    const found = await readPostmaster(cluster);
    if (found?.isAlive && port !== undefined && port !== found.port) {
      await stopPostmaster(found.pid, cluster); // launched by a command while this server restarts it
    } else if (found?.isAlive) {
      const session = await openSession(cluster, found.port);
      if (session instanceof pg.Client) return { ...found, session };
      problem = session;
    } else if (!isRunning(launches.at(-1))) {
      if (launches.length === MAX_LAUNCHES) throw new Error(await lastLines(cluster));
      await pause(launches.length * RELAUNCH_MS);
      launches.push(await launchPostmaster(cluster, port ?? randomInt(...PORTS), found));
      cluster.onLaunched?.();
      deadline = timeout();
    }
  }
  throw new Error(`it does not answer (${problem}); see server.log in ${cluster.path}`);
}

const timeout = () => performance.now() + START_TIMEOUT_MS;

const isRunning = (child: ChildProcess | undefined) =>
  child?.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** Fast shutdown, unless another process uses the server or the session is lost. */
async function stopIfLast({ pid, session }: RunningServer, cluster: Cluster): Promise<void> {
  if (await tryBecomeOnlyUser(session).catch(() => false)) await stopPostmaster(pid, cluster);
  await session.end().catch(() => undefined);
}
