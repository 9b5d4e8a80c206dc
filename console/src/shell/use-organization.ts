import { useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useChange } from '../common/use-change';
import { SESSION_KEY } from '../session/use-session';
import { usePlace } from './use-workspaces';

export type OrganizationInfo = Schemas['OrganizationInfo'];

const infoKey = (orgId: string) => ['organization', orgId];

/** Settings of the organization of the current path, and what the signed-in user may do there. */
export function useOrganization() {
  const { orgId } = usePlace();
  return useQuery({
    queryKey: infoKey(orgId),
    queryFn: () => dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/info')),
  });
}

/** Whether to offer something; the server decides each request. */
export const useMay = (permission: string): boolean =>
  useOrganization().data?.permissions?.includes(permission) ?? false;

/** The default organization and the right to invite are shown in other places, too. */
const CHANGED = [['organization'], ['workspaces'], SESSION_KEY];

export function useUpdateOrganization() {
  const { orgId } = usePlace();
  return useChange(
    (change: Schemas['OrganizationUpdate']) =>
      dataOf(apiIn({ orgId }).PATCH('/api/v1/orgs/current/info', { body: change })),
    ...CHANGED,
  );
}

export function useSetDefaultOrganization() {
  const { orgId } = usePlace();
  return useChange(
    () => dataOf(apiIn({ orgId }).POST('/api/v1/orgs/current/set-default-sso-provision')),
    ...CHANGED,
  );
}
