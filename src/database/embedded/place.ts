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
import { canEnter, isRoot, NOBODY, type SystemUser } from './system-user.js';

/** Where a cluster really is, and whom it belongs to (`undefined`: us, an ordinary user). */
export interface Cluster {
  readonly path: string;
  readonly user: SystemUser | undefined;
}

export interface ClusterWish {
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
export async function placeCluster(wish: ClusterWish): Promise<Cluster> {
  const directory = resolve(wish.directory);
  await mkdir(dirname(directory), { recursive: true });
  const path = await realPlace(directory);
  if (!isRoot()) return { path, user: undefined };
  const user = (await ownerButRoot(path)) ?? NOBODY;
  if (await canEnter(user, dirname(path))) return { path, user };
  if (await holdsFiles(path)) {
    throw new Error(`its owner, user ${user.uid}, cannot enter ${dirname(path)}; let others pass: chmod o+x`);
  }
  return { path: await placeElsewhere(directory, wish, user), user };
}

/** Where a throw-away cluster had to live elsewhere, removing `directory` would leave it behind. */
export async function removeThrowAway(cluster: Cluster, directory: string): Promise<void> {
  if (!basename(cluster.path).startsWith(THROW_AWAY)) return;
  await rm(directory, { force: true });
  await rm(cluster.path, { recursive: true, force: true });
}

export async function holdsFiles(path: string): Promise<boolean> {
  return ((await readdir(path).catch(unlessAbsent)) ?? []).length > 0;
}

const THROW_AWAY = 'tenantry-throw-away-';

/** `directory` with links followed; it need not exist, but a link to nowhere is data that has gone missing. */
async function realPlace(directory: string): Promise<string> {
  const real = await realpath(directory).catch(unlessAbsent);
  if (real) return real;
  if (!(await lstat(directory).catch(unlessAbsent)))
    return join(await realpath(dirname(directory)), basename(directory));
  throw new Error(
    `${directory} points to ${await readlink(directory)}, which is gone; remove the link to begin anew`,
  );
}

/** A name of its own, not one derived from `directory`: whoever removes the link gets an empty database. */
async function placeElsewhere(directory: string, wish: ClusterWish, user: SystemUser): Promise<string> {
  const path = await emptyFolderFor(user, wish.durable);
  await rmdir(directory).catch(() => undefined); // an empty folder makes room; a link of another start stays
  await symlink(path, directory).catch(unlessTaken);
  const chosen = await realpath(directory);
  if (chosen !== path) await rmdir(path); // another start was first
  wish.log(`user ${user.uid} cannot enter ${dirname(directory)}: ${directory} is a link to ${chosen}`);
  return chosen;
}

async function emptyFolderFor(user: SystemUser, durable: boolean): Promise<string> {
  const choices = durable
    ? ['/var/lib/tenantry/postgres-']
    : [join(tmpdir(), THROW_AWAY), `/var/lib/tenantry/${THROW_AWAY}`];
  for (const prefix of choices) {
    const parent = dirname(prefix);
    if (await mkdir(parent, { recursive: true })) await chmod(parent, 0o755); // whatever our umask is
    if (await canEnter(user, parent)) return mkdtemp(prefix);
  }
  throw new Error(
    `user ${user.uid} can enter neither its folder nor any of ${choices.map(dirname).join(', ')}`,
  );
}

async function ownerButRoot(path: string): Promise<SystemUser | undefined> {
  const found = await stat(path).catch(unlessAbsent);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}
