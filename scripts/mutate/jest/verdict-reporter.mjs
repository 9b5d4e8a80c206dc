import { writeFileSync } from 'node:fs';

const {
  MUTATE_VERDICT: file,
  MUTATE_ASSERTIONS_ONLY: assertionsOnly,
  MUTATE_UNRELIABLE: names,
} = process.env;
const unreliable = new Set(JSON.parse(names ?? '[]'));
/** Of Jest's own assertions. Errors without it come from hooks and helpers, for instance when the server did not start. */
const FAILED_ASSERTION = /^[^\n]*\bexpect\(/;

const notices = ({ status, fullName, failureMessages }) =>
  status === 'failed' &&
  !unreliable.has(fullName) &&
  (!assertionsOnly || failureMessages.some((text) => FAILED_ASSERTION.test(text)));

/** Writes what the run came to, as `Verdict` of `jest-run.ts`; with MUTATE_FIRST, the first failure ends it. */
export default class VerdictReporter {
  onTestCaseResult({ path }, result) {
    // Those of processes have to stop what they have started.
    if (!process.env.MUTATE_FIRST || path.includes('/test/processes/') || !notices(result)) return;
    write({ kind: 'failed', tests: [result.fullName] });
    process.exit();
  }

  onRunComplete(_contexts, { testResults }) {
    const unstarted = testResults.find(
      ({ testResults: each, failureMessage }) => !each.length && failureMessage,
    );
    const failed = testResults
      .flatMap((each) => each.testResults)
      .filter(({ status }) => status === 'failed');
    const noticing = failed.filter(notices);
    const other = failed.find(({ fullName }) => !unreliable.has(fullName));
    if (noticing.length > 0) write({ kind: 'failed', tests: noticing.map(({ fullName }) => fullName) });
    else if (unstarted)
      write({
        kind: 'broken',
        reason: `a test file could not start: ${firstLine(unstarted.failureMessage)}`,
      });
    else if (other)
      write({ kind: 'broken', reason: `no assertion failed: ${firstLine(other.failureMessages[0] ?? '')}` });
    else write({ kind: 'passed' });
  }
}

const write = (verdict) => writeFileSync(file, JSON.stringify(verdict));
const firstLine = (text) => text.split('\n').find((line) => line.trim() !== '') ?? '';
