import { canonicalEmail, InvalidEmail } from '../../common/email/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { passwordProblemsAt } from './chosen-passwords.js';

/** What is wrong with a row beyond its shape; whatever its shape. */
export function problemsOfInvite(row: object, loc: Problem['loc']): Problem[] {
  const { email, password } = row as { email?: unknown; password?: unknown };
  const problems: Problem[] = [];
  if (typeof email === 'string') emailOf(email, [...loc, 'email'], problems);
  const passwordProblems = typeof password === 'string' ? passwordProblemsAt(password, loc) : [];
  return [...problems, ...passwordProblems];
}

/** Adds to `problems` why the text is no address. */
export function emailOf(text: string, loc: Problem['loc'], problems: Problem[]): string {
  try {
    return canonicalEmail(text);
  } catch (error) {
    if (!(error instanceof InvalidEmail)) throw error;
    problems.push({ loc, msg: error.message, type: 'value_error' });
    return '';
  }
}
