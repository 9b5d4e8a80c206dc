import { canonicalEmail } from '../../../common/email/canonical-email.js';
import { InvalidEmail } from '../../../common/email/canonical-email.errors.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { passwordProblemsAt } from './chosen-passwords.js';

/** Problems that the body schema does not find; accepts rows of any shape. */
export function problemsOfInvite(row: object, loc: Problem['loc']): Problem[] {
  const { email, password } = row as { email?: unknown; password?: unknown };
  const problems: Problem[] = [];
  if (typeof email === 'string') emailOf(email, [...loc, 'email'], problems);
  const passwordProblems = typeof password === 'string' ? passwordProblemsAt(password, loc) : [];
  return [...problems, ...passwordProblems];
}

/** Adds a problem and returns an empty string if the text is no e-mail address. */
export function emailOf(text: string, loc: Problem['loc'], problems: Problem[]): string {
  try {
    return canonicalEmail(text);
  } catch (error) {
    if (!(error instanceof InvalidEmail)) throw error;
    problems.push({ loc, msg: error.message, type: 'value_error' });
    return '';
  }
}
