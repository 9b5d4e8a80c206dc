import { useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { type Role, rolesKey } from './role-list';
import { usePlace } from '../session/use-workspaces';

export type Permission = Schemas['PermissionResponse'];
export type RoleForm = Schemas['UpdateRoleRequest'];

const PATH = '/api/v1/orgs/current/roles';

/** Every permission there is, as the server lists them. */
export const usePermissions = () =>
  useQuery({
    queryKey: ['permissions'],
    queryFn: () => dataOf(apiIn({}).GET('/api/v1/orgs/permissions')),
    staleTime: Infinity,
  });

/** Creates a role, or replaces all of one. */
export function useSaveRole(role: Role | null) {
  const { api, orgId } = usePlace();
  return useChange(
    (body: RoleForm) =>
      role
        ? dataOf(api.PATCH(`${PATH}/{role_id}`, { params: { path: { role_id: role.id } }, body }))
        : dataOf(api.POST(PATH, { body })),
    rolesKey(orgId),
  );
}

/** Refused with 409 while a member, an invitation, a key or a setting uses the role. */
export function useDeleteRole() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ id }: Role) => dataOf(api.DELETE(`${PATH}/{role_id}`, { params: { path: { role_id: id } } })),
    rolesKey(orgId),
  );
}

/** Who may assign the role from now on; members who have it keep it. */
export function useRestrictRole(role: Role) {
  const { api, orgId } = usePlace();
  return useChange(
    (isRestricted: boolean) =>
      dataOf(
        api.PUT(`${PATH}/{role_id}/restriction`, {
          params: { path: { role_id: role.id } },
          body: { is_restricted: isRestricted },
        }),
      ),
    rolesKey(orgId),
  );
}

/** System roles belong to no organization. */
export const isCustom = ({ organization_id: orgId }: Role) => !!orgId;
