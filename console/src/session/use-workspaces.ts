import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { type Api, apiIn, dataOf, type Schemas } from '../api/client';

export type Workspace = Schemas['TenantForUser'];
export type WorkspaceName = Schemas['WorkspaceName'];

const NAMES = '/api/v1/workspaces/names';

/** The workspaces of an organization that the signed-in user may see, the oldest first. */
export const useWorkspaces = (orgId: string, isAsked = true) =>
  useQuery({
    queryKey: ['workspaces', orgId],
    queryFn: () => dataOf(apiIn({ orgId }).GET(NAMES)),
    enabled: isAsked,
  });

/** Those where the user has a permission. Organization Admins, for whom that is all, need not ask. */
export function useWorkspacesWith(permission: Schemas['authz_internal.Permission'], isAsked: boolean) {
  const { orgId } = usePlace();
  return useQuery({
    queryKey: ['workspaces', orgId, permission],
    queryFn: () => dataOf(apiIn({ orgId }).GET(NAMES, { params: { query: { permission } } })),
    enabled: isAsked,
  });
}

/** The organization and workspace of the current path, and the API client that acts in them. */
export function usePlace(): { orgId: string; workspaceId: string; api: Api } {
  const { orgId = '', workspaceId = '' } = useParams();
  return { orgId, workspaceId, api: apiIn({ orgId, workspaceId: workspaceId || undefined }) };
}

/** The workspace of the current path; undefined while it is loaded. */
export function useWorkspace(): Workspace | undefined {
  const { orgId, workspaceId } = usePlace();
  const { data } = useQuery({
    queryKey: ['workspaces', orgId, workspaceId],
    queryFn: () =>
      dataOf(
        apiIn({ orgId }).GET('/api/v1/workspaces/{workspace_id}', {
          params: { path: { workspace_id: workspaceId } },
        }),
      ),
  });
  return data;
}
