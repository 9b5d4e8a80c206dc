import type { Problem } from '../../../common/errors/domain-error.js';
import { NIL_UUID } from '../../../common/http/value-checks.js';

/** The two names of the one id that a person has (docs/decisions/0005). */
export type ChosenId = { user_id?: string | null; ls_user_id?: string | null };
type Locate = (row: number) => Problem['loc'];

const chosenIdOf = ({ user_id, ls_user_id }: ChosenId): string | null => user_id ?? ls_user_id ?? null;

/** Whatever the shape of the row. */
export function chosenIdProblems(row: object, loc: Problem['loc']): Problem[] {
  const { user_id, ls_user_id } = row as Record<keyof ChosenId, unknown>;
  const nil = (['user_id', 'ls_user_id'] as const).filter(
    (name) => name in row && (row as ChosenId)[name] === NIL_UUID,
  );
  if (nil.length > 0) return nil.map((name) => problem([...loc, name], 'The nil UUID is the id of nobody'));
  if (typeof user_id !== 'string' || typeof ls_user_id !== 'string') return [];
  if (user_id.toLowerCase() === ls_user_id.toLowerCase()) return [];
  return [problem([...loc, 'ls_user_id'], 'user_id and ls_user_id are one id; give one, or the same twice')];
}

/** The id chosen for each address, and each row that makes one person of two, or two of one. */
export function chosenIds(
  rows: readonly (ChosenId & { email: string })[],
  locate: Locate,
): { byEmail: ReadonlyMap<string, string>; problems: Problem[] } {
  const byEmail = new Map<string, string>();
  const emails = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [index, row] of rows.entries()) {
    const id = chosenIdOf(row);
    if (id === null) continue;
    const field = [...locate(index), row.user_id ? 'user_id' : 'ls_user_id'];
    if ((emails.get(id) ?? row.email) !== row.email)
      problems.push(problem(field, 'Another person of this batch has this id'));
    else if ((byEmail.get(row.email) ?? id) !== id)
      problems.push(problem(field, 'This person has another id in this batch'));
    emails.set(id, row.email);
    byEmail.set(row.email, id);
  }
  return { byEmail, problems };
}

const problem = (loc: Problem['loc'], msg: string): Problem => ({ loc, msg, type: 'value_error' });
