import { setTimeout as pause } from 'node:timers/promises';
import type { AccessCase, Use } from './access-change.js';

const BEFORE_MS = 15;
/** Between two requests of a question; there are some dozens. */
const PAUSE_MS = 3;

/** `late`: by path, wrong answers to requests that were sent after the change was acknowledged. */
export type Observation = { requests: number; late: Record<string, number>; lastLateMs: number };
type Question = { url: string; use: Use };

/**
 * Uses the credentials at all replicas all the time, before, during and for `afterMs` after the change, which the replica `writer`
 * makes. `grants`: whether it gives rights or takes them.
 * @throws Error if the rights are not as they should be before the change, or a server fails
 */
export async function observeChange(
  urls: readonly string[],
  writer: string,
  { uses, change }: AccessCase,
  { grants, afterMs }: { grants: boolean; afterMs: number },
): Promise<Observation> {
  const questions = urls.flatMap((url) => uses.map((use) => ({ url, use })));
  for (let warmUp = 0; warmUp < 2; warmUp++) await expectBefore(questions, grants);
  const seen: Observation = { requests: 0, late: {}, lastLateMs: 0 };
  let acknowledgedAt = Infinity;
  const observation = new AbortController();
  const ask = async ({ url, use }: Question) => {
    const sentAt = performance.now();
    const isGranted = await use.isGrantedAt(url);
    seen.requests++;
    if (sentAt < acknowledgedAt || isGranted === grants) return;
    seen.late[use.path] = (seen.late[use.path] ?? 0) + 1;
    seen.lastLateMs = Math.max(seen.lastLateMs, sentAt - acknowledgedAt);
  };
  const askUntilOver = async (question: Question) => {
    while (!observation.signal.aborted) {
      await ask(question);
      await pause(PAUSE_MS);
    }
  };
  const load = Promise.all(questions.map(askUntilOver));
  load.catch(() => undefined); // awaited below
  try {
    await pause(BEFORE_MS);
    await change(writer);
    acknowledgedAt = performance.now();
    await Promise.all(questions.map(ask));
    await pause(afterMs);
  } finally {
    observation.abort();
  }
  await load;
  return seen;
}

async function expectBefore(questions: readonly Question[], grants: boolean): Promise<void> {
  const answers = await Promise.all(questions.map(({ url, use }) => use.isGrantedAt(url)));
  const paths = questions.filter((_, index) => answers[index] === grants).map(({ use }) => use.path);
  if (paths.length > 0) throw new Error(`before the change as after it: ${paths.join(' ')}`);
}
