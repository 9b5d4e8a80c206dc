import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from './run-process.ts';
import type { TestDatabase } from './test-database.ts';
import type { WorkingCopy } from './working-copy.ts';

/** What a run of Jest came to. `broken`: no assertion failed, since something could not even start. */
export type Verdict =
  { kind: 'passed' } | { kind: 'failed'; tests: readonly string[] } | { kind: 'broken'; reason: string };

type Mode = {
  readonly timeoutMs: number;
  /** Whether the first failure ends the run. */
  readonly first: boolean;
  /** Whether only a failed `expect` counts. */
  readonly assertionsOnly: boolean;
  /** Tests that fail without any change, for instance because the machine is too busy; they notice nothing. */
  readonly unreliable?: readonly string[];
};

/** The flags are those of `scripts/test.mjs`. */
const FLAGS = ['--single-threaded-gc', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const OURS = 'scripts/mutate/jest';

/** Runs test files of the copy in this order, one worker, on one database server for all calls. */
export async function runJest(
  copy: WorkingCopy,
  database: TestDatabase,
  tests: readonly string[],
  mode: Mode & { signal: AbortSignal },
): Promise<Verdict> {
  const { timeoutMs, signal } = mode;
  const file = join(copy.folder, 'verdict.json');
  rmSync(file, { force: true });
  const jest = ['node_modules/jest/bin/jest.js', '--maxWorkers=1', `--globalSetup=./${OURS}/setup.mjs`];
  const ours = [`--reporters=./${OURS}/verdict-reporter.mjs`, `--testSequencer=./${OURS}/in-given-order.mjs`];
  const { timedOut, output } = await runProcess(
    process.execPath,
    [...FLAGS, ...jest, ...ours, '--runTestsByPath', ...tests],
    { cwd: copy.root, env: environment(copy, database, tests, mode, file), timeoutMs, signal },
  );
  if (timedOut) return { kind: 'broken', reason: 'the tests did not end in time' };
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Verdict;
  return { kind: 'broken', reason: `the tests could not start: ${errorIn(output)}` };
}

const environment = (
  copy: WorkingCopy,
  { server, template }: TestDatabase,
  tests: readonly string[],
  { first, assertionsOnly, unreliable = [] }: Mode,
  file: string,
): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: join(copy.folder, 'compiled'),
  TENANTRY_TEST_SERVER: server,
  TENANTRY_TEST_TEMPLATE: template,
  MUTATE_VERDICT: file,
  MUTATE_UNRELIABLE: JSON.stringify(unreliable),
  ...(first && { MUTATE_FIRST: 'true' }),
  ...(assertionsOnly && { MUTATE_ASSERTIONS_ONLY: 'true' }),
  ...(tests.some((test) => test.startsWith('test/')) && { MUTATE_NEEDS_SERVERS: 'true' }),
});

function errorIn(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => line.includes('Error')) ?? lines[0] ?? '';
}
