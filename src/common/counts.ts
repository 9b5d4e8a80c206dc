/** Names, each with the largest number that is allowed. */
export type NamedLimits = readonly (readonly [name: string, most: number])[];

/** How many of each name there are. */
export class Counts {
  private readonly counts = new Map<string, number>();

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  haveRoom(limits: NamedLimits): boolean {
    return limits.every(([name, most]) => this.of(name) < most);
  }

  add(limits: NamedLimits, change: 1 | -1): void {
    for (const [name] of limits) {
      const count = this.of(name) + change;
      if (count === 0) this.counts.delete(name);
      else this.counts.set(name, count);
    }
  }
}
