import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';

export type Application = Schemas['OauthClient'];
export type ApplicationForm = Schemas['CreateOauthClientRequest'];

const PATH = '/v1/platform/oauth/clients';
const ONE = `${PATH}/{id}` as const;

const key = (orgId: string) => ['applications', orgId];
const at = (id: string) => ({ params: { path: { id } } });

/** Oldest first. */
export function useApplications() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: key(orgId),
    queryFn: async () => (await dataOf(api.GET(PATH))).clients,
  });
}

export function useCreateApplication() {
  const { api, orgId } = usePlace();
  return useChange((body: ApplicationForm) => dataOf(api.POST(PATH, { body })), key(orgId));
}

type Change = { readonly id: string; readonly change: Schemas['UpdateOauthClientRequest'] };

export function useChangeApplication() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ id, change }: Change) => dataOf(api.PATCH(ONE, { ...at(id), body: change })),
    key(orgId),
  );
}

export function useDeleteApplication() {
  const { api, orgId } = usePlace();
  return useChange((id: string) => dataOf(api.DELETE(ONE, at(id))), key(orgId));
}

export function useRotateSecret() {
  const { api, orgId } = usePlace();
  return useChange((id: string) => dataOf(api.POST(`${ONE}/rotate-secret`, at(id))), key(orgId));
}
