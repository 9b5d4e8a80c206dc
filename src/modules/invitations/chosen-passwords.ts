import type { Problem } from '../../common/errors/domain-error.js';
import { ValidationFailed } from '../../common/errors/validation-failed.js';
import { passwordProblems } from '../../common/secrets/password-rule.js';

/** Throws ValidationFailed, naming every row whose password nobody should have. */
export function assertFitPasswords(
  rows: readonly { password: string | null }[],
  locate: (row: number) => Problem['loc'],
): void {
  const problems = rows.flatMap(({ password }, index) =>
    (password === null ? [] : passwordProblems(password)).map((msg) => ({
      loc: [...locate(index), 'password'],
      msg,
      type: 'value_error',
    })),
  );
  if (problems.length > 0) throw new ValidationFailed(problems);
}
