import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueryRunner } from 'typeorm';
import { version } from '../../common/version.js';
import { applyMigration, type Migration } from './migration.js';

/** Views, functions and triggers as they stand. Run after the migrations, and again when the text has changed. */
export class SchemaFile {
  /** Each in a transaction of its own while servers run: one that locks several tables would end requests that use two of them. */
  readonly parts: readonly string[];
  private readonly digest: string;

  /** @param name its path below `src` */
  constructor(readonly name: string) {
    const text = readFileSync(join(SOURCES, name), 'utf8');
    this.parts = text.split(/^(?=-- Next transaction: )/m);
    this.digest = createHash('sha256').update(text).digest('hex');
  }

  /** Whether the database has another text that is not of a newer version, whose servers may run beside this one. */
  isOutdated(applied: readonly AppliedFile[]): boolean {
    const last = applied.find(({ name }) => name === this.name);
    return last === undefined || (last.digest !== this.digest && !isNewer(last.version));
  }

  /** In the open transaction. */
  async record(runner: QueryRunner): Promise<void> {
    await runner.query(
      `insert into schema_files (name, digest, version) values ($1, $2, $3)
       on conflict (name) do update set digest = excluded.digest, version = excluded.version`,
      [this.name, this.digest, version],
    );
  }
}

export type AppliedFile = { readonly name: string; readonly digest: string; readonly version: string };

const isNewer = (other: string) => other.localeCompare(version, 'en', { numeric: true }) > 0;

const SOURCES = join(import.meta.dirname, '../..');

/** In the order in which they run: functions before the triggers that call them. */
export const SCHEMA_FILES: readonly SchemaFile[] = ['database/schema/*.sql', 'optional/*/schema.sql']
  .flatMap((pattern) => globSync(pattern, { cwd: SOURCES }).sort())
  .map((name) => new SchemaFile(name));

/** Applies and records it, in the open transaction. */
export async function applyStep(runner: QueryRunner, step: Migration | SchemaFile): Promise<void> {
  if (!(step instanceof SchemaFile)) return applyMigration(runner, step);
  for (const part of step.parts) await runner.query(part);
  await step.record(runner);
}
