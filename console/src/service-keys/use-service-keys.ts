import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { expiryOf, type Lifetime } from '../common/expiry-select';
import { useChange } from '../common/use-change';
import { type Deletion, useEndedKeys } from '../created-credentials/use-ended-keys';
import { usePlace } from '../shell/use-workspaces';

export type ServiceKey = Schemas['APIKeyGetResponse'];

const PATH = '/api/v1/orgs/current/service-keys';
const key = (orgId: string) => ['service-keys', orgId];

/** All service keys of the organization, with those of its workspaces. */
export function useServiceKeys() {
  const { api, orgId } = usePlace();
  return useQuery({ queryKey: key(orgId), queryFn: () => dataOf(api.GET(PATH)) });
}

/** `workspaceIds`: null for the whole organization, where `roleId` is a role of the organization. */
export type NewKey = {
  readonly description: string;
  readonly workspaceIds: readonly string[] | null;
  readonly roleId: string;
  readonly days: Lifetime;
};

export function useCreateServiceKey() {
  const { api, orgId } = usePlace();
  return useChange(({ description, workspaceIds, roleId, days }: NewKey) => {
    const scope = workspaceIds ? { workspaces: [...workspaceIds], role_id: roleId } : { org_role_id: roleId };
    return dataOf(api.POST(PATH, { body: { description, expires_at: expiryOf(days), ...scope } }));
  }, key(orgId));
}

export function useDeleteServiceKey() {
  const { api } = usePlace();
  return useChange(
    ({ id, revokeCreated }: Deletion) =>
      dataOf(
        api.DELETE(`${PATH}/{api_key_id}`, {
          params: { path: { api_key_id: id }, query: { revoke_created: revokeCreated } },
        }),
      ),
    ...useEndedKeys(),
  );
}
