import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isFinal } from '../api/client';
import { leaveIfSessionChanged } from './leave-page';

/** What was read from the server since the page was loaded, with one session. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: leaveIfSessionChanged }),
  mutationCache: new MutationCache({ onError: leaveIfSessionChanged }),
  defaultOptions: { queries: { staleTime: 10_000, retry: (count, error) => count < 2 && !isFinal(error) } },
});
