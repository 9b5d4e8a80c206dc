import { useMutation, useQuery } from '@tanstack/react-query';
import { apiIn, dataOf } from '../api/client';

/** For what an application gets access; null for no default workspace. */
export type Place = { readonly orgId: string; readonly workspaceId: string | null };

/** As OAuth has it; the description of the API leaves the parameters to the standards. */
const form = (parameters: URLSearchParams) => ({
  body: parameters as never,
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
});

/** `search`: the query of the authorization request. */
export const useConsentRequest = (search: string) =>
  useQuery({
    queryKey: ['consent-request', search],
    queryFn: () =>
      dataOf(apiIn({}).GET('/api/v1/oauth/authorize/request', { querySerializer: () => search })),
    staleTime: Infinity,
  });

/** Returns where the browser is sent. */
export const useApprove = (search: string) =>
  useMutation({
    mutationFn: (place: Place) => {
      const parameters = withPlace(place, new URLSearchParams(search));
      return dataOf(apiIn(inOrg(place)).POST('/api/v1/oauth/authorize/approve', form(parameters)));
    },
  });

/** Asks who waits with a code that a person has typed or compared. */
export const useFindDevice = () =>
  useMutation({
    mutationFn: (userCode: string) =>
      dataOf(
        apiIn({}).POST('/api/v1/oauth/device/request', form(new URLSearchParams({ user_code: userCode }))),
      ),
  });

export const useDecideDevice = (userCode: string) =>
  useMutation({
    mutationFn: ({ action, place }: { action: 'approve' | 'deny'; place: Place }) => {
      const parameters = withPlace(place, new URLSearchParams({ user_code: userCode, action }));
      return dataOf(apiIn(inOrg(place)).POST('/api/v1/oauth/device/authorize', form(parameters)));
    },
  });

const inOrg = ({ orgId }: Place) => ({ orgId });

/** What the application has sent of that name does not count. */
function withPlace({ orgId, workspaceId }: Place, parameters: URLSearchParams): URLSearchParams {
  parameters.set('organization_id', orgId);
  parameters.set('workspace_id', workspaceId ?? '');
  return parameters;
}
