import { Forbidden, NotFound, type Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import type { LocatedRows } from '../core/row-location.js';
import type { InviteProblem } from './invite-rights.js';

/** Nothing is written; `problems` names every forbidden row (docs/contract/invitations.md#batches). */
class InviteProblemsForbidden extends Forbidden {
  readonly code = 'invites_forbidden';
  constructor(problems: Problem[]) {
    super('some of these people cannot be invited', { problems });
  }
}

/** Rows that name an unknown role or workspace. */
class InviteTargetsNotFound extends NotFound {
  readonly code = 'invite_targets_not_found';
  constructor(problems: Problem[]) {
    super('some of these roles or workspaces do not exist', { problems });
  }
}

export type LocatedProblem = InviteProblem & { row: number };

/**
 * One error for all problems, malformed rows included, in row order. Its class depends on the first problem in the order
 * of checks (docs/contract/http.md#order-of-checks).
 */
export function inviteRefusal(
  problems: readonly LocatedProblem[],
  { locate, malformed }: Pick<LocatedRows<unknown>, 'locate' | 'malformed'>,
) {
  const refused = problems.map(({ row, field, kind, msg }) => ({
    loc: [...locate(row), field],
    msg,
    type: kind.replace('-', '_'),
  }));
  const places = new Set(refused.map(({ loc }) => String(loc)));
  const others = malformed.filter(({ loc }) => !places.has(String(loc)));
  const all = [...refused, ...others].sort((a, b) => Number(a.loc[1]) - Number(b.loc[1]));
  if (problems.some(({ kind }) => kind === 'forbidden')) return new InviteProblemsForbidden(all);
  return malformed.length > 0 ? new ValidationFailed(all) : new InviteTargetsNotFound(all);
}
