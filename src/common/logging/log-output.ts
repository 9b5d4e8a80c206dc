const WARN = 40; // pino's number
/** Asks pino to set `lastLevel` before each `write`. */
const NEEDS_LEVEL: unique symbol = Symbol.for('pino.metadata');

/** How long a line of a request waits for others, since a write takes as long as making the line. */
const BATCH_MS = 10;
/** In characters; about what a pipe takes at once. */
const MAX_PENDING = 65_536;

type Destination = { write(text: string): unknown };

/**
 * A destination of pino: collects lines and writes them together, those of pino at the end of a turn of the event loop. A
 * warning or an error is written at once with the lines before it, so that a crash in the same turn does not lose it.
 */
export class LogOutput {
  readonly [NEEDS_LEVEL] = true;
  lastLevel = 0;
  private pending = '';
  private isBatchOpen = false;

  constructor(
    private readonly destination: Destination,
    private readonly format: (line: string) => string = (line) => line,
  ) {}

  write(line: string): void {
    this.pending += this.format(line);
    if (this.lastLevel >= WARN) this.flush();
    else setImmediate(this.flush);
  }

  /** For the line of a request, which pino has not made: it is written within 10 ms. */
  append(line: string): void {
    this.pending += this.format(line);
    if (this.pending.length >= MAX_PENDING) this.flush();
    if (this.isBatchOpen) return;
    this.isBatchOpen = true;
    setTimeout(this.endBatch, BATCH_MS);
  }

  /** Call it before the process exits. */
  readonly flush = (): void => {
    if (this.pending === '') return;
    const text = this.pending;
    this.pending = '';
    this.destination.write(text);
  };

  private readonly endBatch = (): void => {
    this.isBatchOpen = false;
    this.flush();
  };
}
