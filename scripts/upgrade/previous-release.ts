import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The release that this version replaces while it serves (docs/decisions/0070-expand-and-contract-migrations.md). */
export const PREVIOUS = JSON.parse(
  readFileSync(new URL('previous-release.json', import.meta.url), 'utf8'),
) as { commit: string; lastMigration: string };

/** True if this clone has the commit; a shallow clone and an unpacked archive do not. */
export const hasCommit = (commit: string): boolean => gitSucceeds('cat-file', '-e', `${commit}^{commit}`);

/** True if the previous release contains the commit or tag. */
export const isInPreviousRelease = (commit: string): boolean =>
  gitSucceeds('merge-base', '--is-ancestor', commit, PREVIOUS.commit);

/** The texts of its views, functions and triggers, in their order; none where this clone lacks the commit. */
export function schemaFilesOf(commit: string): string[] {
  if (!hasCommit(commit)) return [];
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' });
  const names = git('ls-tree', '-r', '--name-only', '--full-tree', commit, 'src').split('\n');
  return names.filter((name) => name.endsWith('.sql')).map((name) => git('show', `${commit}:${name}`));
}

function gitSucceeds(...args: string[]): boolean {
  try {
    execFileSync('git', args, { cwd: import.meta.dirname, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
