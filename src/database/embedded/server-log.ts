import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Cluster } from './cluster-location.js';
import { unlessAbsent } from './file-errors.js';

/** Of `server.log`; as many bytes are in each of the kept files. */
const MAX_BYTES = 10 * 1024 * 1024;
const KEPT_FILES = 3;
const QUOTED_LINES = 10;
const CHUNK_BYTES = 1024 * 1024;

// If this process is root, the directory belongs to another user: a link in it must not redirect the write.
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const CHANGE = constants.O_RDWR | constants.O_NOFOLLOW;

const pathOf = ({ path }: Cluster) => join(path, 'server.log');

/** The log of PostgreSQL, open for appending. `size` is what earlier starts have written. */
export async function openLog(cluster: Cluster): Promise<{ file: FileHandle; size: number }> {
  const file = await openAs(cluster, pathOf(cluster), APPEND);
  return { file, size: (await file.stat()).size };
}

/** The last lines of the log, of what was written after the first `start` bytes. */
export async function lastLines(cluster: Cluster, start = 0): Promise<string> {
  const written = (await readFile(pathOf(cluster)).catch(unlessAbsent)) ?? Buffer.alloc(0);
  const text = written.subarray(start > written.length ? 0 : start).toString(); // less: rotated in the meantime
  return text.trim().split('\n').slice(-QUOTED_LINES).join('\n');
}

/**
 * Moves a log that is too large to `server.log.1`, the earlier ones to `.2` and `.3`, and removes the oldest. PostgreSQL
 * keeps the file open, so its content is copied and then truncated: a line written in between is lost.
 */
export async function rotateLog(cluster: Cluster, maxBytes = MAX_BYTES): Promise<void> {
  const path = pathOf(cluster);
  const size = (await stat(path).catch(unlessAbsent))?.size ?? 0;
  if (size <= maxBytes) return;
  for (let number = KEPT_FILES - 1; number >= 1; number--) {
    await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(unlessAbsent);
  }
  await rm(`${path}.new`, { force: true }); // of an interrupted rotation
  await moveContent(cluster, path, `${path}.new`);
  await rename(`${path}.new`, `${path}.1`);
}

async function moveContent(cluster: Cluster, from: string, to: string): Promise<void> {
  await using source = await open(from, CHANGE);
  await using target = await openAs(cluster, to, CREATE);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let copied = 0; ;) {
    const { bytesRead } = await source.read(chunk, 0, chunk.length, copied);
    if (bytesRead === 0) break;
    await target.writeFile(chunk.subarray(0, bytesRead)); // continues after the last chunk
    copied += bytesRead;
  }
  await source.truncate(0);
}

async function openAs({ user }: Cluster, path: string, flags: number): Promise<FileHandle> {
  const file = await open(path, flags, 0o600);
  if (user) await file.chown(user.uid, user.gid);
  return file;
}
