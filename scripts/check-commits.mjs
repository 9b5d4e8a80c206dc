/**
 * `npm run check:commits`: checks the messages of all commits that descend from the one that added the rules. Without a
 * Git history it checks nothing; in a shallow clone, the available commits. (The command of commitlint cannot select
 * commits by descent, so this uses its library.)
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import lint from '@commitlint/lint';
import load from '@commitlint/load';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const RULES = 'commitlint.config.js';

/** The output of Git; empty if Git is not installed or fails, for example outside of a repository. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** The messages of commits that descend from the one that added the rules, merges left out. */
function newMessages() {
  // In a shallow clone the oldest commits seem to add every file, so the start is one of them.
  const start = git('log', '--diff-filter=A', '--format=%H', '--', RULES).split('\n').at(-1);
  if (!start) return [];
  const messages = git('log', '-z', '--format=%B', '--no-merges', '--ancestry-path', `${start}..HEAD`);
  return messages.split('\0').filter((message) => message !== '');
}

const { rules, parserPreset } = await load({}, { cwd, file: RULES });
const messages = newMessages();
for (const message of messages) {
  const { valid, errors } = await lint(message, rules, { parserOpts: parserPreset?.parserOpts });
  if (valid) continue;
  console.error(`${message.split('\n')[0]}\n${errors.map((error) => `  ${error.message}`).join('\n')}`);
  process.exitCode = 1;
}
console.log(`${messages.length} commit messages checked.`);
