import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import type { WorkingCopy } from '../working-copy.ts';
import type { TestDatabase } from './test-database.ts';

/** What a run of Jest came to. `broken`: it says nothing of the rule, since something could not even start. */
export type Verdict =
  { kind: 'passed' } | { kind: 'failed'; firstTest: string } | { kind: 'broken'; reason: string };

/** The part of Jest's result file that is used. */
type Results = {
  testResults: {
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
};

const TIME_LIMIT_MS = 10 * 60_000;
/** Of Jest's own assertions. Errors without it come from hooks and helpers, for instance when the server did not start. */
const FAILED_ASSERTION = /^[^\n]*\bexpect\(/;

/** Runs test files of the copy, one worker, with one database server for all calls. */
export class JestRun {
  /** Statements that the tests themselves make fail. */
  private readonly expected = new Set<string>();

  private readonly copy: WorkingCopy;
  private readonly database: TestDatabase;
  private readonly signal: AbortSignal;

  constructor(copy: WorkingCopy, database: TestDatabase, signal: AbortSignal) {
    this.copy = copy;
    this.database = database;
    this.signal = signal;
  }

  /** On the unbroken copy: what is refused here is refused on purpose. */
  async baseline(tests: readonly string[]): Promise<Verdict> {
    const from = this.database.position();
    const verdict = await this.jest(tests);
    for (const refused of this.database.unusableStatements(from)) this.expected.add(refused);
    return verdict;
  }

  async run(tests: readonly string[]): Promise<Verdict> {
    const from = this.database.position();
    const verdict = await this.jest(tests);
    const refused = this.database.unusableStatements(from).find((each) => !this.expected.has(each));
    return refused ? { kind: 'broken', reason: `PostgreSQL refused a statement: ${refused}` } : verdict;
  }

  private async jest(tests: readonly string[]): Promise<Verdict> {
    const results = join(this.copy.folder, 'results.json');
    rmSync(results, { force: true });
    const { timedOut, output } = await runProcess(process.execPath, commandLine(results, tests), {
      cwd: this.copy.root,
      env: { PATH: process.env['PATH'], TEST_DATABASE_URL: this.database.url },
      timeoutMs: TIME_LIMIT_MS,
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
  const noticed = failed.find(({ failureMessages }) =>
    failureMessages.some((text) => FAILED_ASSERTION.test(text)),
  );
  return noticed
    ? { kind: 'failed', firstTest: noticed.fullName }
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
