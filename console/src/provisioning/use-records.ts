import { useInfiniteQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { usePlace } from '../session/use-workspaces';

export type UserRecord = Schemas['ScimUserRecord'];
export type GroupRecord = Schemas['ScimGroupRecord'];

const paging = {
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor: next }: { next_cursor: string | null }) => next,
};

/** The people of the identity provider, those that were changed last first. */
export function useUserRecords() {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: ['scim-users', orgId],
    queryFn: ({ pageParam }) =>
      dataOf(api.GET('/api/v1/orgs/current/scim/users', { params: { query: queryOf(pageParam) } })),
    ...paging,
  });
}

/** Its groups, the newest first. */
export function useGroupRecords() {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: ['scim-groups', orgId],
    queryFn: ({ pageParam }) =>
      dataOf(api.GET('/api/v1/orgs/current/scim/groups', { params: { query: queryOf(pageParam) } })),
    ...paging,
  });
}

const queryOf = (cursor: string | null) => ({ limit: 10, ...(cursor === null ? {} : { cursor }) });
