import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { embeddedBinaries } from './binaries.js';
import { canAccess, isRoot, runAs, runShell, type SystemUser, UNPRIVILEGED_USER } from './system-user.js';

export interface EmbeddedPostgresOptions {
  /** For example `<DATA_DIR>/postgres`; a link if the system user of PostgreSQL cannot enter it. */
  readonly directory: string;
  /** The superuser's password; set when the cluster is created and stored by the caller. */
  readonly password: string;
  /** False for temporary test clusters, which need not survive a crash of the host. */
  readonly durable: boolean;
  /**
   * True for a server, of which only one may use the cluster: it restarts PostgreSQL when that ends, once. False for
   * commands and tests, which may use it at the same time.
   */
  readonly isServer?: boolean;
  readonly log?: (line: string) => void;
  /** Called once PostgreSQL was launched, for work that does not need it yet. */
  readonly onLaunched?: () => void;
  /** If aborted during the start, the start throws the reason and stops the server that it launched. */
  readonly signal?: AbortSignal;
}

/** A cluster that exists, and how it is used. */
export interface Cluster extends EmbeddedPostgresOptions {
  /** `directory` with links resolved. */
  readonly path: string;
  /** Its owner; `undefined`: the user of this process, which is not root. */
  readonly user: SystemUser | undefined;
  readonly postgres: string;
}

/** Creates the cluster unless it exists. */
export async function prepareCluster(options: EmbeddedPostgresOptions): Promise<Cluster> {
  const { path, user } = await locate(options);
  const { initdb, postgres } = await embeddedBinaries(user);
  options.signal?.throwIfAborted();
  const cluster = { ...options, path, user, postgres };
  await createOnce(cluster, initdb); // not abortable; takes seconds
  return cluster;
}

type Location = Pick<Cluster, 'path' | 'user'>;

/** Where clusters are if the system user of PostgreSQL cannot enter their directory. */
const ELSEWHERE = '/var/lib/tenantry';

/**
 * Chooses the path and the owner of the cluster. As root, PostgreSQL runs as the owner of an existing cluster, otherwise
 * as UNPRIVILEGED_USER. Directories that this user cannot enter stay closed: the cluster is then created elsewhere and
 * `directory` becomes a link to it.
 */
async function locate({ directory: given, password }: EmbeddedPostgresOptions): Promise<Location> {
  const directory = resolve(given);
  if (!existsSync(directory) && (await lstat(directory).catch(() => null)))
    throw new Error('it is a link to a folder that is gone; remove the link to start with an empty database');
  await mkdir(directory, { recursive: true });
  const path = await realpath(directory);
  if (!isRoot()) return { path, user: undefined };
  const owner = await stat(path);
  const user = owner.uid === 0 ? UNPRIVILEGED_USER : { uid: owner.uid, gid: owner.gid };
  if (await canAccess(user, dirname(path))) return { path, user };
  if (await isEmpty(path)) return { path: await linkElsewhere(directory, password, user), user };
  throw new Error(`its owner, user ${user.uid}, cannot enter ${dirname(path)}; let others pass: chmod o+x`);
}

/** The path depends on the password, so that another one, of a removed DATA_DIR, does not meet the earlier cluster. */
async function linkElsewhere(directory: string, password: string, user: SystemUser): Promise<string> {
  const name = createHash('sha256').update(`${directory}\n${password}`).digest('hex').slice(0, 12);
  const path = join(ELSEWHERE, `postgres-${name}`);
  await runShell(undefined, 'umask 022; mkdir -p "$1"', path);
  if (!(await canAccess(user, ELSEWHERE)))
    throw new Error(
      `user ${user.uid} can enter neither ${dirname(directory)} nor ${ELSEWHERE}; start it as an ordinary user`,
    );
  await rmdir(directory).catch(() => undefined); // a concurrent start has linked it
  await symlink(path, directory).catch(unlessTaken);
  return path;
}

/** An interrupted attempt leaves nothing that could be taken for a cluster. */
async function createOnce({ path, user, password, durable, log }: Cluster, initdb: string): Promise<void> {
  if (existsSync(join(path, 'PG_VERSION'))) return giveTo(user, path); // root owns what it restored from a copy
  if (!(await isEmpty(path))) throw new Error(`${path} holds other files than a PostgreSQL cluster`);
  log?.(`creating a PostgreSQL cluster in ${path}`);
  const draftFolder = await mkdtemp(`${path}.new-`);
  try {
    const [draft, passwordFile] = [join(draftFolder, 'cluster'), join(draftFolder, 'password')];
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(user, draftFolder);
    const superuser = ['--username=tenantry', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    // Sorted by code point, with Unicode case mapping: the same on every host, independent of the locales of libc.
    const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const sync = durable ? [] : ['--no-sync'];
    await runAs(user, initdb, [`--pgdata=${draft}`, ...sync, ...superuser, ...text]);
    await rename(draft, path).catch(unlessTaken); // concurrent first starts all use the first cluster
  } finally {
    await rm(draftFolder, { recursive: true, force: true });
  }
}

const isEmpty = async (path: string): Promise<boolean> => (await readdir(path)).length === 0;

/** Gives files that root owns to `user`; links in them are not followed. */
async function giveTo(user: SystemUser | undefined, path: string): Promise<void> {
  if (user && (await stat(path)).uid === 0)
    await runShell(undefined, 'chown -hR "$1" "$2"', `${user.uid}:${user.gid}`, path);
}

function unlessTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}
