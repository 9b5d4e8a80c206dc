import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../common/use-change';
import { usePlace } from '../shell/use-workspaces';

export type Webhook = Schemas['Webhook'];
export type WebhookForm = {
  readonly url: string;
  readonly description: string;
  /** Null for all. */
  readonly types: Schemas['CreateWebhookRequest']['types'];
};

const PATH = '/api/v1/orgs/current/webhooks';
const ONE = `${PATH}/{webhook_id}` as const;
/** More than an organization may have. */
const LIMIT = 100;
/** What happens in the background is shown soon. */
const REFRESH_MS = 5000;

const key = (orgId: string) => ['webhooks', orgId];
const at = (id: string) => ({ path: { webhook_id: id } });

export function useWebhooks() {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...key(orgId), 'all'],
    queryFn: async () => (await dataOf(api.GET(PATH, { params: { query: { limit: LIMIT } } }))).items,
    refetchInterval: REFRESH_MS,
  });
}

export function useWebhook(id: string) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...key(orgId), id],
    queryFn: () => dataOf(api.GET(ONE, { params: at(id) })),
    refetchInterval: ({ state }) => (state.error ? false : REFRESH_MS),
  });
}

export function useCreateWebhook() {
  const { api, orgId } = usePlace();
  return useChange((form: WebhookForm) => dataOf(api.POST(PATH, { body: { ...form } })), key(orgId));
}

export function useChangeWebhook(id: string) {
  const { api, orgId } = usePlace();
  return useChange(
    (change: Schemas['UpdateWebhookRequest']) => dataOf(api.PATCH(ONE, { params: at(id), body: change })),
    key(orgId),
  );
}

export function useDeleteWebhook() {
  const { api, orgId } = usePlace();
  return useChange((id: string) => dataOf(api.DELETE(ONE, { params: at(id) })), [...key(orgId), 'all']);
}
