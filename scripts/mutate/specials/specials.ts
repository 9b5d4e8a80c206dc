import { type Mutant, Unusable } from '../outcome.ts';
import { runMutants } from '../run-mutants.ts';
import { loadBreaks } from './break.ts';

const TIME_LIMIT_MS = 10 * 60_000;

type Options = { readonly ids: readonly string[]; readonly listOnly: boolean; readonly signal: AbortSignal };

/**
 * Runs our list of breaks, or those with an id that begins with one of `ids`. Returns whether all were noticed.
 * @throws Unusable when the list does not fit the code, or the tests cannot run
 */
export async function mutateSpecials({ ids, listOnly, signal }: Options): Promise<boolean> {
  const breaks = chosen(loadBreaks(), ids);
  if (listOnly) {
    for (const { id, change, why } of breaks)
      console.log(`${id}  ${'file' in change ? change.file : 'SQL'}\n    ${why}`);
    console.log(`${breaks.length} breaks`);
    return true;
  }
  const mode = { isOfList: true, timeoutMs: TIME_LIMIT_MS, signal };
  const outcomes = await runMutants(breaks, mode);
  return outcomes.every(({ result }) => result === 'noticed');
}

function chosen(breaks: readonly Mutant[], ids: readonly string[]): readonly Mutant[] {
  const unknown = ids.find((id) => !breaks.some((each) => each.id.startsWith(id)));
  if (unknown) throw new Unusable(`There is no break ${unknown}; --list shows them.`);
  return ids.length === 0 ? breaks : breaks.filter((each) => ids.some((id) => each.id.startsWith(id)));
}
