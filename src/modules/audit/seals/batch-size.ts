const LARGEST = 250; // entries of all organizations; more would block other requests for a tenth of a second
const SMALLEST = 50;
/** A batch shall take less than a second on any database, so the size changes long before that. */
const LONG_MS = 250;
const SHORT_MS = 100;

/**
 * How many entries one batch seals, adapted to how long batches take. A batch is removed as it was sealed, which takes
 * about as long.
 */
export class BatchSize {
  current = LARGEST;

  /** Called after each batch with its duration. */
  adapt(ms: number): void {
    if (ms > LONG_MS) this.current = Math.max(SMALLEST, Math.floor(this.current / 2));
    else if (ms < SHORT_MS) this.current = Math.min(LARGEST, this.current * 2);
  }
}
