import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { dataOf } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace, type Workspace } from '../session/use-workspaces';

const PATH = '/api/v1/workspaces';
const at = (id: string) => ({ params: { path: { workspace_id: id } } });

/** Some of the workspaces that the signed-in user may see, with the numbers of people in each. */
export function useCountedWorkspaces(ids: string[]) {
  const { api, orgId } = usePlace();
  const query = { include_counts: true, workspace_ids: ids };
  return useQuery({
    queryKey: ['workspaces', orgId, 'counted', ids],
    queryFn: () => (ids.length > 0 ? dataOf(api.GET(PATH, { params: { query } })) : []),
    placeholderData: keepPreviousData,
    staleTime: 0, // people were added on other pages
  });
}

export type Name = { readonly name: string };

export function useWorkspaceActions() {
  const { api, orgId } = usePlace();
  const changed = [
    ['workspaces', orgId],
    ['organization', orgId], // says whether more workspaces may be created
  ];
  return {
    create: useChange(
      ({ name }: Name) => dataOf(api.POST(PATH, { body: { display_name: name } })),
      ...changed,
    ),
    rename: useChange(
      ({ id, name }: Name & Pick<Workspace, 'id'>) =>
        dataOf(api.PATCH(`${PATH}/{workspace_id}`, { ...at(id), body: { display_name: name } })),
      ...changed,
    ),
    setRequestable: useChange(
      ({ id, requestable }: Pick<Workspace, 'id'> & { requestable: boolean }) =>
        dataOf(api.PATCH(`${PATH}/{workspace_id}`, { ...at(id), body: { requestable } })),
      ...changed,
      ['access-requests', orgId],
    ),
    remove: useChange(
      ({ id }: Pick<Workspace, 'id'>) => dataOf(api.DELETE(`${PATH}/{workspace_id}`, at(id))),
      ...changed,
      ['service-keys', orgId],
    ),
  };
}

/** The service keys that stop working with the workspace: they reach no other one. */
export function useKeysOnlyFor(workspaceId: string) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: ['service-keys', orgId, 'of', workspaceId],
    queryFn: () =>
      dataOf(
        api.GET('/api/v1/orgs/current/service-keys', {
          params: { query: { workspace_ids: [workspaceId] } },
        }),
      ),
    select: (keys) => keys.filter(({ workspace_names: names }) => names?.length === 1),
  });
}
