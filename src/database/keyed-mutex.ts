/**
 * Whom the failure of work concerns beside it: all that wait for the key, or those of them that have waited for as long as
 * the work has run.
 */
export type Concerned = 'all' | 'earlier' | 'none';

/** `failure` concerns the calls before the position `before`, in order of arrival. */
type Line = {
  last: Promise<unknown>;
  arrivals: number;
  failure: { readonly error: unknown; readonly before: number } | null;
};

/**
 * Runs work with the same key one at a time within this process, in order of arrival. Waiting work fails with a failure
 * that concerns it, such as a lock timeout: it would wait in vain for as long.
 */
export class KeyedMutex {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly concernedBy: (error: unknown) => Concerned = () => 'none') {}

  async runExclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { last: Promise.resolve(), arrivals: 0, failure: null };
    this.lines.set(key, line);
    const position = line.arrivals++;
    const begin = () => this.begin(line, position, work);
    const current = line.last.then(begin, begin);
    line.last = current;
    try {
      return await current;
    } finally {
      if (line.last === current) this.lines.delete(key);
    }
  }

  private async begin<T>(line: Line, position: number, work: () => Promise<T>): Promise<T> {
    if (line.failure && position < line.failure.before) throw line.failure.error;
    const earlier = line.arrivals;
    try {
      return await work();
    } catch (error) {
      const concerned = this.concernedBy(error);
      if (concerned !== 'none')
        line.failure = { error, before: concerned === 'all' ? line.arrivals : earlier };
      throw error;
    }
  }
}
