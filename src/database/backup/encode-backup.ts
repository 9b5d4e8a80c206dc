import { createHash } from 'node:crypto';
import {
  type BackupEnd,
  type BackupHeader,
  type ChunkStart,
  FORMAT_VERSION,
  LARGEST_CHUNK,
  MAGIC,
  type TableStart,
} from './backup-format.js';
import { RowCounter } from './row-counter.js';

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
