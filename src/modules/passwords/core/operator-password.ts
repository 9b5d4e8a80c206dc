import { text } from 'node:stream/consumers';
import { AdminCommandError, type AdminOptions } from '../../../common/admin-commands.js';
import { generatePassword, passwordProblems } from '../../../common/secrets/password-rule.js';

/** The password is read from standard input, since arguments are visible in process lists. */
export const PASSWORD_OPTION = { 'password-stdin': { type: 'boolean' } } as const;

/** A generated one must be shown once. @throws AdminCommandError if the given password violates the password rule */
export async function readOperatorPassword(
  options: AdminOptions,
): Promise<{ password: string; isGenerated: boolean }> {
  if (options['password-stdin']) return { password: await readPasswordFromStdin(), isGenerated: false };
  return { password: generatePassword(), isGenerated: true };
}

/** Strips the line break that `echo` adds. */
async function readPasswordFromStdin(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const problems = passwordProblems(password);
  if (problems.length > 0) throw new AdminCommandError(problems.join(' '));
  return password;
}
