import type { TestApp } from '../test-app.js';

/** A response that acknowledges a change of access comes no earlier: 110 ms after the commit, less the timer's imprecision. */
export const SILENT_REPLICA_MS = 109;

/** Runs `work` while a replica is registered that reports nothing: changes wait until its lease has ended. */
export async function withSilentReplica<T>(
  { sql }: Pick<TestApp, 'sql'>,
  work: () => Promise<T>,
): Promise<T> {
  await sql('insert into access_cache_replicas (id, renewed_at) values (gen_random_uuid(), now())');
  try {
    return await work();
  } finally {
    await sql('delete from access_cache_replicas where seen is null');
  }
}

/** The result of `work`, and how many milliseconds it took. */
export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const begun = performance.now();
  const result = await work();
  return { result, ms: performance.now() - begun };
}
