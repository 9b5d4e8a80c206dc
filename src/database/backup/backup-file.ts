import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { BackupFileExists, UnusableBackupFile } from './backup.errors.js';

type WriteOptions = {
  /** Replaces an existing file; otherwise it is refused. */
  overwrite: boolean;
  /** If aborted, the call throws the reason and leaves no file. */
  signal: AbortSignal;
};

/** Fast: a higher level makes the file a tenth smaller and takes twice the time. */
const GZIP_LEVEL = 4;
const BUFFER_BYTES = 1 << 18;

/** Refuses early what `writeCompressed` would refuse at the end. */
export async function assertWritable(
  path: string,
  { overwrite }: Pick<WriteOptions, 'overwrite'>,
): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UnusableBackupFile(path, 'written', error);
  });
  if (found && !found.isFile()) throw new UnusableBackupFile(path, 'written', new Error('it is not a file'));
  if (found && !overwrite) throw new BackupFileExists(path);
}

/**
 * Writes a compressed file that appears complete or not at all, also after a crash: under another name in the same
 * folder, readable by its owner only, flushed to the disk, then renamed. Returns its size in bytes.
 *
 * @throws BackupFileExists or UnusableBackupFile, or what `bytes` throws
 */
export async function writeCompressed(
  path: string,
  bytes: AsyncIterable<Buffer>,
  options: WriteOptions,
): Promise<number> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const size = await writeDraft(draft, path, bytes, options.signal);
    await publish(draft, path, options);
    return size;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The content of a compressed file. */
export function readCompressed(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: BUFFER_BYTES });
  const content = createGunzip({ chunkSize: BUFFER_BYTES });
  file.on('error', (error) => content.destroy(new UnusableBackupFile(path, 'read', error)));
  return file.pipe(content);
}

async function writeDraft(
  draft: string,
  path: string,
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<number> {
  const file = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw new UnusableBackupFile(path, 'written', error);
  });
  try {
    await pipeline(
      Readable.from(bytes, { objectMode: false }),
      createGzip({ level: GZIP_LEVEL, chunkSize: BUFFER_BYTES }),
      async (compressed: AsyncIterable<Buffer>) => {
        for await (const chunk of compressed) await file.writeFile(chunk);
      },
      { signal },
    );
    await file.sync();
    return (await file.stat()).size;
  } catch (error) {
    throw isOfFile(error) ? new UnusableBackupFile(path, 'written', error) : error;
  } finally {
    await file.close();
  }
}

/** Errors of system calls on the file: `EFBIG: file too large, write`. */
const isOfFile = (error: unknown) =>
  ['write', 'fsync'].includes((error as NodeJS.ErrnoException).syscall ?? '');

/** Unlike a rename, a link fails if the name exists. File systems without links fall back to a check. */
async function publish(draft: string, path: string, { overwrite }: WriteOptions): Promise<void> {
  try {
    if (overwrite) await rename(draft, path);
    else await link(draft, path).catch(renameWithoutLinks(draft, path));
    await syncFolder(dirname(resolve(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new BackupFileExists(path);
    throw error instanceof BackupFileExists ? error : new UnusableBackupFile(path, 'written', error);
  }
}

const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const renameWithoutLinks = (draft: string, path: string) => async (error: NodeJS.ErrnoException) => {
  if (!WITHOUT_LINKS.has(error.code ?? '')) throw error;
  await assertWritable(path, { overwrite: false });
  await rename(draft, path);
};

/** Makes the new name durable; Windows does not open folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder: FileHandle = await open(join(path, '.'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
