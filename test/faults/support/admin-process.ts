import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { COMPILED, ROOT } from '../../support/server-process.js';
import { environmentOf, startServer } from './fault-server.js';
import type { PostgresServer } from './postgres-server.js';

/** `npm run admin -- <args>`, as a process that a test may kill; `peakMb`: its largest resident memory so far. */
export class AdminProcess {
  private readonly child: ChildProcess;
  private readonly output: Promise<string>;
  peakMb = 0;

  constructor(databaseUrl: string, args: readonly string[]) {
    const env = { PATH: process.env['PATH'], ...COMPILED, ...environmentOf(databaseUrl) };
    this.child = spawn(process.execPath, [join(ROOT, 'scripts/admin.mjs'), ...args], { env });
    const streams = [this.child.stdout!, this.child.stderr!];
    this.output = Promise.all(streams.map((stream) => text(stream))).then((parts) => parts.join(''));
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }

  /** The exit code, or the signal, and what was printed. */
  async ended(): Promise<{ code: number | string; output: string }> {
    const sampling = setInterval(() => this.sample(), 20);
    const [code, signal] = (await once(this.child, 'close')) as [number | null, string | null];
    clearInterval(sampling);
    return { code: code ?? signal!, output: await this.output };
  }

  private sample(): void {
    try {
      const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))!;
      this.peakMb = Number(kilobytes) / 1024;
    } catch {
      return; // it has ended, or there is no /proc
    }
  }
}

/** Migrates the database, and adds so many audit entries to the first organization. */
export async function fillWithEntries(postgres: PostgresServer, count: number): Promise<void> {
  const server = startServer(postgres.url);
  await server.ready();
  await server.stop();
  await postgres.sql(
    `insert into audit_entries (id, org_id, operation, succeeded, resource_ids, request_method, request_path)
     select gen_random_uuid(), o.id, 'update_workspace', true, array[gen_random_uuid()], 'PATCH', '/api/v1/workspaces/' || n
     from organizations o, generate_series(1, $1::int) n`,
    [count],
  );
}

/** Returns its URL. */
export async function emptyDatabaseOn(postgres: PostgresServer, name: string): Promise<string> {
  await postgres.sql(`create database ${name} template template0`);
  return postgres.urlAt(postgres.port, name);
}
