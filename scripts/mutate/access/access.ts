import { join } from 'node:path';
import { runProcess } from '../run-process.ts';
import { WorkingCopy } from '../working-copy.ts';
import { assertUsable, type Break, brokenText, UnusableBreak } from './break.ts';
import { BREAKS } from './breaks/index.ts';
import { JestRun, type Verdict } from './jest-run.ts';
import { type Outcome, rowOf, summaryOf, widthOf } from './report.ts';
import { TestDatabase } from './test-database.ts';
import { TypeCheck } from './type-check.ts';

type Options = { readonly ids: readonly string[]; readonly listOnly: boolean; readonly signal: AbortSignal };

/**
 * Applies each break by itself to a copy of the project and runs the tests that should notice it. Returns whether all
 * were noticed.
 * @throws UnusableBreak when the list does not fit the code, or the tests cannot run
 */
export async function mutateAccess({ ids, listOnly, signal }: Options): Promise<boolean> {
  const breaks = chosen(ids);
  const copy = new WorkingCopy();
  try {
    assertUsable(breaks, copy);
    if (!listOnly) return await runAll(breaks, copy, signal);
    for (const { id, file, why } of breaks) console.log(`${id}  ${file}\n    ${why}`);
    console.log(`${breaks.length} breaks`);
    return true;
  } finally {
    copy.remove();
  }
}

/** An id, or the beginning of some (`scim.`). */
function chosen(ids: readonly string[]): readonly Break[] {
  const unknown = ids.find((id) => !BREAKS.some((each) => each.id.startsWith(id)));
  if (unknown) throw new UnusableBreak(`There is no break ${unknown}; --list shows them.`);
  return ids.length === 0 ? BREAKS : BREAKS.filter((each) => ids.some((id) => each.id.startsWith(id)));
}

async function runAll(breaks: readonly Break[], copy: WorkingCopy, signal: AbortSignal): Promise<boolean> {
  await build(copy, signal);
  const database = await TestDatabase.start(copy);
  try {
    const jest = new JestRun(copy, database, signal);
    await runUnbroken(jest, breaks);
    const types = new TypeCheck(copy.root);
    const width = widthOf(breaks);
    const outcomes: Outcome[] = [];
    for (const each of breaks) {
      const begun = Date.now();
      const verdict = await verdictOn(each, { copy, types, jest });
      const outcome = outcomeOf(each, verdict, (Date.now() - begun) / 1000);
      outcomes.push(outcome);
      console.log(rowOf(outcome, width));
    }
    console.log(summaryOf(outcomes, breaks));
    return outcomes.every(({ result }) => result === 'noticed');
  } finally {
    await database.stop();
  }
}

async function build(copy: WorkingCopy, signal: AbortSignal): Promise<void> {
  const script = join(copy.root, 'scripts', 'build.mjs');
  const run = { cwd: copy.root, timeoutMs: 60_000, signal };
  const { code, output } = await runProcess(process.execPath, [script], run);
  if (code !== 0) throw new Error(`The copy could not be built: ${output}`);
}

/** A test that fails without any break notices nothing, and is named. */
async function runUnbroken(jest: JestRun, breaks: readonly Break[]): Promise<void> {
  const tests = [...new Set(breaks.flatMap((each) => each.tests))];
  console.log(`Running ${tests.length} test files without any break ...`);
  const verdict = await jest.baseline(tests);
  if (verdict.kind === 'broken') throw new UnusableBreak(`The tests do not run: ${verdict.reason}`);
  if (verdict.kind === 'failed')
    for (const test of verdict.tests)
      console.warn(`does not count, since it fails without any break: ${test}`);
}

async function verdictOn(
  each: Break,
  { copy, types, jest }: { copy: WorkingCopy; types: TypeCheck; jest: JestRun },
): Promise<Verdict> {
  const original = copy.read(each.file);
  const text = brokenText(original, each);
  const [problem] = each.file.endsWith('.ts') ? types.problemsOf(each.file, text) : [];
  if (problem) return { kind: 'broken', reason: `it does not compile: ${problem}` };
  copy.write(each.file, text);
  const verdict = await jest.run(each.tests);
  copy.write(each.file, original);
  return verdict;
}

function outcomeOf({ id }: Break, verdict: Verdict, seconds: number): Outcome {
  switch (verdict.kind) {
    case 'passed':
      return { id, seconds, result: 'survived', detail: '' };
    case 'failed':
      return { id, seconds, result: 'noticed', detail: verdict.tests[0]! };
    case 'broken':
      return { id, seconds, result: 'broken', detail: verdict.reason };
  }
}
