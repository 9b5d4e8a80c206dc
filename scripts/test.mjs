/**
 * `npm test`: runs Jest and prints `N passed, N failed` from its result file. Arguments are passed to Jest: `npm test
 * -- test/e2e/members`. Without the name of a file or folder, it leaves out the tests in a browser and of processes, which
 * are runs of their own. On every exit path, no process and no folder is left behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endGroup, endNaming } from './processes.ts';

const TIMEOUT_MS = 2000; // short, since all data is discarded
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const MEMORY_DISK = '/dev/shm'; // Linux
const MOUNTS = '/proc/mounts';
const PLENTY = 6e9; // in bytes; a run needs a quarter of it

const root = fileURLToPath(new URL('..', import.meta.url));
// Tests and servers keep all processors busy, so parallel garbage collection would only slow them down. The test
// processes get the same flag.
const node = ['--single-threaded-gc', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

const stop = new AbortController();
for (const signal of SIGNALS) process.on(signal, () => stop.abort(signal));
const folder = mkdtempSync(join(folderForRuns(), 'tenantry-tests-'));
chmodSync(folder, 0o755); // as root, PostgreSQL runs as another system user
const results = join(folder, 'results.json');
const jest = spawn(process.execPath, [...node, ...jestArguments()], {
  cwd: root,
  env: { ...process.env, TENANTRY_TEST_FOLDER: folder },
  stdio: ['ignore', 'ignore', 'inherit'], // with --json, Jest reports to stderr and prints the results to stdout
  detached: true, // its own process group, which can be ended as a whole
});
const [status] = await once(jest, 'exit', { signal: stop.signal }).catch(unlessStopped);
const summary = stop.signal.aborted ? null : summaryOf(results);
await endGroup(jest.pid, TIMEOUT_MS);
await endNaming(folder, TIMEOUT_MS);
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
if (summary) console.log(summary);
if (stop.signal.aborted) endBySignal(stop.signal.reason);
else process.exit(status ?? 1);

function jestArguments() {
  const jestProgram = join(root, 'node_modules/jest/bin/jest.js');
  const given = process.argv.slice(2);
  const all = given.every((argument) => argument.startsWith('-'));
  const leftOut = all ? [`--testPathIgnorePatterns=${join(root, 'test')}/(browser|processes)/`] : [];
  return [jestProgram, '--json', `--outputFile=${results}`, ...leftOut, ...given];
}

/**
 * A folder in memory if there is enough, unless TMPDIR is set: writing the 30,000 temporary files to a disk takes ten
 * seconds. In a container, programs may be forbidden there, and tests run some that they have installed.
 */
function folderForRuns() {
  if (process.env.TMPDIR || !existsSync(MEMORY_DISK) || forbidsPrograms(MEMORY_DISK)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY_DISK);
  return Math.min(bavail * bsize, freemem()) > PLENTY ? MEMORY_DISK : tmpdir();
}

function forbidsPrograms(mountPoint) {
  if (!existsSync(MOUNTS)) return false;
  return readFileSync(MOUNTS, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .some(([, path, , options]) => path === mountPoint && options.split(',').includes('noexec'));
}

function unlessStopped(error) {
  if (!stop.signal.aborted) throw error;
  return [null];
}

/** Null if Jest ended without results; it has printed the reason. */
function summaryOf(file) {
  if (!existsSync(file)) return null;
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
}

/** Ends with the same signal, so that the parent process sees the interruption. */
function endBySignal(signal) {
  for (const name of SIGNALS) process.removeAllListeners(name);
  process.kill(process.pid, signal);
}
