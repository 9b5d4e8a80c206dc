import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import { passwordProblems } from '../../../common/secrets/password-rule.js';
import type { RowLocator } from '../core/row-location.js';

/** @throws ValidationFailed naming every row whose password violates the password rule */
export function assertValidPasswords(rows: readonly { password: string | null }[], locate: RowLocator): void {
  const problems = rows.flatMap(({ password }, index) =>
    password === null ? [] : passwordProblemsAt(password, locate(index)),
  );
  if (problems.length > 0) throw new ValidationFailed(problems);
}

/** `loc` locates the row, not the password. */
export const passwordProblemsAt = (password: string, loc: Problem['loc']): Problem[] =>
  passwordProblems(password).map((msg) => ({ loc: [...loc, 'password'], msg, type: 'value_error' }));
