import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { useEndedKeys } from '../keys/use-ended-keys';
import { usePlace } from '../session/use-workspaces';
import { type Filter, toQuery } from './use-filter';

export type Credential = Schemas['Credential'];
export type Selection = Pick<Schemas['RevokeCredentialsRequest'], 'ids' | 'filter'>;
export type Revocation = Schemas['RevokeCredentialsResponse'];

const PATH = '/api/v1/orgs/current/credentials';
const PAGE_SIZE = 50;
const key = (orgId: string) => ['credentials', orgId];

export function useCredentials(filter: Filter) {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: [...key(orgId), filter],
    queryFn: ({ pageParam }) => {
      const query = { ...toQuery(filter), limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) };
      return dataOf(api.GET(PATH, { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchOnWindowFocus: false, // each reading of tokens is an entry of the audit log
  });
}

/** What a revocation would do, as of now. */
export function useRevocationPreview(selection: Selection) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['credential-revocation', orgId, selection],
    queryFn: () => dataOf(api.POST(`${PATH}/revocation`, { body: { ...selection, dry_run: true } })),
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

/** Refused if it would revoke another number of credentials than the preview says. */
export function useRevoke(selection: Selection) {
  const { api, orgId } = usePlace();
  return useChange(
    (expectedCount: number) =>
      dataOf(
        api.POST(`${PATH}/revocation`, {
          body: { ...selection, dry_run: false, expected_count: expectedCount },
        }),
      ),
    key(orgId),
    ...useEndedKeys(),
  );
}
