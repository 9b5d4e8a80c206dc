import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Api, dataOf, type Schemas } from '../api/client';
import { usePlace } from '../shell/use-workspaces';
import { periodOf, type Shown } from './use-filter';

export type Entry = Schemas['OCSFApiActivity'];
type Operation = Schemas['AuditLogOperation'];
type Member = Schemas['OrgMemberIdentity'];

/** E-mail addresses and names of users who are members today, by the id of the user. */
export type People = ReadonlyMap<string, Pick<Member, 'email' | 'full_name'>>;
export type Page = {
  readonly entries: readonly Entry[];
  readonly people: People;
  readonly next: string | null;
};

const PAGE_SIZE = 50;
/** The most that the server gives at once. */
export const LARGEST_PAGE = 100;

/**
 * Reads on where the previous page ended. The log is read again only on request: every first page that is read is an
 * entry of its own (docs/contract/audit.md).
 */
export function useAuditLog(shown: Shown) {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: ['audit-log', orgId, shown],
    queryFn: ({ pageParam }) => readPage(api, shown, pageParam, PAGE_SIZE),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

/** One page of entries, newest first, with the people they name. */
export async function readPage(
  api: Api,
  { filter, now }: Shown,
  cursor: string | null,
  limit: number,
): Promise<Page> {
  const query = {
    ...periodOf(filter, now),
    limit,
    ...(cursor ? { cursor } : {}),
    ...(filter.operations.length > 0 ? { operations: [...filter.operations] as Operation[] } : {}),
    ...(filter.personId ? { actor_ls_user_ids: [filter.personId] } : {}),
    ...(filter.workspaceId ? { workspace_id: filter.workspaceId } : {}),
  };
  const { items, cursor: next } = await dataOf(api.GET('/api/v1/audit-logs', { params: { query } }));
  return { entries: items, people: await readPeople(api, items), next };
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

async function readPeople(api: Api, entries: readonly Entry[]): Promise<People> {
  const ids = [...new Set(entries.flatMap(({ actor }) => actor.user.uid ?? []))];
  if (ids.length === 0) return new Map();
  const query = { user_ids: ids, limit: LARGEST_PAGE };
  const members = await dataOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } }));
  return new Map(members.map((member) => [member.user_id, member]));
}
