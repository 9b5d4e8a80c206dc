import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Cluster } from './cluster-location.js';
import { unlessAbsent } from './file-errors.js';
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
  /** Why it ended: the last lines of its log. */
  lastLines(): Promise<string>;
}

/** The server that runs, or last ran, on a cluster. */
export async function readPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster.path, 'postmaster.pid'), 'utf8').catch(unlessAbsent);
  const [pid = NaN, , , port = NaN] = (text ?? '').split('\n').map(Number); // lines 1 and 4
  return pid > 0 && port > 0 ? { pid, port, isAlive: await isPostmaster(pid, cluster) } : undefined;
}

/**
 * Starts PostgreSQL on a free port of 127.0.0.1 without waiting for it. It is detached from the terminal's Ctrl-C, so
 * that requests in progress can complete; a second server on the same cluster exits by itself.
 *
 * @param stale the dead server that `readPostmaster` found; its PID may belong to another process by now
 */
export async function launchPostmaster(
  cluster: Cluster,
  { program, durable, stale }: { program: string; durable: boolean; stale: Postmaster | undefined },
): Promise<Launch> {
  const args = ['-D', cluster.path, ...settings(await freePort(), durable)];
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
    lastLines: async () => failure || (await readFile(log.path)).subarray(log.start).toString().trim(),
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function openLog({ path: folder, user }: Cluster) {
  const path = join(folder, 'server.log');
  // If this process is root, the directory belongs to another user: a link in it must not redirect the write.
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o600);
  if (user) await file.chown(user.uid, user.gid);
  return { path, file, start: (await file.stat()).size };
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
