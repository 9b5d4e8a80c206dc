/** Which of the waiting calls fail with failed work: all, those that have waited since before it began, or none. */
export type FailureScope = 'all' | 'earlier' | 'none';

/** `failure`: of the calls before the position `before`, in order of arrival. */
type Queue = {
  last: Promise<unknown>;
  arrivals: number;
  failure: { readonly error: unknown; readonly before: number } | null;
};

/**
 * Runs work with the same key one at a time within this process, in order of arrival. Waiting calls fail together with
 * work that failed for a reason which they share, such as a lock timeout: each would wait as long and fail.
 */
export class KeyedMutex {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly failureScope: (error: unknown) => FailureScope = () => 'none') {}

  async runExclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(key) ?? { last: Promise.resolve(), arrivals: 0, failure: null };
    this.queues.set(key, queue);
    const position = queue.arrivals++;
    const begin = () => this.begin(queue, position, work);
    const current = queue.last.then(begin, begin);
    queue.last = current;
    try {
      return await current;
    } finally {
      if (queue.last === current) this.queues.delete(key);
    }
  }

  private async begin<T>(queue: Queue, position: number, work: () => Promise<T>): Promise<T> {
    if (queue.failure && position < queue.failure.before) throw queue.failure.error;
    const earlier = queue.arrivals;
    try {
      return await work();
    } catch (error) {
      const scope = this.failureScope(error);
      if (scope !== 'none') queue.failure = { error, before: scope === 'all' ? queue.arrivals : earlier };
      throw error;
    }
  }
}
