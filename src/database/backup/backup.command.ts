import { type AdminCommand, AdminCommandError, type AdminOptions } from '../../common/admin-commands.js';
import type { Config } from '../../config/config.js';
import type { OpenDatabase } from '../open-database.js';
import { dumpDatabase } from './dump-database.js';
import { fingerprintsOf } from './secret-fingerprints.js';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

type Installation = { readonly config: Config; readonly database: OpenDatabase };

/** `npm run admin -- backup FILE`: writes the database into one file, also while servers run. */
export class BackupCommand implements AdminCommand {
  readonly name = 'backup';
  readonly purpose = 'Writes the database into one file, also while the server runs. Secrets are not in it.';
  readonly usage = 'FILE [--overwrite]';
  readonly options = { overwrite: { type: 'boolean' } } as const;
  readonly argument = 'FILE';

  /**
   * @param openDatabase opens the migrated database of this environment
   * @param listen returns a signal that is aborted when the process has to stop
   */
  constructor(
    private readonly openDatabase: () => Promise<Installation>,
    private readonly listen: () => AbortSignal,
  ) {}

  async run({ FILE, overwrite }: AdminOptions, print: (line: string) => void): Promise<void> {
    const path = String(FILE);
    const options = { overwrite: overwrite === true, signal: this.listen() };
    await assertWritable(path, options.overwrite);
    const { config, database } = await this.openDatabase();
    try {
      let size = 0;
      const totals = await dumpDatabase(database.dataSource, fingerprintsOf(config), async (content) => {
        size = await writeBackup(path, content, options);
      });
      print(`${path}: ${totals.rows} rows of ${totals.tables} tables, ${size} bytes.`);
    } finally {
      await database.close();
    }
    print(SECRETS);
  }
}

const SECRETS =
  'Keep the secrets too, which are not in the file: API_KEY_SALT, AUDIT_SEAL_SECRET and BASIC_AUTH_JWT_SECRET, or ' +
  'secrets.json in DATA_DIR where the environment does not give them.';

type WriteOptions = {
  overwrite: boolean;
  /** If aborted, the call throws the reason and leaves no file. */
  signal: AbortSignal;
};

/** Fast: a higher level makes the file a tenth smaller and takes twice the time. */
const GZIP_LEVEL = 4;
const BUFFER_BYTES = 1 << 18;

/** Refuses early what `writeBackup` would refuse at the end. */
async function assertWritable(path: string, overwrite: boolean): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw notWritten(path, error);
  });
  if (found && !found.isFile()) throw new AdminCommandError(`${path} cannot be written: it is not a file`);
  if (found && !overwrite) throw exists(path);
}

/**
 * Writes a compressed file that appears complete or not at all, also after a crash: under another name in the same
 * folder, readable by its owner only, flushed to the disk, then renamed. Returns its size in bytes.
 *
 * @throws AdminCommandError, or what `content` throws
 */
async function writeBackup(
  path: string,
  content: AsyncIterable<Buffer>,
  { overwrite, signal }: WriteOptions,
): Promise<number> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
    const source = Readable.from(content, { objectMode: false });
    await pipeline(source, createGzip({ level: GZIP_LEVEL, chunkSize: BUFFER_BYTES }), file, { signal });
    await publish(draft, path, overwrite);
    return file.bytesWritten;
  } catch (error) {
    throw isOfFile(error) ? notWritten(path, error) : error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Unlike a rename, a link fails if the name exists; file systems without links fall back to it. */
async function publish(draft: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) await rename(draft, path);
  else
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw exists(path);
      return rename(draft, path);
    });
  await using folder = await open(dirname(resolve(path)));
  await folder.sync(); // makes the name durable
}

const exists = (path: string) =>
  new AdminCommandError(`${path} exists. Choose another name, or replace it with --overwrite.`);

const notWritten = (path: string, cause: unknown) =>
  new AdminCommandError(`${path} cannot be written: ${(cause as Error).message}`, { cause });

/** Errors of system calls on the file: `EFBIG: file too large, write`. */
const isOfFile = (error: unknown) =>
  ['open', 'write', 'fsync', 'rename'].includes((error as NodeJS.ErrnoException).syscall ?? '');
