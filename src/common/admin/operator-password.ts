import { text } from 'node:stream/consumers';
import { generatePassword, passwordProblems } from '../secrets/password-rule.js';
import { AdminCommandError, type AdminOptions } from './admin-command.js';

/** The option of commands that set a password: it comes by standard input, which no list of processes shows. */
export const PASSWORD_OPTION = { 'password-stdin': { type: 'boolean' } } as const;

/** What the operator gave, or a generated one, which has to be shown once. Throws AdminCommandError for a weak one. */
export async function readOperatorPassword(
  options: AdminOptions,
): Promise<{ password: string; isGenerated: boolean }> {
  if (options['password-stdin']) return { password: await readPasswordFromStdin(), isGenerated: false };
  return { password: generatePassword(), isGenerated: true };
}

/** Without the line break that `echo` adds. */
async function readPasswordFromStdin(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const problems = passwordProblems(password);
  if (problems.length > 0) throw new AdminCommandError(problems.join(' '));
  return password;
}
