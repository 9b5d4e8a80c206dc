import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { type Api, apiIn, dataOf, type Schemas } from '../api/client';

export type Workspace = Schemas['TenantForUser'];

const workspacesKey = (orgId: string) => ['workspaces', orgId];

/** The workspaces of an organization that the signed-in user may see. */
export const useWorkspaces = (orgId: string) =>
  useQuery({
    queryKey: workspacesKey(orgId),
    queryFn: () => dataOf(apiIn({ orgId }).GET('/api/v1/workspaces')),
  });

/** The organization and workspace of the current path, and the API client that acts in them. */
export function usePlace(): { orgId: string; workspaceId: string; api: Api } {
  const { orgId = '', workspaceId = '' } = useParams();
  return { orgId, workspaceId, api: apiIn({ orgId, workspaceId: workspaceId || undefined }) };
}

/** The workspace of the current path; undefined while it is loaded. */
export function useWorkspace(): Workspace | undefined {
  const { orgId, workspaceId } = usePlace();
  return useWorkspaces(orgId).data?.find(({ id }) => id === workspaceId);
}
