import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { useWorkspaceRoles } from '../roles/role-list';
import type { OrganizationInfo } from '../session/use-organization';
import { usePlace, useWorkspaces } from '../session/use-workspaces';

export type SsoSettings = Schemas['SSOProvider'];
type NewSettings = Schemas['SSOSettingsCreate'];

const key = (orgId: string) => ['sso-settings', orgId];

/** Null if the organization has none yet. */
export function useSsoSettings(orgId: string) {
  return useQuery({
    queryKey: key(orgId),
    queryFn: async () => (await dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/sso-settings')))[0] ?? null,
  });
}

/** What happens at a sign-in, by these settings and those of the organization, after whose changes it is read again. */
export function useSignInOutcomes(organization: OrganizationInfo) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...key(orgId), 'outcomes', organization],
    queryFn: () => dataOf(api.GET('/api/v1/orgs/current/sso-settings/sign-in-outcomes')),
    placeholderData: keepPreviousData,
  });
}

export function useSaveSsoSettings(settings: SsoSettings | null) {
  const { api, orgId } = usePlace();
  return useChange(
    (change: NewSettings) =>
      settings
        ? dataOf(
            api.PATCH('/api/v1/orgs/current/sso-settings/{id}', {
              params: { path: { id: settings.id } },
              body: change,
            }),
          )
        : dataOf(api.POST('/api/v1/orgs/current/sso-settings', { body: change })),
    key(orgId),
  );
}

export type FirstPlaces = { readonly workspaceIds: string[]; readonly roleId: string };

/**
 * Where people start who join at their first sign-in: as stored, else the oldest workspace as Editor
 * (docs/contract/organizations.md#defaults-for-new-members). Null while it is loaded.
 */
export function useFirstPlaces(orgId: string): FirstPlaces | null {
  const { data: settings } = useSsoSettings(orgId);
  const { data: workspaces } = useWorkspaces(orgId);
  const { data: roles } = useWorkspaceRoles(orgId);
  if (settings)
    return { workspaceIds: settings.default_workspace_ids, roleId: settings.default_workspace_role_id };
  if (settings === undefined || !workspaces || !roles) return null;
  const [oldest] = workspaces;
  const editor = roles.find(({ name }) => name === 'WORKSPACE_USER');
  return { workspaceIds: oldest ? [oldest.id] : [], roleId: editor?.id ?? '' };
}
