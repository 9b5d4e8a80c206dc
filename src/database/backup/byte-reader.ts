import { createHash } from 'node:crypto';
import { LONGEST_LINE } from './backup-format.js';
import { UnexpectedEnd } from './backup.errors.js';

const EMPTY = Buffer.alloc(0);
const LINE_FEED = 10;

/** Reads lines and chunks from a stream of bytes, and digests what it has read. */
export class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private readonly hash = createHash('sha256');
  private rest: Buffer = EMPTY;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The digest of everything that was read so far, in hexadecimal digits. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }

  /**
   * The next line, without its line feed.
   *
   * @throws UnexpectedEnd
   */
  async readLine(): Promise<string> {
    let end = this.rest.indexOf(LINE_FEED);
    while (end < 0) {
      if (this.rest.length > LONGEST_LINE || !(await this.fill())) throw new UnexpectedEnd();
      end = this.rest.indexOf(LINE_FEED);
    }
    return this.consume(end + 1)
      .subarray(0, -1)
      .toString('utf8');
  }

  /**
   * The next `length` bytes.
   *
   * @throws UnexpectedEnd
   */
  async readChunk(length: number): Promise<Buffer> {
    while (this.rest.length < length) if (!(await this.fill())) throw new UnexpectedEnd();
    return this.consume(length);
  }

  async isAtEnd(): Promise<boolean> {
    return this.rest.length === 0 && !(await this.fill());
  }

  /** False at the end. */
  private async fill(): Promise<boolean> {
    const { done, value } = await this.source.next();
    if (done) return false;
    this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
    return true;
  }

  private consume(length: number): Buffer {
    const bytes = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    this.hash.update(bytes);
    return bytes;
  }
}
