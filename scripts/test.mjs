/**
 * `npm test`: Jest, whose own result file gives the last line, `N passed, N failed`. Arguments are Jest's:
 * `npm test -- test/e2e/members`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tenantry-results-'));
const results = join(folder, 'results.json');
// All processors are busy with tests and their servers; V8's helpers that collect garbage would only be in their way. The
// processes of the tests have the same flag.
const node = ['--single-threaded-gc', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${results}`];

const { status } = spawnSync(process.execPath, [...node, ...jest, ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'], // with --json, Jest reports to stderr and prints the results to stdout
});
const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
  readFileSync(results, 'utf8'),
);
rmSync(folder, { recursive: true, force: true });
console.log(`${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`);
process.exit(status ?? 1);
