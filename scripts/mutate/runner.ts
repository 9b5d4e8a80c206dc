import { runJest, type Verdict } from './jest-run.ts';
import { type Mutant, Unusable } from './outcome.ts';
import { TestDatabase } from './test-database.ts';
import { WorkingCopy } from './working-copy.ts';

const BASELINE_LIMIT_MS = 60 * 60_000; // of all tests
/** What decides the schema of the template. */
const IS_SCHEMA = /^migrations\/|\.sql$/;

export type Mode = {
  readonly signal: AbortSignal;
  /** Of the tests of one mutant. */
  readonly timeoutMs: number;
  /**
   * Those of our list have to compile, to leave statements that PostgreSQL can plan, and to make an `expect` fail. What a
   * mutator makes is noticed by any failure, and is compiled only if it survives.
   */
  readonly isOfList: boolean;
};

/** What happens without any change, and so says nothing about one. */
type Known = {
  /** Statements that the tests make fail on purpose. */
  readonly refused: readonly string[];
  /** Tests that fail, for instance because the machine is too busy. */
  readonly unreliable: readonly string[];
};

/** Applies one mutant at a time to its copy of the project, and runs the tests that should notice it. */
export class Runner {
  private readonly copy: WorkingCopy;
  private readonly database: TestDatabase;
  private readonly mode: Mode;
  /** Of the tests without any change. */
  known: Known = { refused: [], unreliable: [] };

  private constructor(copy: WorkingCopy, database: TestDatabase, mode: Mode) {
    this.copy = copy;
    this.database = database;
    this.mode = mode;
  }

  static async start(mode: Mode): Promise<Runner> {
    const copy = new WorkingCopy();
    try {
      await copy.build(mode.signal);
      const database = await TestDatabase.start(copy);
      const runner = new Runner(copy, database, mode);
      return await database.migrate(mode.signal).then(
        () => runner,
        (error: unknown) => database.stop().then(() => Promise.reject(error)),
      );
    } catch (error) {
      copy.remove();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.database.stop();
    this.copy.remove();
  }

  /** @throws Unusable if the tests cannot run */
  async runUnchanged(tests: readonly string[]): Promise<void> {
    const from = this.database.position();
    await this.database.reset(null);
    const verdict = await this.jest(tests, { timeoutMs: BASELINE_LIMIT_MS, first: false });
    if (verdict.kind === 'broken') throw new Unusable(`The tests do not run: ${verdict.reason}`);
    const unreliable = verdict.kind === 'failed' ? verdict.tests : [];
    this.known = { refused: this.database.unusableStatements(from), unreliable };
    for (const test of unreliable) console.warn(`does not count, since it fails without any change: ${test}`);
  }

  async run({ change, tests }: Mutant): Promise<Verdict> {
    if ('sql' in change) return this.runTests(tests, change.sql);
    const { file, text } = change;
    const original = this.copy.read(file);
    try {
      await this.write(file, text);
      return await this.runTests(tests, null);
    } finally {
      await this.write(file, original);
    }
  }

  private async write(file: string, text: string): Promise<void> {
    this.copy.write(file, text);
    if (IS_SCHEMA.test(file)) await this.database.migrate(this.mode.signal);
  }

  private async runTests(tests: readonly string[], sql: string | null): Promise<Verdict> {
    await this.database.reset(sql);
    const from = this.database.position();
    const verdict = await this.jest(tests, { timeoutMs: this.mode.timeoutMs, first: true });
    const refused = this.database.unusableStatements(from).find((each) => !this.known.refused.includes(each));
    return this.mode.isOfList && refused
      ? { kind: 'broken', reason: `PostgreSQL refused a statement: ${refused}` }
      : verdict;
  }

  private jest(tests: readonly string[], run: { timeoutMs: number; first: boolean }): Promise<Verdict> {
    const { signal, isOfList: assertionsOnly } = this.mode;
    const { unreliable } = this.known;
    return runJest(this.copy, this.database, tests, { ...run, assertionsOnly, unreliable, signal });
  }
}
