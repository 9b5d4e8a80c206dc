import { applyDecorators } from '@nestjs/common';
import { Max, Min, NotEquals, ValidateBy } from 'class-validator';
import { passwordProblems } from '../common/secrets/password-rule.js';

/** The largest value of a database column of type integer. */
export const MAX_INTEGER = 2_147_483_647;

export function InRange(min: number, max: number): PropertyDecorator {
  const message = `must be a whole number from ${min} to ${max}`;
  return applyDecorators(Min(min, { message }), Max(max, { message }));
}

/** -1 means no limit; 0 would refuse an organization's first admin and first workspace. */
export function Limit(): PropertyDecorator {
  const message = `must be -1 (no limit) or a whole number from 1 to ${MAX_INTEGER}`;
  return applyDecorators(Min(-1, { message }), NotEquals(0, { message }), Max(MAX_INTEGER, { message }));
}

export function AcceptablePassword(): PropertyDecorator {
  return ValidateBy({
    name: 'acceptablePassword',
    validator: {
      validate: (value: string) => passwordProblems(value).length === 0,
      defaultMessage: (failed) => passwordProblems(failed?.value).join(' '),
    },
  });
}
