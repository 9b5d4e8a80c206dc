const LARGEST = 250; // entries of all organizations; more would block other requests for a tenth of a second
const SMALLEST = 50;
/** The size is reduced at this time already, so that a batch takes less than a second on any database. */
const LONG_MS = 250;
const SHORT_MS = 100;

/** How many entries one batch seals, adapted to the time that batches take. Removing a batch takes about as long as sealing it. */
export class BatchSize {
  current = LARGEST;

  adapt(ms: number): void {
    if (ms > LONG_MS) this.current = Math.max(SMALLEST, Math.floor(this.current / 2));
    else if (ms < SHORT_MS) this.current = Math.min(LARGEST, this.current * 2);
  }
}
