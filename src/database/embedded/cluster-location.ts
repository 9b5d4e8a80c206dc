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
import { canAccess, isRoot, UNPRIVILEGED_USER, type SystemUser } from './system-user.js';

/** The resolved path of a cluster and its owner (`undefined`: this process's user, who is not root). */
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
 * Chooses the directory and the owner of the cluster; at the first start the directory is empty. As root, PostgreSQL
 * runs as the owner of an existing cluster, otherwise as UNPRIVILEGED_USER. Directories that this user cannot enter
 * stay closed: the cluster is then created elsewhere and `directory` becomes a link to it.
 */
export async function locateCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = resolve(options.directory);
  await mkdir(dirname(directory), { recursive: true });
  const path = await resolveDirectory(directory);
  if (!isRoot()) return { path, user: undefined };
  const user = (await findNonRootOwner(path)) ?? UNPRIVILEGED_USER;
  if (await canAccess(user, dirname(path))) return { path, user };
  if (await isNonEmptyDirectory(path)) {
    throw new Error(`its owner, user ${user.uid}, cannot enter ${dirname(path)}; let others pass: chmod o+x`);
  }
  return { path: await linkToOtherDirectory(directory, options, user), user };
}

/** Also removes a temporary cluster that was created outside of `directory`. */
export async function removeTemporaryCluster(cluster: Cluster, directory: string): Promise<void> {
  if (!basename(cluster.path).startsWith(TEMPORARY_PREFIX)) return;
  await rm(directory, { force: true });
  await rm(cluster.path, { recursive: true, force: true });
}

export async function isNonEmptyDirectory(path: string): Promise<boolean> {
  return ((await readdir(path).catch(unlessAbsent)) ?? []).length > 0;
}

const TEMPORARY_PREFIX = 'tenantry-throw-away-';

/** `directory` with links resolved. It need not exist, but a dangling link is an error, since its data is missing. */
async function resolveDirectory(directory: string): Promise<string> {
  const resolved = await realpath(directory).catch(unlessAbsent);
  if (resolved) return resolved;
  if (!(await lstat(directory).catch(unlessAbsent)))
    return join(await realpath(dirname(directory)), basename(directory));
  throw new Error(
    `${directory} points to ${await readlink(directory)}, which is gone; remove the link to start with an empty database`,
  );
}

/**
 * A random name, not one derived from `directory`: after the link is removed, the next start gets an empty database.
 */
async function linkToOtherDirectory(
  directory: string,
  options: ClusterOptions,
  user: SystemUser,
): Promise<string> {
  const path = await createDirectoryFor(user, options.durable);
  await rmdir(directory).catch(() => undefined); // replaces an empty directory, but not the link of a concurrent start
  await symlink(path, directory).catch(unlessTaken);
  const chosen = await realpath(directory);
  if (chosen !== path) await rmdir(path); // a concurrent start was first
  options.log(`user ${user.uid} cannot enter ${dirname(directory)}: ${directory} is a link to ${chosen}`);
  return chosen;
}

async function createDirectoryFor(user: SystemUser, durable: boolean): Promise<string> {
  const choices = durable
    ? ['/var/lib/tenantry/postgres-']
    : [join(tmpdir(), TEMPORARY_PREFIX), `/var/lib/tenantry/${TEMPORARY_PREFIX}`];
  for (const prefix of choices) {
    const parent = dirname(prefix);
    if (await mkdir(parent, { recursive: true })) await chmod(parent, 0o755); // independent of the umask
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
