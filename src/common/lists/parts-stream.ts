import { Readable } from 'node:stream';

/** Read ahead of the client, so that for most lists the source ends while the client is still receiving. */
const READ_AHEAD_BYTES = 1024 * 1024;

type Options = {
  /** Sent before the other parts. */
  first: IteratorResult<string>;
  signal: AbortSignal;
  /** Called as soon as the stream has ended or was destroyed, even while the next part is awaited. */
  close: () => void;
};

/** A stream of text parts, each of which is asked for when the client has received enough of those before. */
export class PartsStream extends Readable {
  private readonly onClose: () => void;

  constructor(
    private readonly parts: AsyncIterator<string>,
    { first, signal, close }: Options,
  ) {
    super({ highWaterMark: READ_AHEAD_BYTES, signal });
    this.onClose = close;
    this.append(first);
  }

  override _read(): void {
    this.parts.next().then(
      (part) => this.append(part),
      (error: Error) => this.destroy(error),
    );
  }

  private append({ done, value }: IteratorResult<string>): void {
    this.push(done ? null : value);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.onClose();
    done(error);
  }
}
