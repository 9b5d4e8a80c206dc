import { embeddedBinaries } from './binaries.js';
import { createClusterOnce } from './cluster.js';
import { locateCluster, type ClusterOptions } from './cluster-location.js';
import { ClusterInUse } from './embedded.errors.js';
import { connectOrLaunch, type RunningServer, type RunOptions, stopIfLast } from './running-server.js';
import { SessionTaken } from './session.errors.js';
import { Supervisor } from './supervisor.js';

export interface EmbeddedPostgres {
  /** Superuser `tenantry`, database `tenantry`, on 127.0.0.1 with a port that differs between starts. */
  readonly url: string;
  /**
   * Fast shutdown, unless another process uses the same cluster: then the last one stops it. Idempotent. The Node
   * process stays alive until it is called.
   */
  stop(): Promise<void>;
  /** Aborted with the error for the operator when PostgreSQL ended and is not restarted; never unless `isServer`. */
  readonly failure: AbortSignal;
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
  /**
   * True for a server, of which only one may use the cluster: it restarts PostgreSQL when that ends, and rotates its
   * log. False for commands and tests, which may use it at the same time.
   */
  isServer?: boolean;
  log?: (line: string) => void;
  /** Called once PostgreSQL was launched, for work that does not need it yet. */
  onLaunched?: () => void;
  /** If aborted during the start, the start throws the reason and stops the server that it launched. */
  signal?: AbortSignal;
}

/**
 * Starts PostgreSQL on the cluster in `directory`, which the first start creates. One that already runs on it (of a
 * killed or a concurrent Node process) is used instead.
 *
 * @throws ClusterInUse with `isServer`, if another server uses the cluster
 * @throws Error whose message tells the operator what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, log = () => undefined, isServer = false } = options;
  const { signal = new AbortController().signal } = options;
  try {
    const run = await prepareCluster({ ...options, log }, isServer, signal);
    const server = await connectOrLaunch(run, signal, options.onLaunched);
    if (!server.isLaunchedHere) log(`PostgreSQL already runs in ${run.cluster.path} (process ${server.pid})`);
    return isServer ? supervised(server, run) : unsupervised(server, directory);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SessionTaken) throw new ClusterInUse(directory, error.processId);
    const reason = error instanceof Error ? error.message : String(error);
    const advice = 'To use a PostgreSQL (15 or newer) of your own instead, set DATABASE_URL.';
    const message = `The embedded PostgreSQL in ${directory} did not start: ${reason}\n${advice}`;
    throw new Error(message, { cause: error });
  }
}

async function prepareCluster(
  options: ClusterOptions,
  isExclusive: boolean,
  signal: AbortSignal,
): Promise<RunOptions> {
  const cluster = await locateCluster(options);
  const { initdb, postgres } = await embeddedBinaries(cluster.user);
  signal.throwIfAborted();
  await createClusterOnce(cluster, initdb, options); // not abortable; takes seconds
  return { ...options, cluster, program: postgres, port: null, isExclusive };
}

function supervised(server: RunningServer, run: RunOptions): EmbeddedPostgres {
  const { directory, log } = run;
  const samePort = { ...run, port: server.port }; // the pool keeps its URL
  const reconnect = (signal: AbortSignal) => connectOrLaunch(samePort, signal);
  const supervisor = new Supervisor(server, { reconnect, log, directory });
  const stop = once(async () => stopIfLast(await supervisor.stop(), directory));
  return { url: urlOf(server), stop, failure: supervisor.failure };
}

const unsupervised = (server: RunningServer, directory: string): EmbeddedPostgres => ({
  url: urlOf(server),
  stop: once(() => stopIfLast(server, directory)),
  failure: new AbortController().signal,
});

const urlOf = ({ port, password }: RunningServer) =>
  `postgres://tenantry:${encodeURIComponent(password)}@127.0.0.1:${port}/tenantry`;

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= work());
}
