import { useMutation, useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { LARGEST_PAGE, readPage } from '../audit-log/use-audit-log';
import { DEFAULT_FILTER } from '../audit-log/use-filter';
import { usePlace } from '../session/use-workspaces';

export type GroupsPreview = Schemas['ScimGroupsPreviewResponse'];

/** What groups with these names would grant, each and together; nothing is changed. */
export function usePreviewGroups() {
  const { api } = usePlace();
  return useMutation({
    mutationFn: (names: string[]) =>
      dataOf(api.POST('/v1/platform/orgs/current/scim/groups/preview', { body: { names } })),
  });
}

const OPERATIONS = ['create', 'update', 'delete'].flatMap((verb) => [
  `${verb}_scim_user`,
  `${verb}_scim_group`,
]);

/** The latest changes that an identity provider made, of the last 30 days. */
export function useLatestChanges() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['scim-changes', orgId],
    queryFn: () => {
      const filter = { ...DEFAULT_FILTER, period: '30', operations: OPERATIONS } as const;
      return readPage(api, { filter, now: Date.now(), targetIds: null }, null, LARGEST_PAGE);
    },
    staleTime: Infinity, // every reading is an entry of the audit log
    refetchOnWindowFocus: false,
  });
}

export const changesQuery = `?period=30&${OPERATIONS.map((name) => `operation=${name}`).join('&')}`;
