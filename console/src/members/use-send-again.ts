import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import type { Saved } from '../saved/saved';
import { usePageTexts } from '../texts/texts';
import { againTexts } from './again-texts';

type Row = { readonly email: string; readonly full_name?: string | null };

type Sending<Sent extends Row> = {
  readonly rows: readonly Sent[];
  readonly send: (rows: Sent[]) => Promise<unknown>;
  /** What was read under it is read again afterwards. */
  readonly key: QueryKey;
  readonly label: string;
  readonly doneText: (who: string, isOne: boolean) => string;
};

/** The server takes so many in one request. */
const LARGEST_BATCH = 500;

/** Offers to add or invite people again who were removed, in batches. */
export function useSendAgain() {
  const texts = usePageTexts(againTexts);
  const queries = useQueryClient();
  return <Sent extends Row>({ rows, send, key, label, doneText }: Sending<Sent>): Saved['next'] => ({
    label,
    run: async () => {
      let sent = 0;
      const [first] = rows;
      const said = () => {
        const who = rows.length === 1 && first ? first.full_name || first.email : texts.people(sent);
        return doneText(who, sent === 1);
      };
      try {
        while (sent < rows.length) {
          const batch = rows.slice(sent, sent + LARGEST_BATCH);
          await send([...batch]);
          sent += batch.length;
        }
        return { text: said() };
      } catch (error) {
        if (sent === 0) throw error;
        return { text: `${said()} ${texts.notSent(rows.length - sent)}`, isProblem: true };
      } finally {
        await queries.invalidateQueries({ queryKey: key });
      }
    },
  });
}
