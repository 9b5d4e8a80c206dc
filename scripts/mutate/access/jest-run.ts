import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import type { WorkingCopy } from '../working-copy.ts';
import type { TestDatabase } from './test-database.ts';

/** What a run of Jest came to. `broken`: it says nothing of the rule, since something could not even start. */
export type Verdict =
  { kind: 'passed' } | { kind: 'failed'; tests: readonly string[] } | { kind: 'broken'; reason: string };

/** The part of Jest's result file that is used. */
type Results = {
  testResults: {
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
};

const TIME_LIMIT_MS = 10 * 60_000; // of the tests of one break
const BASELINE_LIMIT_MS = 60 * 60_000; // of all tests
/** Of Jest's own assertions and of `until`. Other errors come from hooks and helpers, for instance when the server did not start. */
const FAILED_ASSERTION = /^[^\n]*(?:\bexpect\(|\bnot so after )/;

/** Runs test files of the copy, one worker, with one database server for all calls. */
export class JestRun {
  /** Statements that the tests make fail on purpose. */
  private readonly expected = new Set<string>();
  /** Tests that fail without any break, for instance because the machine is too busy; they notice nothing. */
  private readonly unreliable = new Set<string>();

  private readonly copy: WorkingCopy;
  private readonly database: TestDatabase;
  private readonly signal: AbortSignal;

  constructor(copy: WorkingCopy, database: TestDatabase, signal: AbortSignal) {
    this.copy = copy;
    this.database = database;
    this.signal = signal;
  }

  /** On the unbroken copy: what fails here says nothing about a break. */
  async baseline(tests: readonly string[]): Promise<Verdict> {
    const from = this.database.position();
    const verdict = await this.jest(tests, BASELINE_LIMIT_MS);
    for (const refused of this.database.unusableStatements(from)) this.expected.add(refused);
    if (verdict.kind === 'failed') for (const test of verdict.tests) this.unreliable.add(test);
    return verdict;
  }

  async run(tests: readonly string[]): Promise<Verdict> {
    const from = this.database.position();
    const verdict = await this.jest(tests, TIME_LIMIT_MS);
    const refused = this.database.unusableStatements(from).find((each) => !this.expected.has(each));
    if (refused) return { kind: 'broken', reason: `PostgreSQL refused a statement: ${refused}` };
    if (verdict.kind !== 'failed') return verdict;
    const noticing = verdict.tests.filter((test) => !this.unreliable.has(test));
    return noticing.length > 0 ? { kind: 'failed', tests: noticing } : { kind: 'passed' };
  }

  private async jest(tests: readonly string[], timeoutMs: number): Promise<Verdict> {
    const results = join(this.copy.folder, 'results.json');
    rmSync(results, { force: true });
    const { timedOut, output } = await runProcess(process.execPath, commandLine(results, tests), {
      cwd: this.copy.root,
      env: { PATH: process.env['PATH'], TEST_DATABASE_URL: this.database.url },
      timeoutMs,
      signal: this.signal,
    });
    if (timedOut) return { kind: 'broken', reason: 'the tests did not end in time' };
    const text = readIfPresent(results);
    return text === null
      ? { kind: 'broken', reason: `the tests could not start: ${errorIn(output)}` }
      : verdictOf(JSON.parse(text) as Results);
  }
}

/** The flags are those of `scripts/test.mjs`. */
const commandLine = (results: string, tests: readonly string[]): string[] => [
  ...['--single-threaded-gc', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  ...['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, '--maxWorkers=1'],
  ...['--runTestsByPath', ...tests],
];

function verdictOf({ testResults }: Results): Verdict {
  const unstarted = testResults.find(({ assertionResults, message }) => !assertionResults.length && message);
  if (unstarted)
    return { kind: 'broken', reason: `a test file could not start: ${firstLine(unstarted.message)}` };
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed');
  const [first] = failed;
  if (!first) return { kind: 'passed' };
  const noticing = failed.filter(({ failureMessages }) =>
    failureMessages.some((text) => FAILED_ASSERTION.test(text)),
  );
  return noticing.length > 0
    ? { kind: 'failed', tests: noticing.map(({ fullName }) => fullName) }
    : { kind: 'broken', reason: `no assertion failed: ${firstLine(first.failureMessages[0] ?? '')}` };
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');
const firstLine = (text: string) => linesOf(text)[0] ?? '';
const errorIn = (text: string) => linesOf(text).find((line) => line.includes('Error')) ?? firstLine(text);
