type Line = { last: Promise<unknown>; failure?: { error: unknown } };

/**
 * Runs work with the same key one at a time within this process, in order of arrival. If `concernsAll` accepts a
 * failure, such as a lock timeout, the waiting work fails with it too: each would wait as long for the same lock.
 */
export class KeyedMutex {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly concernsAll: (error: unknown) => boolean = () => false) {}

  async runExclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { last: Promise.resolve() };
    this.lines.set(key, line);
    const begin = () => this.begin(line, work);
    const current = line.last.then(begin, begin);
    line.last = current;
    try {
      return await current;
    } catch (error) {
      if (line.failure) this.leave(key, line);
      throw error;
    } finally {
      if (line.last === current) this.leave(key, line);
    }
  }

  private async begin<T>(line: Line, work: () => Promise<T>): Promise<T> {
    if (line.failure) throw line.failure.error;
    try {
      return await work();
    } catch (error) {
      if (this.concernsAll(error)) line.failure = { error };
      throw error;
    }
  }

  /** Later calls start a new line. */
  private leave(key: string, line: Line): void {
    if (this.lines.get(key) === line) this.lines.delete(key);
  }
}
