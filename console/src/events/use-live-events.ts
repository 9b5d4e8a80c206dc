import { useDocumentVisibility } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError } from '@tenantry/client';
import { isFinal } from '../api/client';
import { type Api, dataOf, type Schemas } from '../api/client';
import { usePlace } from '../session/use-workspaces';

export type LiveEvent = Schemas['Event'];
export type EventType = LiveEvent['type'];

type Followed = {
  /** Newest first. */
  readonly events: readonly LiveEvent[];
  readonly cursor: string;
  /** Other tabs wait already, so this one asks from time to time. */
  readonly isCrowded: boolean;
};

const PATH = '/api/v1/orgs/current/events';
const PAGE_SIZE = 1000;
const WAIT_SECONDS = 20;
/** The place is gone: the database was restored to an earlier state, or retention has removed what follows. */
const GONE: readonly string[] = ['cursor_gone', 'events_removed'];
const PAUSE_MS = 250;
const LONG_PAUSE_MS = 5000;
/** Older ones are in the audit log. */
const MOST_KEPT = 500;

/** Recent events of these types (all if none is given), and those that happen while the page is visible and not paused. */
export function useLiveEvents(types: readonly EventType[], isPaused: boolean) {
  const { api, orgId } = usePlace();
  const queries = useQueryClient();
  const isLive = useDocumentVisibility() === 'visible' && !isPaused;
  const queryKey = ['events', orgId, types];
  const followed = useQuery<Followed>({
    queryKey,
    queryFn: ({ signal }) => readOn(api, types, { known: queries.getQueryData(queryKey), signal }),
    staleTime: Infinity,
    refetchInterval: ({ state: { data, error } }) => {
      if (!isLive || !data || (error && isFinal(error))) return false;
      return error || data.isCrowded ? LONG_PAUSE_MS : PAUSE_MS;
    },
  });
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    if (!isLive) void queries.cancelQueries({ queryKey: JSON.parse(key) as unknown[] });
  }, [isLive, key, queries]);
  return followed;
}

type Reading = { known: Followed | undefined; signal: AbortSignal };

async function readOn(api: Api, types: readonly EventType[], { known, signal }: Reading): Promise<Followed> {
  const read = (wait: number) => {
    const query = { after: known?.cursor ?? 'recent', types: [...types], limit: PAGE_SIZE, wait };
    return dataOf(api.GET(PATH, { params: { query }, signal }));
  };
  let isCrowded = false;
  const page = await read(known ? WAIT_SECONDS : 0).catch((error: unknown) => {
    const code = error instanceof ApiError ? error.code : '';
    if (known && GONE.includes(code)) return null;
    if (code !== 'too_many_waiting_requests') throw error;
    isCrowded = true;
    return read(0);
  });
  if (!page) return readOn(api, types, { known: undefined, signal });
  const events = [...page.items.toReversed(), ...(known?.events ?? [])].slice(0, MOST_KEPT);
  return { events, cursor: page.next_cursor, isCrowded };
}

/** The types that the server knows. */
export function useEventTypes() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['event-types', orgId],
    queryFn: async () => (await dataOf(api.GET(`${PATH}/types`))).types,
    staleTime: Infinity,
  });
}
