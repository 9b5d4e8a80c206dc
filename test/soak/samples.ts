import { readFileSync } from 'node:fs';
import type { PostgresServer } from '../faults/support/postgres-server.js';
import type { Faults, Replica } from './faults.js';

/** `memory`: resident MB of each server, null while it does not run. `tables`: MB with indexes, by name. */
export type Sample = {
  readonly seconds: number;
  readonly memory: readonly (number | null)[];
  readonly tables: Readonly<Record<string, number>>;
};

/** Measures from time to time, except during faults. */
export class Sampler {
  readonly samples: Sample[] = [];
  private readonly begun = performance.now();
  private isBusy = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly postgres: PostgresServer,
    private readonly replicas: readonly Replica[],
    private readonly faults: Faults,
    everyMs: number,
  ) {
    this.timer = setInterval(() => void this.measure(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  get elapsedSeconds(): number {
    return this.secondsAt(performance.now());
  }

  secondsAt(time: number): number {
    return (Math.min(time, performance.now()) - this.begun) / 1000;
  }

  private async measure(): Promise<void> {
    if (this.isBusy || this.faults.isActive) return;
    this.isBusy = true;
    try {
      const rows = await this.postgres.sql<{ name: string; mb: number }>(SIZES);
      const tables = Object.fromEntries(rows.map(({ name, mb }) => [name, mb]));
      const memory = this.replicas.map(({ pid }) => (pid === undefined ? null : residentMb(pid)));
      this.samples.push({ seconds: this.elapsedSeconds, memory, tables });
    } catch {
      // a fault has begun meanwhile
    } finally {
      this.isBusy = false;
    }
  }
}

const SIZES = `
  select relname as name, pg_total_relation_size(oid)::float8 / 1048576 as mb
  from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;

function residentMb(pid: number): number | null {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kb === undefined ? null : Number(kb) / 1024;
}
