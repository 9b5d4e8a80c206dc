import { type ChildProcess, spawn } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { PLAIN_ENVIRONMENT } from './system-user.js';

/** The content of `postmaster.pid`, which stays behind if the server was killed. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isAlive: boolean;
}

/** The server that runs, or last ran, on a cluster. */
export async function readPostmaster({ path }: Cluster): Promise<Postmaster | undefined> {
  const text = await readFile(join(path, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = NaN, , , port = NaN] = text.split('\n').map(Number); // lines 1 and 4
  return pid > 0 && port > 0 ? { pid, port, isAlive: await isPostmaster(pid, path) } : undefined;
}

/**
 * Starts PostgreSQL on 127.0.0.1 without waiting for it. It is detached from the terminal's Ctrl-C, so that requests in
 * progress can complete; a second server on the same cluster exits by itself. The log of the previous one is overwritten.
 *
 * @param stale the dead server that `readPostmaster` found; its PID may belong to another process by now
 */
export async function launchPostmaster(
  cluster: Cluster,
  port: number,
  stale: Postmaster | undefined,
): Promise<ChildProcess> {
  await using log = await open(logOf(cluster), LOG_FLAGS, 0o600);
  if (cluster.user) await log.chown(cluster.user.uid, cluster.user.gid);
  // PostgreSQL treats a lock file as stale if it names this process (pg_ctl sets the variable as well), and still
  // checks its shared memory. So no lock file needs to be removed that a concurrent start may just have written.
  const env = { ...PLAIN_ENVIRONMENT, PG_GRANDPARENT_PID: stale && String(stale.pid) };
  const child = spawn(cluster.postgres, ['-D', cluster.path, ...settings(port, cluster.durable)], {
    ...cluster.user,
    cwd: '/',
    env,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.on('error', () => undefined); // it has no PID then
  child.unref();
  return child;
}

/** Fast shutdown: ends sessions and writes a checkpoint. Returns when the process has ended. */
export async function stopPostmaster(pid: number, { path }: Cluster): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (await isPostmaster(pid, path)) process.kill(pid, signal);
    for (const end = performance.now() + STOP_TIMEOUT_MS; performance.now() < end; await pause(10))
      if (!(await isPostmaster(pid, path))) return;
  }
}

const STOP_TIMEOUT_MS = 30_000;
const HAS_PROC = existsSync('/proc/self/cmdline');

/** The PID alone may have been reused, so the arguments are compared where the system shows them. */
async function isPostmaster(pid: number, path: string): Promise<boolean> {
  try {
    if (!HAS_PROC) return process.kill(pid, 0);
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8'); // empty for a zombie
    const [program = '', ...args] = text.split('\0');
    return basename(program) === 'postgres' && args.includes(path);
  } catch {
    return false;
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

const logOf = ({ path }: Cluster) => join(path, 'server.log');
const QUOTED_LINES = 10;
// If this process is root, the directory belongs to another user: a link in it must not redirect the write.
const LOG_FLAGS =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** Of the server that was launched last. */
export async function lastLines(cluster: Cluster): Promise<string> {
  const text = await readFile(logOf(cluster), 'utf8').catch(String);
  return text.trim().split('\n').slice(-QUOTED_LINES).join('\n');
}
