import {
  type InfiniteData,
  useInfiniteQuery,
  useIsFetching,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { type Api, dataOf, type Schemas } from '../api/client';
import { usePlace } from '../session/use-workspaces';
import { operationTexts } from './operation-texts';
import { type Entry, ownerOf, type People, type Person, readPeople } from './targets';
import { periodOf, type Shown } from './use-filter';

type Operation = Schemas['AuditLogOperation'];

export type Page = {
  readonly entries: readonly Entry[];
  readonly people: People;
  readonly next: string | null;
};

const PAGE_SIZE = 50;
/** The most that the server gives at once. */
export const LARGEST_PAGE = 100;

/** All that the server records, without those that only read. */
const CHANGES = Object.keys(operationTexts.en).filter((name) => !/^(?:get|list|read)_/.test(name));

/**
 * Reads on where the previous page ended. The log is read again only on request: every first page that is read is an
 * entry of its own (docs/contract/audit.md). Without `shown`, nothing is read yet.
 */
export function useAuditLog(shown: Shown | null) {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: ['audit-log', orgId, shown],
    queryFn: ({ pageParam }) => {
      if (!shown) throw new Error('the query is disabled');
      return readPage(api, shown, pageParam, PAGE_SIZE);
    },
    enabled: shown !== null,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

/** Users who have left, as far as entries that were read name them, by id: no list of members has them. */
export function useThoseWhoLeft(): ReadonlyMap<string, Person> {
  const { orgId } = usePlace();
  const queryKey = ['audit-log', orgId];
  useIsFetching({ queryKey }); // renders again when entries were read
  const read = useQueryClient().getQueriesData<InfiniteData<Page>>({ queryKey });
  const pages = read.flatMap(([, data]) => data?.pages ?? []);
  return new Map(
    pages.flatMap(({ entries, people }) =>
      entries
        .flatMap((entry) => [entry.actor.user.uid, ownerOf(entry)])
        .flatMap((id) => {
          const person = people.get(id ?? '');
          return id && person?.hasLeft ? [[id, person] as const] : [];
        }),
    ),
  );
}

/** One page of entries, newest first, with the people they name. */
export async function readPage(
  api: Api,
  { filter, now, targetIds }: Shown,
  cursor: string | null,
  limit: number,
): Promise<Page> {
  const operations = filter.operations.length > 0 || filter.withReading ? filter.operations : CHANGES;
  const query = {
    ...periodOf(filter, now),
    limit,
    ...(cursor ? { cursor } : {}),
    ...(operations.length > 0 ? { operations: [...operations] as Operation[] } : {}),
    ...(filter.personId ? { actor_ls_user_ids: [filter.personId] } : {}),
    ...(filter.workspaceId ? { workspace_id: filter.workspaceId } : {}),
    ...(targetIds ? { resource_ids: [...targetIds] } : {}),
    ...(filter.address ? { client_hosts: [filter.address] } : {}),
  };
  const { items, cursor: next } = await dataOf(api.GET('/api/v1/audit-logs', { params: { query } }));
  return { entries: items, people: await readPeople(api, items, targetIds), next };
}

/** The names of all operations that the server can record. */
export function useOperations() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['audit-operations', orgId],
    queryFn: async () => (await dataOf(api.GET('/api/v1/audit-logs/operations'))).operations,
    staleTime: Infinity,
  });
}
