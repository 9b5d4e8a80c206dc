import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot, PLAIN_ENVIRONMENT, UNPRIVILEGED_USER } from '../../../src/database/embedded/system-user.js';

/** By the package of Debian 13 that contains it: its program. */
export const PROGRAMS = {
  'postgresql-17': '/usr/lib/postgresql/17/bin/postgres',
  patroni: '/usr/bin/patroni',
  'python3-etcd': '/usr/lib/python3/dist-packages/etcd/__init__.py', // Patroni's client of etcd
  'etcd-server': '/usr/bin/etcd',
  haproxy: '/usr/sbin/haproxy',
  pgbouncer: '/usr/sbin/pgbouncer',
};
type Package = keyof typeof PROGRAMS;

/** Writes one line if a package is missing. */
export function hasPackages(what: string, packages: readonly Package[]): boolean {
  const missing = packages.filter((name) => !existsSync(PROGRAMS[name]));
  if (missing.length > 0)
    process.stderr.write(`${what}: skipped, Debian's ${missing.join(', ')} is missing.\n`);
  return missing.length === 0;
}

/** PostgreSQL, Patroni and PgBouncer refuse to run as root. */
const USER = isRoot() ? UNPRIVILEGED_USER : undefined;

/** An empty folder that the programs own. In that of the run, where `npm run test:faults` ends what is left running. */
export function programFolder(name: string): string {
  const folder = mkdtempSync(join(process.env['TENANTRY_TEST_FOLDER'] ?? tmpdir(), `tenantry-${name}-`));
  chmodSync(folder, 0o700);
  own(folder);
  return folder;
}

/** A file that only the programs can read. */
export function programFile(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  own(path);
  return path;
}

function own(path: string): void {
  if (USER) chownSync(path, USER.uid, USER.gid);
}

/** A running program with its output. */
export class DebianProgram {
  log = '';
  private readonly child: ChildProcess;

  constructor(name: Package, args: readonly string[]) {
    const env = { ...PLAIN_ENVIRONMENT, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    this.child = spawn(PROGRAMS[name], args, { ...USER, cwd: '/', env, stdio });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text: Buffer) => (this.log += String(text)));
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Resolves once it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const hasEnded = this.child.exitCode !== null || this.child.signalCode !== null;
    if (hasEnded) return;
    this.child.kill(signal);
    await once(this.child, 'exit');
  }
}
