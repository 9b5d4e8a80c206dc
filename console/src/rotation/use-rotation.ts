import { type Api, dataOf } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';

export type RotatedKind = 'key' | 'token' | 'scimToken' | 'webhook';

/** `secretEndsAt`: when the old secret ends; null if it has ended. */
type Rotated = { readonly secret: string; readonly secretEndsAt: string | null };

type Request = (api: Api, id: string, overlapHours: number) => Promise<Rotated>;

const REQUESTS: Record<RotatedKind, Request> = {
  key: async (api, id, overlapHours) => {
    const path = '/api/v1/orgs/current/service-keys/{api_key_id}/rotate';
    const params = { path: { api_key_id: id } };
    const rotated = await dataOf(api.POST(path, { params, body: { overlap_hours: overlapHours } }));
    return { secret: rotated.key, secretEndsAt: rotated.previous_secret_ends_at ?? null };
  },
  token: async (api, id, overlapHours) => {
    const path = '/api/v1/orgs/current/personal-access-tokens/{pat_id}/rotate';
    const params = { path: { pat_id: id } };
    const rotated = await dataOf(api.POST(path, { params, body: { overlap_hours: overlapHours } }));
    return { secret: rotated.key, secretEndsAt: rotated.previous_secret_ends_at ?? null };
  },
  scimToken: async (api, id, overlapHours) => {
    const path = '/v1/platform/orgs/current/scim/tokens/{scim_token_id}/rotate';
    const params = { path: { scim_token_id: id } };
    const rotated = await dataOf(api.POST(path, { params, body: { overlap_hours: overlapHours } }));
    return { secret: rotated.token ?? '', secretEndsAt: rotated.previous_secret_ends_at ?? null };
  },
  webhook: async (api, id, overlapHours) => {
    const path = '/api/v1/orgs/current/webhooks/{webhook_id}/rotate-secret';
    const params = { path: { webhook_id: id } };
    const rotated = await dataOf(api.POST(path, { params, body: { overlap_hours: overlapHours } }));
    return { secret: rotated.secret, secretEndsAt: rotated.previous_secret_expires_at };
  },
};

const LISTS: Record<RotatedKind, string> = {
  key: 'service-keys',
  token: 'own-tokens',
  scimToken: 'scim-tokens',
  webhook: 'webhooks',
};

/** Replaces the secret of a key or token (docs/contract/keys.md#rotating-keys-and-tokens). */
export function useRotation(kind: RotatedKind) {
  const { api, orgId } = usePlace();
  return useChange(
    ({ id, overlapHours }: { id: string; overlapHours: number }) => REQUESTS[kind](api, id, overlapHours),
    [LISTS[kind], orgId],
  );
}
