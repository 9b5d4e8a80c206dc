import { chown, lchown, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { type Cluster, type ClusterOptions, isNonEmptyDirectory } from './cluster-location.js';
import { unlessAbsent, unlessTaken } from './file-errors.js';
import { runAs, type SystemUser } from './system-user.js';

/** Creates the cluster unless it exists; an interrupted attempt leaves nothing that could be taken for a cluster. */
export async function createClusterOnce(cluster: Cluster, initdb: string, options: ClusterOptions) {
  await removeAbandonedDrafts(cluster.path);
  if (!(await isNonEmptyDirectory(cluster.path))) return createCluster(cluster, initdb, options);
  if (!(await stat(join(cluster.path, 'PG_VERSION')).catch(unlessAbsent))) {
    throw new Error(`${cluster.path} holds other files than a PostgreSQL cluster`);
  }
  if (cluster.user) await changeOwner(cluster.path, cluster.user);
}

async function createCluster({ path, user }: Cluster, initdb: string, options: ClusterOptions) {
  options.log(`creating a PostgreSQL cluster in ${path}`);
  const draftFolder = await mkdtemp(`${path}${DRAFT_PREFIX}`);
  try {
    const passwordFile = join(draftFolder, 'password');
    await writeFile(passwordFile, options.password, { mode: 0o600 });
    if (user) await changeOwner(draftFolder, user);
    const draft = join(draftFolder, 'cluster');
    await runAs(user, initdb, initdbArguments(draft, passwordFile, options.durable));
    await rename(draft, path).catch(unlessTaken); // concurrent first starts all use the first cluster
  } finally {
    await rm(draftFolder, { recursive: true, force: true });
  }
}

function initdbArguments(draft: string, passwordFile: string, durable: boolean): string[] {
  const location = [`--pgdata=${draft}`, ...(durable ? [] : ['--no-sync'])];
  const superuser = ['--username=tenantry', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  // Sorted by code point, with Unicode case mapping: the same on every host, independent of the locales of libc.
  const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return [...location, ...superuser, ...text];
}

const DRAFT_PREFIX = '.new-';
const ABANDONED_AFTER_MS = 10 * 60_000;

async function removeAbandonedDrafts(path: string): Promise<void> {
  const names = await readdir(dirname(path));
  for (const name of names.filter((each) => each.startsWith(basename(path) + DRAFT_PREFIX))) {
    const draftFolder = join(dirname(path), name);
    const born = (await stat(draftFolder).catch(unlessAbsent))?.mtimeMs ?? Infinity;
    if (Date.now() - born > ABANDONED_AFTER_MS) await rm(draftFolder, { recursive: true, force: true });
  }
}

/** Gives files that root owns (a draft of the cluster, a restored backup) to `user`. */
async function changeOwner(path: string, { uid, gid }: SystemUser): Promise<void> {
  if ((await stat(path)).uid !== 0) return;
  // With file types, readdir does not follow links out of the directory.
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), uid, gid);
  }
  await chown(path, uid, gid);
}
