import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { check } from '../../../common/http/operations/validation.pipe.js';
import { type Evaluation, EvaluationRequest } from '../../../contract/authzen.js';
import type { AccessQuestion, DecidedAccess } from '../decisions/decide-access.js';
import { toQuestion } from './question.mapper.js';
import type { NotEvaluated, Unreadable } from './evaluate.js';

/** @throws ValidationFailed */
export function fromEvaluation(request: EvaluationRequest): AccessQuestion {
  const problems: Problem[] = [];
  const question = toQuestion(request, ['body'], problems);
  if (!question) throw new ValidationFailed(problems);
  return question;
}

/** One of many: its members take the place of the defaults as a whole. */
export function fromEvaluationOfMany(
  defaults: object,
  given: unknown,
  index: number,
): AccessQuestion | Unreadable {
  const problems: Problem[] = [];
  const loc = ['evaluations', index];
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const request = check(EvaluationRequest, isObject ? { ...defaults, ...given } : given, loc, problems);
  const question = problems.length === 0 ? toQuestion(request as EvaluationRequest, loc, problems) : null;
  return question ?? { problems };
}

/**
 * Unknown subjects, those of other organizations and those without access have the same response, and names of roles,
 * groups and policies are for those who may read them.
 */
export const toEvaluation =
  (showsNames: boolean) =>
  (result: DecidedAccess | NotEvaluated): Evaluation => {
    if (!('allowed' in result)) return { decision: false, context: { error: errorOf(result) } };
    const { allowed, reason, policy, permittedBy } = result;
    const roles = permittedBy.map(({ role, group }) => ({ ...role, user_group: group }));
    return {
      decision: allowed,
      context: {
        reason: reason === 'not_granted' ? 'no_access' : reason,
        ...(showsNames && roles.length > 0 ? { roles } : {}),
        ...(showsNames && policy ? { access_policy: { id: policy.id, name: policy.name } } : {}),
      },
    };
  };

function errorOf(result: NotEvaluated): { status: number; message: string } {
  if ('refusal' in result) return { status: 403, message: result.refusal.message };
  return {
    status: 400,
    message: result.problems.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '),
  };
}
