import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';

/** A request that changes something; afterwards what was read under these keys is read again, one after the other. */
export function useChange<Output, Input = void>(
  run: (input: Input) => Promise<Output>,
  ...keys: readonly QueryKey[]
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      for (const queryKey of keys) await queries.invalidateQueries({ queryKey });
    },
  });
}
