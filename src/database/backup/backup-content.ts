import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { AdminCommandError } from '../../common/admin-commands.js';
import type { SequenceState, Table } from './catalog.js';
import type { Fingerprints } from './secret-fingerprints.js';

/*
 * The content of a backup (docs/backups.md#the-format-of-a-backup), compressed by gzip, whose checksum shows damage:
 *
 *     Tenantry backup 2
 *     {"application":"0.1.0", …}     BackupHeader, in one line
 *     …                              the rows of the first table of the header, as `COPY` writes them in text format,
 *     \.                             and the line with which `COPY` ends; then those of the next table
 */
const MAGIC = 'Tenantry backup ';
const FORMAT_VERSION = '2';
/** No row is written like this, since `COPY` escapes a backslash. */
export const END_OF_TABLE = '\\.\n';

export type BackupHeader = {
  readonly application: string;
  readonly postgres: string;
  /** By the clock of the database. */
  readonly createdAt: string;
  /** The names of the migrations that made the schema, in their order. */
  readonly migrations: readonly string[];
  readonly tables: readonly Table[];
  /** Tables whose rows are not in the file, with the reason. */
  readonly leftOut: Readonly<Record<string, string>>;
  readonly sequences: readonly SequenceState[];
  readonly secrets: Fingerprints;
};

export const encodeHeader = (header: BackupHeader): Buffer =>
  Buffer.from(`${MAGIC}${FORMAT_VERSION}\n${JSON.stringify(header)}\n`);

/** The file cannot be read, is not a backup, is damaged, or needs another version. */
export const unusableBackup = (path: string, problem: string, options?: ErrorOptions) =>
  new AdminCommandError(`${path} ${problem}. Nothing was changed.`, options);

/** Bounds what is held in memory of a file that is not a backup. */
const LONGEST_LINE = 1 << 20;
const BUFFER_BYTES = 1 << 18;

/**
 * Reads the whole file, before anything is changed or created.
 *
 * @throws AdminCommandError
 */
export async function verifyBackup(path: string): Promise<BackupHeader> {
  for await (const chunk of decompressed(path)) void chunk;
  return new BackupReader(path).readHeader();
}

/** Reads the content of a file once, from its beginning to its end. */
export class BackupReader {
  private readonly source: AsyncIterator<Buffer>;
  private unread = Buffer.alloc(0);

  constructor(private readonly path: string) {
    this.source = decompressed(path);
  }

  /** @throws AdminCommandError */
  async readHeader(): Promise<BackupHeader> {
    const magic = await this.readLine();
    if (!magic.startsWith(MAGIC)) throw unusableBackup(this.path, 'is not a backup of Tenantry');
    const version = magic.slice(MAGIC.length);
    if (version === FORMAT_VERSION) return JSON.parse(await this.readLine()) as BackupHeader;
    const problem = `cannot be restored by this version: its format is ${version}, not ${FORMAT_VERSION}`;
    throw unusableBackup(this.path, problem);
  }

  /** The rows of the next table in the header. Read them all before asking for the next table. */
  async *readTable(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.findEndOfTable();
      const length = end ?? this.unread.lastIndexOf('\n') + 1; // the lines that are complete
      if (length > 0) yield this.take(length);
      if (end !== null) break;
      await this.fill();
    }
    this.take(END_OF_TABLE.length);
  }

  /** Null if it was not read yet; what is unread begins with the beginning of a line. */
  private findEndOfTable(): number | null {
    if (this.unread.toString('latin1', 0, END_OF_TABLE.length) === END_OF_TABLE) return 0;
    const before = this.unread.indexOf(`\n${END_OF_TABLE}`);
    return before < 0 ? null : before + 1;
  }

  private async readLine(): Promise<string> {
    while (!this.unread.includes('\n')) {
      if (this.unread.length > LONGEST_LINE) throw unusableBackup(this.path, 'is not a backup of Tenantry');
      await this.fill();
    }
    return this.take(this.unread.indexOf('\n') + 1)
      .toString()
      .trimEnd();
  }

  private take(length: number): Buffer {
    const bytes = this.unread.subarray(0, length);
    this.unread = this.unread.subarray(length);
    return bytes;
  }

  private async fill(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done) throw unusableBackup(this.path, 'is damaged: its end is missing');
    this.unread = Buffer.concat([this.unread, value]);
  }
}

async function* decompressed(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: BUFFER_BYTES });
  const content = createGunzip({ chunkSize: BUFFER_BYTES });
  file.on('error', (error) => content.destroy(error));
  try {
    yield* file.pipe(content);
  } catch (error) {
    throw unusableBackup(path, problemOf(error as NodeJS.ErrnoException), { cause: error });
  }
}

function problemOf({ code, message }: NodeJS.ErrnoException): string {
  if (message === 'incorrect header check') return 'is not a backup of Tenantry'; // zlib's words for another format
  if (code === 'Z_BUF_ERROR') return 'is damaged: its end is missing';
  return code?.startsWith('Z_') ? 'is damaged: its checksum does not match' : `cannot be read: ${message}`;
}
