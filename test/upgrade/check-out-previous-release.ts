import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { PREVIOUS } from '../../scripts/upgrade/previous-release.ts';
import { emptyFolder, ROOT } from '../support/server-process.js';

const run = promisify(execFile);

/** The previous release in a git worktree, with its own packages, built. */
export async function checkOutPreviousRelease(): Promise<{ root: string; remove: () => void }> {
  const { path: root, remove } = emptyFolder();
  const git = (...args: string[]) => run('git', args, { cwd: ROOT });
  await git('worktree', 'prune'); // of a run that was killed
  await git('worktree', 'add', '--detach', root, PREVIOUS.commit);
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
  // Until the version is raised, both have the same, and files of the same version are run again (docs/decisions/0120).
  await run('npm', ['pkg', 'set', 'version=0.0.0'], { cwd: root });
  await run('npm', ['run', 'build'], { cwd: root });
  const removeAll = () => {
    execFileSync('git', ['worktree', 'remove', '--force', root], { cwd: ROOT });
    remove();
  };
  return { root, remove: removeAll };
}
