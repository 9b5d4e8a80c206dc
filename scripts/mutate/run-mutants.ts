import { availableParallelism } from 'node:os';
import type { Verdict } from './jest-run.ts';
import { type Mutant, type Outcome, rowOf, summaryOf } from './outcome.ts';
import { type Mode, Runner } from './runner.ts';
import { TypeCheck } from './type-check.ts';

const MOST_RUNNERS = 4; // each has a copy of the project and a PostgreSQL

/** Runs all mutants, several at a time, and prints what became of them. */
export async function runMutants(mutants: readonly Mutant[], mode: Mode): Promise<Outcome[]> {
  const types = new TypeCheck();
  const waiting = [...mutants];
  const outcomes: Outcome[] = [];
  const width = Math.max(0, ...mutants.map(({ id }) => id.length));

  const outcomeOf = async (runner: Runner, mutant: Mutant): Promise<Outcome> => {
    const begun = Date.now();
    const flaw = mode.isOfList ? flawOf(mutant, types) : '';
    const verdict: Verdict = flaw ? { kind: 'broken', reason: flaw } : await runner.run(mutant);
    const seconds = (Date.now() - begun) / 1000;
    if (verdict.kind === 'failed') return { mutant, seconds, result: 'noticed', detail: verdict.tests[0]! };
    if (verdict.kind === 'broken')
      return { mutant, seconds, result: mode.isOfList ? 'broken' : 'noticed', detail: verdict.reason };
    const detail = mode.isOfList ? '' : flawOf(mutant, types);
    return { mutant, seconds, result: detail ? 'broken' : 'survived', detail };
  };

  const work = async (runner: Runner): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const outcome = await outcomeOf(runner, next);
      outcomes.push(outcome);
      console.log(rowOf(outcome, width));
    }
  };

  const count = Math.min(availableParallelism(), MOST_RUNNERS, mutants.length);
  const runners = await startRunners(count, mode);
  try {
    if (mode.isOfList) await runUnchanged(runners, [...new Set(mutants.flatMap(({ tests }) => tests))]);
    await Promise.all(runners.map(work));
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()));
  }
  console.log(summaryOf(outcomes));
  return outcomes;
}

/** All of them, or none. */
async function startRunners(count: number, mode: Mode): Promise<Runner[]> {
  const started = await Promise.allSettled(Array.from({ length: count }, () => Runner.start(mode)));
  const runners = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = started.find((each) => each.status === 'rejected');
  if (!failed) return runners;
  await Promise.all(runners.map((runner) => runner.stop()));
  throw failed.reason;
}

async function runUnchanged([first, ...others]: readonly Runner[], tests: readonly string[]): Promise<void> {
  if (!first) return;
  console.log(`Running ${tests.length} test files without any change ...`);
  await first.runUnchanged(tests);
  for (const other of others) other.known = first.known;
}

function flawOf({ change }: Mutant, types: TypeCheck): string {
  if ('sql' in change || !change.file.endsWith('.ts')) return '';
  const [problem] = types.problemsOf(change.file, change.text);
  return problem ? `it does not compile: ${problem}` : '';
}
