import type { Problem } from '../../../common/errors/domain-error.js';
import { NIL_UUID } from '../../../common/http/operations/value-checks.js';

/** The two names of the user id (docs/decisions/0005). */
export type ChosenId = { user_id?: string | null; ls_user_id?: string | null };
const chosenIdOf = ({ user_id, ls_user_id }: ChosenId): string | null => user_id ?? ls_user_id ?? null;

/** Accepts rows of any shape. */
export function chosenIdProblems(row: object, loc: Problem['loc']): Problem[] {
  const { user_id, ls_user_id } = row as Record<keyof ChosenId, unknown>;
  const nil = (['user_id', 'ls_user_id'] as const).filter(
    (name) => name in row && (row as ChosenId)[name] === NIL_UUID,
  );
  if (nil.length > 0)
    return nil.map((name) => problem([...loc, name], 'The nil UUID is not a valid user id'));
  if (typeof user_id !== 'string' || typeof ls_user_id !== 'string') return [];
  if (user_id.toLowerCase() === ls_user_id.toLowerCase()) return [];
  return [
    problem(
      [...loc, 'ls_user_id'],
      'user_id and ls_user_id are the same id; send one of them, or equal values',
    ),
  ];
}

/** The chosen id of each address, and a problem for each row whose id is invalid or contradicts another row. */
export function chosenIds(rows: readonly (ChosenId & { email: string; loc: Problem['loc'] })[]): {
  byEmail: ReadonlyMap<string, string>;
  problems: Problem[];
} {
  const byEmail = new Map<string, string>();
  const emails = new Map<string, string>();
  const problems: Problem[] = [];
  for (const row of rows) {
    const id = chosenIdOf(row);
    if (id === null) continue;
    problems.push(...chosenIdProblems(row, row.loc));
    const field = [...row.loc, row.user_id ? 'user_id' : 'ls_user_id'];
    if ((emails.get(id) ?? row.email) !== row.email)
      problems.push(problem(field, 'Another user in this batch has this id'));
    else if ((byEmail.get(row.email) ?? id) !== id)
      problems.push(problem(field, 'This user has another id in this batch'));
    emails.set(id, row.email);
    byEmail.set(row.email, id);
  }
  return { byEmail, problems };
}

const problem = (loc: Problem['loc'], msg: string): Problem => ({ loc, msg, type: 'value_error' });
