import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { type PageTexts, usePageTexts } from '../texts/texts';
import type { Saved } from './saved';

const en = {
  undo: 'Undo',
  changedMeanwhile: 'Not undone: somebody has changed it meanwhile. The page shows what it is now.',
};
const de: typeof en = {
  undo: 'Rückgängig',
  changedMeanwhile:
    'Nicht rückgängig gemacht: Jemand hat es inzwischen geändert. Die Seite zeigt, was jetzt gilt.',
};
const undoTexts: PageTexts<typeof en> = { en, de };

type Change<Value> = {
  readonly before: Value;
  readonly after: Value;
  readonly read: () => Promise<Value | undefined>;
  readonly write: (value: Value) => Promise<unknown>;
  /** Said once it is undone. */
  readonly doneText: string;
};

/**
 * Offers to undo a change: by a second ordinary change, unless the value that is read then is not the one that was written.
 * What was read under these keys is read again.
 */
export function useUndo(...keys: readonly QueryKey[]) {
  const texts = usePageTexts(undoTexts);
  const queries = useQueryClient();
  return <Value>({ before, after, read, write, doneText }: Change<Value>): Saved['next'] => ({
    label: texts.undo,
    run: async () => {
      try {
        if ((await read()) !== after) return { text: texts.changedMeanwhile, isProblem: true };
        await write(before);
        return { text: doneText };
      } finally {
        for (const queryKey of keys) await queries.invalidateQueries({ queryKey });
      }
    },
  });
}
