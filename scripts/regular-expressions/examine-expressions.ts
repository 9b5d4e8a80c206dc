import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Diagnostics } from 'recheck';
import type { Expression } from './find-expressions.ts';

/** Why an expression is refused; null if the time that it takes grows with the length of a text at most linearly. */
export type Verdict = Expression & { readonly problem: string | null };

/** Examines expressions with `recheck` on all processors, in the order in which they finish. */
export async function examineExpressions(expressions: readonly Expression[]): Promise<Verdict[]> {
  const waiting = [...expressions];
  const verdicts: Verdict[] = [];
  const examine = async () => {
    const worker = new Worker(new URL('examine-worker.ts', import.meta.url), {
      env: { ...process.env, RECHECK_SYNC_BACKEND: 'pure' }, // neither Java nor a program for this machine
    });
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        worker.postMessage({ source: next.source, flags: next.flags });
        const [diagnostics] = (await once(worker, 'message')) as [Diagnostics];
        verdicts.push({ ...next, problem: problemOf(diagnostics) });
      }
    } finally {
      await worker.terminate();
    }
  };
  const workers = Math.min(availableParallelism(), expressions.length);
  await Promise.all(Array.from({ length: workers }, examine));
  return verdicts;
}

function problemOf(diagnostics: Diagnostics): string | null {
  if (diagnostics.status === 'safe') return null;
  if (diagnostics.status === 'unknown') return `is undecided (${diagnostics.error.kind}); simplify it`;
  return `takes ${diagnostics.complexity.summary} time for ${diagnostics.attack.pattern}`;
}
