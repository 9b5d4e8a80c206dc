import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';
import { expiryOf, type Lifetime } from './expiry-select';

export type ScimToken = Schemas['scim.ScimTokenResponse'];

const TOKENS = '/v1/platform/orgs/current/scim/tokens';
const scimTokensKey = (orgId: string) => ['scim-tokens', orgId];

export function useScimTokens(isAsked = true) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: scimTokensKey(orgId),
    queryFn: () => dataOf(api.GET(TOKENS)),
    enabled: isAsked,
  });
}

export function useCreateScimToken() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ description, days }: { description: string; days: Lifetime }) =>
      dataOf(api.POST(TOKENS, { body: { description, expires_at: expiryOf(days) } })),
    scimTokensKey(orgId),
  );
}

export function useDescribeScimToken() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ id, description }: { id: string; description: string }) =>
      dataOf(
        api.PATCH(`${TOKENS}/{scim_token_id}`, {
          params: { path: { scim_token_id: id } },
          body: { description },
        }),
      ),
    scimTokensKey(orgId),
  );
}

export function useDeleteScimToken() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ id = '' }: ScimToken) =>
      dataOf(api.DELETE(`${TOKENS}/{scim_token_id}`, { params: { path: { scim_token_id: id } } })),
    scimTokensKey(orgId),
  );
}
