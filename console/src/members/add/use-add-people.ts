import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { usePlace } from '../../shell/use-workspaces';
import { addPeople, type PreviewRow } from './preview-people';

/** The addresses that the server returned, in lower case. */
export type Added = { readonly joined: ReadonlySet<string>; readonly invited: ReadonlySet<string> };

/** The same list is sent with the same key, so that a repetition after a lost response adds no person twice. */
export function useAddPeople() {
  const { api } = usePlace();
  const key = useRef({ rows: null as readonly PreviewRow[] | null, value: '' });
  return useMutation({
    mutationFn: async (rows: readonly PreviewRow[]): Promise<Added> => {
      if (key.current.rows !== rows) key.current = { rows, value: crypto.randomUUID() };
      const added = await addPeople(api, rows, key.current.value);
      const addresses = (isMember: boolean) =>
        new Set(added.filter((row) => !!row.user_id === isMember).map(({ email }) => email.toLowerCase()));
      return { joined: addresses(true), invited: addresses(false) };
    },
  });
}
