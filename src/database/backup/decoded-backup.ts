import { required } from '../../common/required.js';
import { DamagedBackup, NotABackup, UnsupportedBackup } from './backup.errors.js';
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
import { ByteReader } from './byte-reader.js';
import { UnexpectedEnd } from './backup.errors.js';
import type { TableContent } from './encode-backup.js';
import { RowCounter } from './row-counter.js';

/** A table of the file. `end` is available once all of `rows` was read. */
export type StoredTable = TableContent & { end(): TableEnd };

/** The content of a backup file, checked while it is read. */
export class DecodedBackup {
  private constructor(
    private readonly path: string,
    private readonly bytes: ByteReader,
    readonly header: BackupHeader,
  ) {}

  /**
   * @param path for messages
   * @param source the bytes of the file, after decompression
   * @throws NotABackup, UnsupportedBackup or DamagedBackup
   */
  static async open(path: string, source: AsyncIterable<Buffer>): Promise<DecodedBackup> {
    const bytes = new ByteReader(source);
    return explained(path, async () => {
      const magic = await bytes.readLine().catch(notABackup(path));
      if (!magic.startsWith(MAGIC)) throw new NotABackup(path);
      if (magic !== MAGIC + FORMAT_VERSION)
        throw new UnsupportedBackup(
          path,
          `its format is ${magic.slice(MAGIC.length)}, not ${FORMAT_VERSION}`,
        );
      return new DecodedBackup(path, bytes, parse(await bytes.readLine()) as BackupHeader);
    });
  }

  /**
   * Every table, in the order of the header; all rows of one have to be read before the next. The end of the iteration
   * says that all digests agree and nothing follows.
   *
   * @throws DamagedBackup
   */
  async *tables(): AsyncGenerator<StoredTable> {
    for (const name of this.header.tables) yield await this.startOf(name);
    await explained(this.path, async () => {
      const digest = this.bytes.digest();
      const { sha256 } = parse(await this.bytes.readLine()) as BackupEnd;
      if (sha256 !== digest || !(await this.bytes.isAtEnd())) throw new SyntaxError();
    });
  }

  /**
   * Reads everything, to check it.
   *
   * @throws DamagedBackup
   */
  async verify(): Promise<void> {
    for await (const { rows } of this.tables()) {
      const chunks = rows[Symbol.asyncIterator]();
      while (!(await chunks.next()).done);
    }
  }

  private async startOf(name: string): Promise<StoredTable> {
    const start = await explained(this.path, async () => parse(await this.bytes.readLine()) as TableStart);
    if (start.table !== name) throw new DamagedBackup(this.path, `table ${name} is missing`);
    let end: TableEnd | null = null;
    const rows = this.rowsOf(name, (found) => (end = found));
    return { ...start, rows, end: () => required(end, 'the end of the table') };
  }

  private async *rowsOf(table: string, onEnd: (end: TableEnd) => void): AsyncGenerator<Buffer> {
    const counter = new RowCounter();
    for (;;) {
      const next = await explained(this.path, () => this.chunkOrEnd());
      if (!Buffer.isBuffer(next)) {
        if (!isEqual(next, counter.end()))
          throw new DamagedBackup(this.path, `the rows of table ${table} do not match their digest`);
        return onEnd(next);
      }
      counter.add(next);
      yield next;
    }
  }

  private async chunkOrEnd(): Promise<Buffer | TableEnd> {
    const record = parse(await this.bytes.readLine()) as ChunkStart | TableEnd;
    if (!('chunk' in record)) return record;
    if (!(record.chunk > 0 && record.chunk <= LARGEST_CHUNK)) throw new SyntaxError();
    return this.bytes.readChunk(record.chunk);
  }
}

const parse = (line: string): unknown => JSON.parse(line);

const isEqual = (one: TableEnd, other: TableEnd) =>
  one.rows === other.rows && one.bytes === other.bytes && one.sha256 === other.sha256;

/** A file that is not in gzip's format (zlib's message), or has no line, is another kind of file. */
const notABackup = (path: string) => (error: unknown) => {
  const isOther = error instanceof UnexpectedEnd || (error as Error).message === 'incorrect header check';
  throw isOther ? new NotABackup(path) : error;
};

const zlibCode = (error: unknown) => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('Z_') ? code : null;
};

/** Names what is wrong with the file; other failures, such as those of the disk, are rethrown. */
async function explained<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UnexpectedEnd || zlibCode(cause) === 'Z_BUF_ERROR')
      throw new DamagedBackup(path, 'its end is missing', { cause });
    if (cause instanceof SyntaxError || zlibCode(cause) !== null)
      throw new DamagedBackup(path, 'its content does not match its digests', { cause });
    throw cause;
  }
}
