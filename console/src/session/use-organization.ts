import { queryOptions, useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { SESSION_KEY } from './use-session';
import { usePlace } from './use-workspaces';

export type OrganizationInfo = Schemas['OrganizationInfo'];

/** Settings of an organization, and what the signed-in user may do there. */
export const organizationQuery = (orgId: string) =>
  queryOptions({ queryKey: ['organization', orgId], queryFn: organizationApi(orgId).read });

/** Reads and changes the settings. */
export const organizationApi = (orgId: string) => ({
  read: () => dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/info')),
  update: (change: Schemas['OrganizationUpdate']) =>
    dataOf(apiIn({ orgId }).PATCH('/api/v1/orgs/current/info', { body: change })),
});

/** Those of the organization of the current path. */
export const useOrganization = () => useQuery(organizationQuery(usePlace().orgId));

/** Whether to offer something; the server decides each request. */
export const useMay = (permission: string): boolean =>
  useOrganization().data?.permissions?.includes(permission) ?? false;

/** Whether to offer what only Organization Admins may do. */
export const useIsOrganizationAdmin = (): boolean =>
  useOrganization().data?.org_role_name === 'ORGANIZATION_ADMIN';

/** The default organization and the right to invite are shown in other places, too. */
export const CHANGED = [['organization'], ['workspaces'], SESSION_KEY];

export function useUpdateOrganization() {
  const { orgId } = usePlace();
  return useChange(organizationApi(orgId).update, ...CHANGED);
}
