import { ChangeOutlivesCaller } from '../../../common/access/access.errors.js';
import { Forbidden, NotFound, type Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { OwnAccessEnd } from '../../members/index.js';
import type { LocatedRows } from '../core/row-location.js';
import type { InviteProblem } from './invite-rights.js';

/** Nothing is written; `problems` names every forbidden row (docs/contract/invitations.md#batches). */
class InviteProblemsForbidden extends Forbidden {
  override readonly code = 'invites_forbidden';
  constructor(problems: Problem[]) {
    super('some of these people cannot be invited', { problems });
  }
}

class InviteTargetsNotFound extends NotFound {
  constructor(problems: Problem[]) {
    super('some of these roles or workspaces do not exist', { problems });
  }
}

/**
 * One error for all problems, malformed rows included, in row order. Its class depends on the first problem in the order
 * of checks (docs/contract/http.md#order-of-checks).
 *
 * @throws InviteProblemsForbidden, ValidationFailed or InviteTargetsNotFound
 */
export function assertNoProblems<Row>(
  { rows, locate, malformed }: LocatedRows<Row>,
  problemsOf: (row: Row) => readonly InviteProblem[],
): void {
  const found = rows.flatMap((row, index) =>
    problemsOf(row).map(({ field, kind, msg }) => ({ kind, msg, loc: [...locate(index), field] })),
  );
  if (found.length + malformed.length === 0) return;
  const places = new Set(found.map(({ loc }) => String(loc)));
  const others = malformed.filter(({ loc }) => !places.has(String(loc)));
  const refused = found.map(({ loc, msg, kind }) => ({
    loc,
    msg,
    type: kind === 'malformed' ? 'value_error' : kind.replace('-', '_'),
  }));
  const all = [...refused, ...others].sort((a, b) => Number(a.loc[1]) - Number(b.loc[1]));
  if (found.some(({ kind }) => kind === 'forbidden')) throw new InviteProblemsForbidden(all);
  const isMalformed = malformed.length > 0 || found.some(({ kind }) => kind === 'malformed');
  throw isMalformed ? new ValidationFailed(all) : new InviteTargetsNotFound(all);
}

/** Names the rows of people who would have something for longer than the caller. @throws what `work` throws */
export async function namingRows<T>(
  { rows, locate }: LocatedRows<{ readonly email: string }>,
  work: Promise<T>,
): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof ChangeOutlivesCaller) && !(error instanceof OwnAccessEnd)) throw error;
    const { message: msg, who } = error;
    const problems = rows.flatMap(({ email }, index) =>
      who.includes(email) ? [{ loc: [...locate(index), 'email'], msg, type: 'forbidden' }] : [],
    );
    if (problems.length === 0) throw error;
    const Refusal = error instanceof OwnAccessEnd ? OwnAccessEnd : ChangeOutlivesCaller;
    throw new Refusal(msg, who, problems);
  });
}
