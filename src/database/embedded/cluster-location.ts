import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  rm,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

import { unlessAbsent, unlessTaken } from './file-errors.js';
import { canAccess, isRoot, NOBODY, type SystemUser } from './system-user.js';

/** Where a cluster really is, and whom it belongs to (`undefined`: us, an ordinary user). */
export interface Cluster {
  readonly path: string;
  readonly user: SystemUser | undefined;
}

export interface ClusterOptions {
  readonly directory: string;
  readonly password: string;
  readonly durable: boolean;
  readonly log: (line: string) => void;
}

/**
 * Chooses the folder and the owner of the cluster; nothing is in it yet at the first start.
 * As root, PostgreSQL runs as the owner of the cluster that is there, otherwise as `nobody`. Folders above that are
 * closed to that user stay closed: the cluster then lives elsewhere and `directory` is a link to it.
 */
export async function locateCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = resolve(options.directory);
  await mkdir(dirname(directory), { recursive: true });
  const path = await resolveDirectory(directory);
  if (!isRoot()) return { path, user: undefined };
  const user = (await findNonRootOwner(path)) ?? NOBODY;
  if (await canAccess(user, dirname(path))) return { path, user };
  if (await isNonEmptyDirectory(path)) {
    throw new Error(`its owner, user ${user.uid}, cannot enter ${dirname(path)}; let others pass: chmod o+x`);
  }
  return { path: await linkToOtherDirectory(directory, options, user), user };
}

/** Where a throw-away cluster had to live elsewhere, removing `directory` would leave it behind. */
export async function removeTemporaryCluster(cluster: Cluster, directory: string): Promise<void> {
  if (!basename(cluster.path).startsWith(TEMPORARY_PREFIX)) return;
  await rm(directory, { force: true });
  await rm(cluster.path, { recursive: true, force: true });
}

export async function isNonEmptyDirectory(path: string): Promise<boolean> {
  return ((await readdir(path).catch(unlessAbsent)) ?? []).length > 0;
}

const TEMPORARY_PREFIX = 'tenantry-throw-away-';

/** `directory` with links followed; it need not exist, but a link to nowhere is data that has gone missing. */
async function resolveDirectory(directory: string): Promise<string> {
  const resolved = await realpath(directory).catch(unlessAbsent);
  if (resolved) return resolved;
  if (!(await lstat(directory).catch(unlessAbsent)))
    return join(await realpath(dirname(directory)), basename(directory));
  throw new Error(
    `${directory} points to ${await readlink(directory)}, which is gone; remove the link to begin anew`,
  );
}

/** A name of its own, not one derived from `directory`: whoever removes the link gets an empty database. */
async function linkToOtherDirectory(
  directory: string,
  options: ClusterOptions,
  user: SystemUser,
): Promise<string> {
  const path = await createDirectoryFor(user, options.durable);
  await rmdir(directory).catch(() => undefined); // an empty folder makes room; a link of another start stays
  await symlink(path, directory).catch(unlessTaken);
  const chosen = await realpath(directory);
  if (chosen !== path) await rmdir(path); // another start was first
  options.log(`user ${user.uid} cannot enter ${dirname(directory)}: ${directory} is a link to ${chosen}`);
  return chosen;
}

async function createDirectoryFor(user: SystemUser, durable: boolean): Promise<string> {
  const choices = durable
    ? ['/var/lib/tenantry/postgres-']
    : [join(tmpdir(), TEMPORARY_PREFIX), `/var/lib/tenantry/${TEMPORARY_PREFIX}`];
  for (const prefix of choices) {
    const parent = dirname(prefix);
    if (await mkdir(parent, { recursive: true })) await chmod(parent, 0o755); // whatever our umask is
    if (await canAccess(user, parent)) return mkdtemp(prefix);
  }
  throw new Error(
    `user ${user.uid} can enter neither its folder nor any of ${choices.map(dirname).join(', ')}`,
  );
}

async function findNonRootOwner(path: string): Promise<SystemUser | undefined> {
  const found = await stat(path).catch(unlessAbsent);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}
