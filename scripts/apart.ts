import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the packages of a folder with a `package.json` of its own, which the project's `npm ci` leaves out, unless the
 * versions of its lock are there already.
 * @throws Error if npm cannot install them
 */
export function installApart(folder: string): void {
  const installed = changedAt(join(folder, 'node_modules', '.package-lock.json')); // npm writes it last
  if (installed > changedAt(join(folder, 'package-lock.json'))) return;
  console.log(`Installing the packages of ${folder} ...`);
  // npm reads no .npmrc but the one in the folder itself.
  const options = ['--ignore-scripts', '--replace-registry-host=registry.invalid', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', ['ci', ...options], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`the packages of ${folder} could not be installed`);
}

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
