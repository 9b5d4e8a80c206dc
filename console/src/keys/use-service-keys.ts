import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { expiryOf, type Lifetime } from './expiry-select';
import { useChange } from '../api/use-change';
import { type Deletion, useEndedKeys } from './use-ended-keys';
import { useIsOrganizationAdmin, useMay } from '../session/use-organization';
import { usePlace, useWorkspaces, useWorkspacesWith } from '../session/use-workspaces';

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

/** Neither the secret nor the expiry of a key can be changed. */
export function useChangeServiceKey() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ id, change }: { id: string; change: Schemas['APIKeyUpdateRequest'] }) =>
      dataOf(api.PATCH(`${PATH}/{api_key_id}`, { params: { path: { api_key_id: id } }, body: change })),
    key(orgId),
  );
}

/** Also if all of them have been deleted, so that it reaches nothing. */
export const isOfWorkspaces = ({ access_scope: scope }: ServiceKey): boolean => scope === 'workspace';

/** The workspaces that a key names; null if it reaches the organization, or if not all of them can be told by their names. */
export function useWorkspaceIdsOf() {
  const { orgId } = usePlace();
  const { data = [] } = useWorkspaces(orgId);
  return (serviceKey: ServiceKey): string[] | null => {
    if (!isOfWorkspaces(serviceKey)) return null;
    const found = (serviceKey.workspace_names ?? []).map((name) =>
      data.filter(({ display_name: label }) => label === name),
    );
    return found.every((named) => named.length === 1) ? found.flat().map(({ id }) => id) : null;
  };
}

/** Whether to offer a change (docs/contract/keys.md#changing-service-keys). */
export function useMayChangeKey() {
  const workspaceIdsOf = useWorkspaceIdsOf();
  const isAdmin = useIsOrganizationAdmin();
  const { data: held = [] } = useWorkspacesWith('workspaces:manage-keys', !isAdmin);
  const mayManage = useMay('organization:manage');
  return (serviceKey: ServiceKey): boolean => {
    if (!isOfWorkspaces(serviceKey)) return mayManage;
    const ids = workspaceIdsOf(serviceKey) ?? [];
    return isAdmin || (ids.length > 0 && ids.every((id) => held.some((workspace) => workspace.id === id)));
  };
}

/** Keys for the whole organization are rotated by its admins, as they create them. */
export function useMayRotateKey() {
  const mayChange = useMayChangeKey();
  const isAdmin = useIsOrganizationAdmin();
  return (serviceKey: ServiceKey): boolean => (isOfWorkspaces(serviceKey) ? mayChange(serviceKey) : isAdmin);
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
