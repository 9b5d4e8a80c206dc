import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './audit-log.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = 'scripts/start.mjs';
/** What a built server needs beside its packages. `dist` is last, because it must be newer than its sources. */
export const SERVER_FILES = [
  'package.json',
  '.swcrc',
  'scripts',
  'reference-page',
  'mail-templates',
  'openapi/served.json',
  'dist',
];

/** About twenty processes of a run compile the same modules, so Node caches the result; only tests start that often. */
export const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/tests') };

/** An empty folder for a server's data, accessible for others, since PostgreSQL runs as another user under root. */
export function emptyFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tenantry-data-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A separate process of what `npm start` runs, with only the given environment. */
export class ServerProcess {
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;
  /** When it has ended and all of its output has arrived. */
  private readonly closed: Promise<unknown>;

  /**
   * `viaNpm`: the npm script to start, as supervisors and containers do. `root`: the folder with `package.json`, by
   * default this clone.
   */
  constructor(environment: Record<string, string>, { viaNpm = '', root = ROOT } = {}) {
    const env = { PATH: process.env['PATH'], PORT: '0', ...COMPILED, ...environment };
    const [command, args] = viaNpm
      ? ['npm', ['run', viaNpm]]
      : [process.execPath, ['--single-threaded-gc', join(root, START)]];
    this.child = spawn(command, args, { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.closed = once(this.child, 'close');
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Resolves with the URL once the server has logged it. */
  async ready(): Promise<string> {
    await until(() => this.hasEnded || READY.test(this.stdout), 180);
    if (this.hasEnded) await this.closed;
    const [, url] = READY.exec(this.stdout) ?? [];
    if (!url) throw new Error(`it ended without listening: ${this.stdout}${this.stderr}`);
    return url;
  }

  /** The messages of the log so far, one per line. */
  get messages(): string {
    const complete = this.stdout.split('\n').slice(0, -1);
    const lines = complete.filter((line) => line.startsWith('{') && line.endsWith('}'));
    return lines.map((line) => (JSON.parse(line) as { msg: string }).msg).join('\n');
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The exit code, or the signal that ended it; all output has arrived by then. */
  async ended(): Promise<number | string> {
    await this.closed;
    return this.child.exitCode ?? this.child.signalCode!;
  }

  async stop(): Promise<number | string> {
    this.kill('SIGTERM');
    return this.ended();
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** As JSON, or as the text of releases before the log was JSON, which the upgrade test starts. */
const READY = /Tenantry listens on (https?:\S+), its reference is \1\/docs(?:"|$)/m;
