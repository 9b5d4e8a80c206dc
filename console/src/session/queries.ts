import { MutationCache, type Query, QueryCache, QueryClient } from '@tanstack/react-query';
import { isFinal, isUnreachable } from '../api/client';
import { untilServerResponds } from '../api/until-server-responds';
import { leaveIfSessionChanged } from './leave-page';

/** What was read from the server since the page was loaded, with one session. */
export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      leaveIfSessionChanged(error);
      if (isUnreachable(error)) void readAgain();
    },
  }),
  mutationCache: new MutationCache({ onError: leaveIfSessionChanged }),
  defaultOptions: { queries: { staleTime: 10_000, retry: (count, error) => count < 2 && !isFinal(error) } },
});

const REPEATED = { type: 'active', predicate: hasFailed } as const;

function hasFailed({ state: { error } }: Query): boolean {
  return error !== null && isUnreachable(error);
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
let isRunning = false;

/** What the open page could not read, as soon as the server responds; less and less often while it fails again. */
async function readAgain(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  let pauseMs = FIRST_PAUSE_MS;
  do {
    await untilServerResponds(pauseMs);
    await queries.refetchQueries(REPEATED);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  } while (queries.getQueryCache().findAll(REPEATED).length > 0);
  isRunning = false;
}
