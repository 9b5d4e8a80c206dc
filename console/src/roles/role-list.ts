import { useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { usePlace } from '../session/use-workspaces';

export type Role = Schemas['Role'];

/** The roles that members of a workspace can have, in the organization of the path or another one. */
export const useWorkspaceRoles = (orgId?: string) => useRoles('workspace', orgId);

/** The roles that members of an organization can have. */
export const useOrganizationRoles = () => useRoles('organization');

/** Those of both kinds, in one request for all three hooks. */
export const useAllRoles = () => useRoles(null);

export const rolesKey = (orgId: string) => ['roles', orgId];

function useRoles(scope: 'workspace' | 'organization' | null, other?: string) {
  const place = usePlace();
  const orgId = other ?? place.orgId;
  return useQuery({
    queryKey: rolesKey(orgId),
    queryFn: () => dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/roles')),
    select: (roles) => roles.filter((role) => scope === null || role.access_scope === scope),
  });
}
