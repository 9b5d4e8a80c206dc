import { createHash, type Hash } from 'node:crypto';
import type { TableEnd } from './backup-format.js';

const LINE_FEED = 10;

/** Rows, bytes and digest of a table. In the text format of `COPY`, a line feed is the end of a row, and never data. */
export class RowCounter {
  private readonly hash: Hash = createHash('sha256');
  private rows = 0;
  private bytes = 0;

  add(chunk: Buffer): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) this.rows += 1;
  }

  end(): TableEnd {
    return { rows: this.rows, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}
