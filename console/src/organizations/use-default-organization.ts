import { useQueries, useQuery } from '@tanstack/react-query';
import { apiIn, dataOf } from '../api/client';
import { useChange } from '../api/use-change';
import type { Organization } from '../session/use-session';
import { CHANGED, organizationQuery } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { organizationsTexts } from './texts';

export const useSetDefaultOrganization = () =>
  useChange(
    (orgId: string) => dataOf(apiIn({ orgId }).POST('/api/v1/orgs/current/set-default-sso-provision')),
    ...CHANGED,
  );

/** The switches of the installation. */
export const useInstanceFlags = () =>
  useQuery({
    queryKey: ['instance-flags'],
    queryFn: async () => (await dataOf(apiIn({}).GET('/api/v1/info'))).instance_flags ?? {},
  });

type DefaultChange = {
  /** The default organization, if the signed-in user is in it. */
  readonly current: Organization | undefined;
  /** Why they can make no organization the default one; null while it is loaded, or if they can. */
  readonly obstacle: string | null;
  /** Why not this one, or why that is not known; null if they can, undefined while it is loaded. */
  readonly obstacleOf: (organization: Organization) => string | Error | null | undefined;
};

/**
 * Who may choose another default organization: an admin of both (docs/contract/organizations.md#default-organization).
 * The role in an organization is asked for only if the one in the default organization suffices.
 */
export function useDefaultChange(
  all: readonly Organization[],
  shown: readonly Organization[],
): DefaultChange {
  const texts = usePageTexts(organizationsTexts);
  const current = all.find((organization) => organization.default_sso_provision);
  const inDefault = useQuery({ ...organizationQuery(current?.id ?? ''), enabled: current !== undefined });
  const isAdminOfDefault = isAdmin(inDefault.data);
  const asked = isAdminOfDefault ? shown.filter(({ is_personal: isPersonal }) => !isPersonal) : [];
  const inEach = useQueries({ queries: asked.map(({ id }) => organizationQuery(id)) });

  const obstacleOf = (organization: Organization) => {
    if (organization.is_personal) return texts.personal;
    const found = inEach[asked.indexOf(organization)];
    if (found?.error) return found.error;
    if (!found?.data) return undefined;
    return isAdmin(found.data) ? null : texts.noAdminHere;
  };
  if (!current) return { current, obstacle: texts.notInDefault, obstacleOf };
  const isRefused = inDefault.error ?? (inDefault.data && !isAdminOfDefault);
  return { current, obstacle: isRefused ? texts.noAdminOfDefault(current.display_name) : null, obstacleOf };
}

const isAdmin = (info: { org_role_name?: string | null } | undefined): boolean =>
  info?.org_role_name === 'ORGANIZATION_ADMIN';
