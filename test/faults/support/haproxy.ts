import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { until } from '../../support/audit-log.js';
import { freePort } from '../../support/free-port.js';

const PROGRAM = ['/usr/sbin/haproxy', '/usr/bin/haproxy', '/usr/local/sbin/haproxy'].find(existsSync);

/** False where Debian's package `haproxy` is not installed. */
export const hasHaproxy = PROGRAM !== undefined;

/**
 * A load balancer with the health check as HAProxy documents it. It repeats no request: `retries 0`, no `redispatch` and
 * `retry-on none` turn off even the default repetition of failed connections, so that each loss reaches the client.
 */
export class Haproxy {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async inFrontOf(ports: readonly number[]): Promise<Haproxy> {
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-haproxy-'));
    const port = await freePort();
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, configuration(folder, port, ports));
    const child = spawn(PROGRAM!, ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'ignore'] });
    const haproxy = new Haproxy(folder, child, `http://127.0.0.1:${port}`);
    await until(() => existsSync(socketIn(folder)), 10);
    return haproxy;
  }

  /** Resolves when the health check of the replica has succeeded or failed often enough for this state. */
  untilReplica(index: number, state: 'UP' | 'DOWN', seconds = 60): Promise<void> {
    return until(async () => (await this.states())[index] === state, seconds);
  }

  private async states(): Promise<string[]> {
    const socket = connect(socketIn(this.folder));
    socket.write('show stat\n');
    const rows = (await text(socket)).split('\n').map((line) => line.split(','));
    const column = rows[0]!.indexOf('status');
    return rows.filter(([, name]) => name?.startsWith('replica')).map((row) => row[column]!.split(' ')[0]!);
  }

  async remove(): Promise<void> {
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null) await once(this.child, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const socketIn = (folder: string) => join(folder, 'stats.sock');

const configuration = (folder: string, port: number, replicas: readonly number[]) => `
global
  stats socket ${socketIn(folder)}
  maxconn 500
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  retries 0
  no option redispatch
  retry-on none
frontend clients
  bind 127.0.0.1:${port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /readyz
  default-server check inter 2s fall 3 rise 2
${replicas.map((each, index) => `  server replica${index} 127.0.0.1:${each}`).join('\n')}
`;
