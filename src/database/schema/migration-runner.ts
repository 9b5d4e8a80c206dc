import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { outageKind } from '../../common/errors/outage.js';
import type { Config } from '../../config/config.js';
import type { RetryOptions } from '../connection/wait-for-database.js';
import {
  type ConcurrentIndexes,
  applyMigration,
  ensureMigrationsTable,
  type Migration,
  MIGRATION_LOCK,
  undoMigration,
} from './migration.js';
import { SchemaFile } from './schema-files.js';
import { cannotBeUndone, findLastApplied, readSchemaState, type SchemaState } from './schema-state.js';

const BUSY_PAUSE_MS = 250;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/**
 * The wait for a lock in the first attempts, which later ones double. It is shorter than `deadlock_timeout` (1 s by
 * default), after which PostgreSQL would end a request that waits for the migration.
 */
const FIRST_LOCK_WAIT_MS = 50;
const SHORT_ATTEMPTS = 5;
const REPEAT_LINE_MS = 60_000;

/** lock_not_available, deadlock_detected. PostgreSQL, Appendix A. */
const LOCK_FAILURES = new Set(['55P03', '40P01']);

/** Of a role or a database; a migration may take long, and the transaction stands still between attempts. */
const LIFT_LIMITS = `
  select set_config(name, '0', true) from pg_settings
  where name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;

/**
 * A transaction's lock, which a transaction pooler keeps on one connection, and which ends with it. Try-locks, since
 * `create index concurrently` would wait for a statement that waits for the lock.
 */
const TRY_LOCK = `select pg_try_advisory_xact_lock(${MIGRATION_LOCK}) as "isTaken"`;

const BUSY = Symbol('busy');

export type MigrateOptions = RetryOptions & {
  /** The database of the data source, by a connection that may have session features. */
  directUrl: string;
  /** Created if it is missing; null: the default schema of the role. */
  schema: string | null;
  /** The longest that a statement of a migration waits for a lock, while every other use of the table waits behind it. */
  migrationLockSeconds: number;
  limits: Pick<Config['database']['limits'], 'connectSeconds' | 'keepAliveSeconds'>;
  /** Called with the name of each migration and file that this process has applied. */
  onApplied?: (name: string) => void;
};

/** A migration cannot be applied to this database; it left nothing behind. */
class MigrationFailed extends Error {
  constructor(migration: string, cause: Error) {
    super(`the migration ${migration} failed: ${cause.message}`, { cause });
  }
}

/** Applies and undoes migrations, each in its own transaction, of which only one exists over all processes. */
export class MigrationRunner {
  private lineAt = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    private readonly migrations: readonly Migration[],
    private readonly options: MigrateOptions,
  ) {}

  /**
   * Applies the oldest pending migration or, after all of them, the next file; or waits a moment if another process does.
   *
   * @returns the state before; nothing is pending once `pending` is empty
   * @throws MigrationFailed
   * @throws SchemaTooNew
   * @throws an outage of the database, after which the call may be repeated
   */
  async applyNext(): Promise<SchemaState> {
    const state = await readSchemaState(this.dataSource, this.migrations);
    if (state.pending.length === 0) return state;
    const applied = await this.unlessBusy((runner) => this.applyLocked(runner));
    if (applied === BUSY) await this.waitForOther();
    else if (applied !== null) this.options.onApplied?.(applied.name);
    return state;
  }

  /**
   * Undoes the migration that was applied last, once no other process migrates.
   *
   * @throws Error if it cannot be undone, also if another migration is the last by then
   * @throws MigrationFailed
   */
  async undoLast(migration: Migration): Promise<void> {
    while ((await this.unlessBusy((runner) => this.undoLocked(runner, migration))) === BUSY)
      await this.waitForOther();
  }

  private waitForOther(): Promise<void> {
    this.report('Another process migrates the database; waiting for it');
    return this.pause(BUSY_PAUSE_MS);
  }

  /** Runs a step in a transaction that holds the lock of migrations, unless another process has it. */
  private unlessBusy<Result>(step: (runner: QueryRunner) => Promise<Result>): Promise<Result | typeof BUSY> {
    return this.inTransaction(async (runner) => ((await this.acquireLock(runner)) ? step(runner) : BUSY));
  }

  private async inTransaction<Result>(work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const result = await work(runner);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined); // `error` is the cause
      throw error;
    } finally {
      await runner.release().catch(() => undefined);
    }
  }

  private async acquireLock(runner: QueryRunner): Promise<boolean> {
    const [{ isTaken }] = (await runner.query(TRY_LOCK)) as [{ isTaken: boolean }];
    if (!isTaken) return false;
    await liftLimits(runner);
    await ensureMigrationsTable(runner);
    return true;
  }

  private async applyLocked(runner: QueryRunner): Promise<SchemaState['pending'][number] | null> {
    const { pending } = await readSchemaState(runner, this.migrations); // another process may have applied some
    const [next] = pending;
    if (!next) return null;
    if (next instanceof SchemaFile) {
      await this.runParts(next);
      await next.record(runner);
    } else {
      await this.buildIndexes(next);
      await this.withRetries(runner, next.name, () => applyMigration(runner, next));
    }
    return next;
  }

  /** On another connection than that with the lock of migrations: a killed process leaves parts, which the next one runs again. */
  private async runParts({ name, parts }: SchemaFile): Promise<void> {
    for (const part of parts)
      await this.inTransaction(async (runner) => {
        await liftLimits(runner);
        await this.withRetries(runner, name, () => runner.query(part));
      });
  }

  private async buildIndexes({ name, concurrentIndexes }: Migration): Promise<void> {
    if (!concurrentIndexes) return;
    await buildConcurrently(this.dataSource, concurrentIndexes).catch((error: unknown) => {
      throw explain(error, name);
    });
  }

  private async undoLocked(runner: QueryRunner, migration: Migration): Promise<void> {
    const { name } = migration;
    if ((await findLastApplied(runner)) !== name)
      throw cannotBeUndone(name, 'another process has applied or undone one at the same time.');
    await this.withRetries(runner, name, () => undoMigration(runner, migration));
  }

  /** Keeps the migration lock between attempts: those of several processes would add up to a longer wait for everyone. */
  private async withRetries(runner: QueryRunner, name: string, step: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.limitLockWait(runner, FIRST_LOCK_WAIT_MS * 2 ** Math.max(0, attempt - SHORT_ATTEMPTS));
      await runner.query('savepoint migration');
      try {
        await step();
        return;
      } catch (error) {
        if (!isLockFailure(error)) throw explain(error, name);
        await runner.query('rollback to savepoint migration'); // releases the locks that it did get
      }
      this.report(
        `The migration ${name} waits for a lock, such as that of a long report, and is tried again ` +
          `every ${LONGEST_PAUSE_MS / 1000} s`,
      );
      await this.pause(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS));
    }
  }

  private async limitLockWait(runner: QueryRunner, ms: number): Promise<void> {
    const limitMs = Math.min(ms, this.options.migrationLockSeconds * 1000);
    await runner.query(`select set_config('lock_timeout', $1, true)`, [`${limitMs}ms`]);
  }

  private report(line: string): void {
    if (performance.now() - this.lineAt < REPEAT_LINE_MS) return;
    this.lineAt = performance.now();
    this.options.print(line);
  }

  private pause(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.options.signal });
  }
}

const INDEX_STATE = `select indisvalid as "isValid" from pg_index where indexrelid = to_regclass($1)`;

/**
 * Builds indexes that are missing, without making writes to the table wait; it waits itself for the transactions that use the
 * table. The caller holds the lock of migrations on another connection, in a transaction that has no snapshot.
 */
async function buildConcurrently(dataSource: DataSource, indexes: ConcurrentIndexes): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await noticeKilledProcess(runner, 'session');
    for (const [name, definition] of Object.entries(indexes)) await build(runner, name, definition);
  } finally {
    await runner.release();
  }
}

async function build(
  runner: QueryRunner,
  name: string,
  definition: ConcurrentIndexes[string],
): Promise<void> {
  const [found] = (await runner.query(INDEX_STATE, [name])) as { isValid: boolean }[];
  if (found?.isValid) return;
  if (found) await runner.query(`drop index concurrently ${name}`); // left by a killed process
  const [kind, from] =
    typeof definition === 'string' ? ['index', definition] : ['unique index', definition.unique];
  await runner.query(`create ${kind} concurrently ${name} ${from}`);
}

async function liftLimits(runner: QueryRunner): Promise<void> {
  await runner.query(LIFT_LIMITS);
  await noticeKilledProcess(runner, 'transaction');
}

/**
 * PostgreSQL ends the statement of a killed process within two seconds, so that another one can take over. Some systems
 * cannot check connections and refuse the setting.
 */
async function noticeKilledProcess(runner: QueryRunner, duration: 'transaction' | 'session'): Promise<void> {
  await runner.query(`
    do $$ begin
      perform set_config('client_connection_check_interval', '2s', ${duration === 'transaction'});
    exception when others then null; end $$`);
}

const codeOf = (error: unknown) => (error as { driverError?: { code?: string } }).driverError?.code;

const isLockFailure = (error: unknown) => LOCK_FAILURES.has(codeOf(error) ?? '');

const explain = (error: unknown, name: string) =>
  outageKind(error) === null ? new MigrationFailed(name, error as Error) : error;
