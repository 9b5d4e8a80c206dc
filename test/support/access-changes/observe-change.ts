import { setTimeout as pause } from 'node:timers/promises';
import type { AccessCase, Use } from './access-change.js';
import { cacheHits, HAS_CACHE } from './cache-hits.js';

const BEFORE_MS = 15;
/** Between two requests of a question; there are some dozens. */
const PAUSE_MS = 3;
/** The requests before an end begin so long before it. */
const BEFORE_END_MS = 150;
/** On a busy machine a lease may lapse many times. */
const MOST_WARM_UPS = 200;

/** The credentials ended before the replicas had cached them, which takes longer on a busy machine. */
export class EndedTooEarly extends Error {}

/** `late`: by path, wrong responses to requests that were sent after the change was acknowledged. */
export type Observation = { requests: number; late: Record<string, number>; lastLateMs: number };
type Question = { url: string; use: Use };

/**
 * Uses the credentials at all replicas all the time, before, during and for `afterMs` after the change, which the replica `writer`
 * makes. `grants`: whether it gives rights or takes them.
 * @throws EndedTooEarly
 * @throws Error if the rights are not as they should be before the change, a replica does not use its cache, or a server fails
 */
export async function observeChange(
  urls: readonly string[],
  writer: string,
  { uses, change, endsAt = Infinity }: AccessCase,
  { grants, afterMs }: { grants: boolean; afterMs: number },
): Promise<Observation> {
  const questions = urls.flatMap((url) => uses.map((use) => ({ url, use })));
  const timeLeft = () => endsAt - BEFORE_END_MS - Date.now();
  await warmUp(urls, () => expectBefore(questions, grants), grants).catch((error: unknown) => {
    throw timeLeft() < 0 ? new EndedTooEarly() : error;
  });
  if (timeLeft() < 0) throw new EndedTooEarly();
  if (endsAt < Infinity) await pause(timeLeft());
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

/** Refusals are not cached, so before a grant there is nothing to return from the cache. */
async function warmUp(urls: readonly string[], ask: () => Promise<void>, grants: boolean): Promise<void> {
  await ask();
  const before = await cacheHits(urls);
  for (let asked = 0; asked < MOST_WARM_UPS; asked++) {
    await ask();
    const hits = await cacheHits(urls);
    if (grants || !HAS_CACHE || hits.every((count, index) => count > (before[index] ?? 0))) return;
  }
  throw new Error('a replica returns nothing from its cache');
}

async function expectBefore(questions: readonly Question[], grants: boolean): Promise<void> {
  const responses = await Promise.all(questions.map(({ url, use }) => use.isGrantedAt(url)));
  const paths = questions.filter((_, index) => responses[index] === grants).map(({ use }) => use.path);
  if (paths.length > 0) throw new Error(`before the change as after it: ${paths.join(' ')}`);
}
