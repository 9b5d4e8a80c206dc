import { useInfiniteQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { membersKey } from '../organization-members/use-organization-members';
import { CHANGED, organizationApi } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';

export type SwitchEffect = Schemas['ScimRolesPreviewUser'];

/** Whose roles change when the roles of the identity provider are switched on or off; nothing is changed. */
export function useSwitchEffects(areEnabled: boolean) {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: ['scim-roles-preview', orgId, areEnabled],
    queryFn: ({ pageParam: cursor }) =>
      dataOf(
        api.POST('/api/v1/orgs/current/scim-roles/preview', {
          body: { scim_roles_enabled: areEnabled, limit: 10, ...(cursor === null ? {} : { cursor }) },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    gcTime: 0, // asked again when the dialog is opened again
  });
}

export function useSwitchScimRoles() {
  const { orgId } = usePlace();
  return useChange(
    (areEnabled: boolean) => organizationApi(orgId).update({ scim_roles_enabled: areEnabled }),
    ...CHANGED,
    ['scim-users', orgId],
    membersKey(orgId),
  );
}
