const WARN = 40; // pino's number
/** Asks pino to set `lastLevel` before each `write`. */
const NEEDS_LEVEL: unique symbol = Symbol.for('pino.metadata');

type Destination = { write(text: string): unknown };

/**
 * A destination of pino: collects the lines of one turn of the event loop and writes them together. A warning or an error
 * is written at once with the lines before it, so that a crash in the same turn does not lose it.
 */
export class LogOutput {
  readonly [NEEDS_LEVEL] = true;
  lastLevel = 0;
  private pending = '';

  constructor(
    private readonly destination: Destination,
    private readonly format: (line: string) => string = (line) => line,
  ) {}

  write(line: string): void {
    this.append(line);
    if (this.lastLevel >= WARN) this.flush();
  }

  /** For a line below a warning that pino has not made. */
  append(line: string): void {
    if (this.pending === '') setImmediate(this.flush);
    this.pending += this.format(line);
  }

  /** Call it before the process exits. */
  readonly flush = (): void => {
    if (this.pending === '') return;
    const text = this.pending;
    this.pending = '';
    this.destination.write(text);
  };
}
