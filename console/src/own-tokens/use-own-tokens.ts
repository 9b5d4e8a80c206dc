import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { expiryOf, type Lifetime } from '../keys/expiry-select';
import { useChange } from '../api/use-change';
import { type Deletion, useEndedKeys } from '../keys/use-ended-keys';
import { usePlace } from '../session/use-workspaces';

export type Token = Schemas['APIKeyGetResponse'];

const PATH = '/api/v1/orgs/current/personal-access-tokens';
const key = (orgId: string) => ['own-tokens', orgId];

export function useOwnTokens() {
  const { api, orgId } = usePlace();
  return useQuery({ queryKey: key(orgId), queryFn: () => dataOf(api.GET(PATH)) });
}

type Wanted = { description: string; days: Lifetime };

export function useCreateToken() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ description, days }: Wanted) =>
      dataOf(api.POST(PATH, { body: { description, expires_at: expiryOf(days) } })),
    key(orgId),
  );
}

export function useDeleteToken() {
  const { api } = usePlace();
  return useChange(
    ({ id, revokeCreated }: Deletion) =>
      dataOf(
        api.DELETE(`${PATH}/{pat_id}`, {
          params: { path: { pat_id: id }, query: { revoke_created: revokeCreated } },
        }),
      ),
    ...useEndedKeys(),
  );
}
