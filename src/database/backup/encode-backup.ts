import { createHash, type Hash } from 'node:crypto';
import {
  type BackupEnd,
  type BackupHeader,
  type ChunkStart,
  FORMAT_VERSION,
  LARGEST_CHUNK,
  MAGIC,
  type TableEnd,
  type TableStart,
} from './backup-format.js';

/** `rows`: the output of `COPY … TO STDOUT` in text format. */
export type TableContent = TableStart & { readonly rows: AsyncIterable<Buffer> };

export type BackupTotals = { tables: number; rows: number };

/**
 * The bytes of a backup file, before compression. Reads a table only as fast as its bytes are consumed.
 *
 * @param totals is counted up while the bytes are read
 */
export async function* encodeBackup(
  header: BackupHeader,
  tables: AsyncIterable<TableContent>,
  totals: BackupTotals,
): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  for await (const bytes of contentOf(header, tables, totals)) {
    digest.update(bytes);
    yield bytes;
  }
  yield line({ sha256: digest.digest('hex') } satisfies BackupEnd);
}

async function* contentOf(
  header: BackupHeader,
  tables: AsyncIterable<TableContent>,
  totals: BackupTotals,
): AsyncGenerator<Buffer> {
  yield Buffer.from(`${MAGIC}${FORMAT_VERSION}\n`);
  yield line(header);
  for await (const { table, columns, rows } of tables) {
    yield line({ table, columns } satisfies TableStart);
    const counter = new RowCounter();
    for await (const chunk of rows) yield* chunksOf(chunk, counter);
    const end = counter.end();
    yield line(end);
    totals.tables += 1;
    totals.rows += end.rows;
  }
}

function* chunksOf(bytes: Buffer, counter: RowCounter): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += LARGEST_CHUNK) {
    const chunk = bytes.subarray(start, start + LARGEST_CHUNK);
    counter.add(chunk);
    yield line({ chunk: chunk.length } satisfies ChunkStart);
    yield chunk;
  }
}

const line = (record: object): Buffer => Buffer.from(`${JSON.stringify(record)}\n`);

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
