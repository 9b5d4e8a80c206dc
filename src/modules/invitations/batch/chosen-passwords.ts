import type { Problem } from '../../../common/errors/domain-error.js';
import { passwordProblems } from '../../../common/secrets/password-rule.js';

/** `loc` locates the row, not the password. */
export const passwordProblemsAt = (password: string, loc: Problem['loc']): Problem[] =>
  passwordProblems(password).map((msg) => ({ loc: [...loc, 'password'], msg, type: 'value_error' }));
