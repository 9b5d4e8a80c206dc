import { join } from 'node:path';
import { installApart } from '../apart.ts';
import { runProcess } from './run-process.ts';
import { projectPath, WorkingCopy } from './working-copy.ts';

/** Rules without input or output, each with a spec beside it. */
const FILES = [
  'src/modules/roles/org-roles.ts',
  'src/modules/access/access-comparison.ts',
  'src/modules/policies/condition.ts',
  'src/modules/auth/sign-in/provisioning/sign-in-decision.ts',
  'src/modules/auth/authentication/access-context.ts',
  'src/modules/invitations/rights/invite-rights.ts',
];

const HERE = projectPath('scripts', 'mutate');
const STRYKER = join(HERE, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const TIME_LIMIT_MS = 60 * 60_000;

/** The part of Stryker's report (mutation-testing-report-schema) that is shown. */
type Mutant = {
  mutatorName: string;
  replacement?: string;
  status: string;
  location: { start: { line: number } };
};
type Report = { files: Record<string, { mutants: Mutant[] }> };

/** Stryker on each file with its own spec. Returns whether it ran on all of them; survivors are for a person to judge. */
export async function mutatePure(only: readonly string[], signal: AbortSignal): Promise<boolean> {
  installApart(HERE);
  const files = FILES.filter((file) => only.length === 0 || only.some((part) => file.includes(part)));
  const copy = new WorkingCopy();
  try {
    for (const file of files) {
      const { code, output } = await runStryker(copy, file, signal);
      if (code !== 0) {
        console.error(`Stryker failed on ${file}:\n${output}`);
        return false;
      }
      printScore(file, JSON.parse(copy.read('reports/mutation/mutation.json')) as Report);
    }
    return true;
  } finally {
    copy.remove();
  }
}

function runStryker(copy: WorkingCopy, file: string, signal: AbortSignal) {
  copy.write(JEST_CONFIG, JSON.stringify(jestConfiguration(file)));
  copy.write('stryker.config.json', JSON.stringify(configuration(file)));
  return runProcess(process.execPath, [STRYKER, 'run'], { cwd: copy.root, timeoutMs: TIME_LIMIT_MS, signal });
}

const JEST_CONFIG = 'jest.stryker.config.json';

/** `inPlace`: it works in our copy already. */
const configuration = (file: string) => ({
  mutate: [file],
  inPlace: true,
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  coverageAnalysis: 'perTest',
  disableTypeChecks: false,
  concurrency: 1,
  reporters: ['json'],
  jest: { projectType: 'custom', configFile: JEST_CONFIG, enableFindRelatedTests: false },
});

/** What a spec needs of the project's configuration; its global setup, which starts PostgreSQL, is left out. */
const jestConfiguration = (file: string) => ({
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  roots: ['<rootDir>/src'],
  testMatch: [`<rootDir>/${file.replace(/\.ts$/, '.spec.ts')}`],
});

function printScore(file: string, report: Report): void {
  const mutants = Object.values(report.files).flatMap((each) => each.mutants);
  const of = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status));
  const noticed = of('Killed', 'Timeout');
  const missed = of('Survived', 'NoCoverage');
  const score = (100 * noticed.length) / (noticed.length + missed.length);
  console.log(`${file}: ${score.toFixed(1)} % (${noticed.length} noticed, ${missed.length} survived)`);
  for (const { location, mutatorName, replacement = '' } of missed)
    console.log(`  line ${location.start.line}, ${mutatorName}: ${replacement.replaceAll(/\s+/g, ' ')}`);
}
