/** @takes-long */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { processesNaming } from '../../scripts/processes.js';

const PROGRAM = fileURLToPath(new URL('../../scripts/test.mjs', import.meta.url));
const START_MS = 200_000; // on a busy machine, initdb takes a while

/** A test run with its own TMPDIR. */
class Run {
  private readonly folder = mkdtempSync(join(tmpdir(), 'run-'));
  private readonly child: ChildProcess;

  constructor(pattern: string) {
    chmodSync(this.folder, 0o755);
    const env = { PATH: process.env['PATH'], TMPDIR: this.folder };
    this.child = spawn(process.execPath, [PROGRAM, pattern], { env, stdio: 'ignore' });
  }

  /** Waits until the PostgreSQL of the run accepts connections and returns its PID. */
  async postgres(): Promise<number> {
    for (const end = Date.now() + START_MS; Date.now() < end && this.child.exitCode === null;) {
      const [found] = globSync(join(this.folder, '*/*/postgres/postmaster.pid'));
      const lines = found ? readFileSync(found, 'utf8').split('\n') : [];
      if (lines[7]?.startsWith('ready')) return Number(lines[0]);
      await pause(20);
    }
    throw new Error('the run of the tests started no PostgreSQL');
  }

  /** Jest, PostgreSQL and all other processes with the folder in their arguments. */
  get processes(): number[] {
    return processesNaming(this.folder).map(({ pid }) => pid);
  }

  /** Files left in TMPDIR, except the caches of Jest and its compiler. */
  get leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => name.startsWith('tenantry'));
  }

  /** The signal that ended the run, or its exit code. */
  async interrupt(signal: NodeJS.Signals): Promise<string | number | null> {
    this.child.kill(signal);
    const [code, endedBy] = (await once(this.child, 'exit')) as [number | null, string | null];
    return endedBy ?? code;
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

it.concurrent.each(['SIGTERM', 'SIGINT'] as const)(
  'a test run that gets %s stops its PostgreSQL and leaves no process and no folder behind',
  async (signal) => {
    using run = new Run('test/e2e/workspace-invitations');
    const postgres = await run.postgres();
    expect(run.processes).toContain(postgres);

    const endedBy = await run.interrupt(signal);

    expect(endedBy).toBe(signal);
    expect(run.processes).toEqual([]);
    expect(run.leftovers).toEqual([]);
  },
  START_MS + 30_000,
);
