import { type QueryKey, useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';

/**
 * A request that changes something; afterwards what was read under these keys is read again, one after the other. While it
 * runs, the same change is not started again: a form can be submitted twice before its button is disabled.
 */
export function useChange<Output, Input = void>(
  run: (input: Input) => Promise<Output>,
  ...keys: readonly QueryKey[]
): UseMutationResult<Output, Error, Input> {
  const queries = useQueryClient();
  const running = useRef(new Set<string>());
  const mutation = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      for (const queryKey of keys) await queries.invalidateQueries({ queryKey });
    },
    onSettled: (_output, _error, input) => void running.current.delete(textOf(input)),
  });
  const mutate: typeof mutation.mutate = (...args) => {
    const change = textOf(args[0]);
    if (running.current.has(change)) return;
    running.current.add(change);
    mutation.mutate(...args);
  };
  return { ...mutation, mutate };
}

const textOf = (input: unknown): string => JSON.stringify(input) ?? '';
