import type { Evaluation } from '../../contract/authzen.js';
import type { DecidedAccess } from '../directory/index.js';
import type { NotEvaluated } from './evaluate.js';

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
