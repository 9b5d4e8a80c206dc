import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Cluster } from './cluster-location.js';
import { unlessAbsent } from './file-errors.js';
import { lastLines, openLog } from './server-log.js';
import { PLAIN_ENVIRONMENT } from './system-user.js';

/** The content of `postmaster.pid`, which stays behind if the server was killed. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isAlive: boolean;
}

/** A PostgreSQL server launched by this process, which may still fail to start. */
export interface Launch {
  isRunning(): boolean;
  /** Resolves when the process has ended. */
  kill(): Promise<void>;
  /** Why it ended: the last lines that it wrote to its log. */
  lastLines(): Promise<string>;
}

/** The server that runs, or last ran, on a cluster. */
export async function readPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster.path, 'postmaster.pid'), 'utf8').catch(unlessAbsent);
  const [pid = NaN, , , port = NaN] = (text ?? '').split('\n').map(Number); // lines 1 and 4
  return pid > 0 && port > 0 ? { pid, port, isAlive: await isPostmaster(pid, cluster) } : undefined;
}

type LaunchOptions = {
  program: string;
  durable: boolean;
  /** Null: any free one. */
  port: number | null;
  /** The dead server that `readPostmaster` found; its PID may belong to another process by now. */
  stale: Postmaster | undefined;
};

/**
 * Starts PostgreSQL on a port of 127.0.0.1 without waiting for it. It is detached from the terminal's Ctrl-C, so
 * that requests in progress can complete; a second server on the same cluster exits by itself.
 */
export async function launchPostmaster(
  cluster: Cluster,
  { program, durable, port, stale }: LaunchOptions,
): Promise<Launch> {
  const args = ['-D', cluster.path, ...settings(port ?? (await freePort()), durable)];
  const log = await openLog(cluster);
  // PostgreSQL treats a lock file as stale if it names this process (pg_ctl sets the variable as well), and still
  // checks its shared memory. So no lock file has to be removed that a concurrent start may just have written.
  const env = { ...PLAIN_ENVIRONMENT, PG_GRANDPARENT_PID: stale && String(stale.pid) };
  const stdio = ['ignore' as const, log.file.fd, log.file.fd];
  const child = spawn(program, args, { ...cluster.user, cwd: '/', env, detached: true, stdio });
  let failure = '';
  child.once('error', (error) => (failure = error.message));
  child.unref();
  await log.file.close();
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    isRunning,
    kill: () => shutDown((signal) => child.kill(signal), isRunning),
    lastLines: async () => failure || (await lastLines(cluster, log.size)),
  };
}

/** Returns when the process has ended. */
export function stopPostmaster(pid: number, cluster: Cluster): Promise<void> {
  return shutDown(
    (signal) => process.kill(pid, signal),
    () => isPostmaster(pid, cluster),
  );
}

/** Fast shutdown: ends sessions and writes a checkpoint. */
async function shutDown(
  kill: (signal: 'SIGINT' | 'SIGQUIT') => void,
  isRunning: () => boolean | Promise<boolean>,
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const deadline = performance.now() + 30_000;
    if (await isRunning()) kill(signal);
    while (await isRunning()) {
      if (performance.now() > deadline) break;
      await pause(10);
    }
  }
}

/** Only settings that the server relies on; all others can be changed in the cluster's postgresql.conf. */
function settings(port: number, durable: boolean): string[] {
  const conf = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    cluster_name: 'tenantry',
    // The application handles refused statements; their log lines would hold personal data.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(conf).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * Below the ephemeral ports of every system: an outgoing connection cannot take the port while PostgreSQL is restarted,
 * and a client that connects to it meanwhile cannot be connected to itself.
 */
const PORTS = [10_000, 32_768] as const;

const PORT_ATTEMPTS = 100;

async function freePort(): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const server = createServer().listen(randomInt(...PORTS), '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if (attempt === PORT_ATTEMPTS) throw error;
      continue;
    }
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }
}

const HAS_PROC = existsSync('/proc/self/cmdline');

/** The PID alone may have been reused, so the arguments are compared where the system shows them. */
async function isPostmaster(pid: number, cluster: Cluster): Promise<boolean> {
  if (!HAS_PROC) return isAlive(pid);
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''); // empty for a zombie
  const [program = '', ...args] = text.split('\0');
  return basename(program) === 'postgres' && args.includes(cluster.path);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
