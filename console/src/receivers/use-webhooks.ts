import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';

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
const PAGE_SIZE = 50;
/** What happens in the background is shown soon. */
const REFRESH_MS = 5000;

const key = (orgId: string) => ['webhooks', orgId];
const at = (id: string) => ({ path: { webhook_id: id } });

export function useWebhooks(isNeeded = true) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...key(orgId), 'all'],
    queryFn: async () => (await dataOf(api.GET(PATH, { params: { query: { limit: LIMIT } } }))).items,
    enabled: isNeeded,
    refetchInterval: ({ state }) => (state.data ? REFRESH_MS : false),
  });
}

export function useWebhook(id: string) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: [...key(orgId), id],
    queryFn: () => dataOf(api.GET(ONE, { params: at(id) })),
    refetchInterval: ({ state }) => (state.data ? REFRESH_MS : false),
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

export function useTestWebhook(id: string) {
  const { api, orgId } = usePlace();
  return useChange(() => dataOf(api.POST(`${ONE}/test`, { params: at(id) })), key(orgId));
}

type Redelivery = { ids: string[] } | { from: string; to: string } | { failed: true };

/** Returns how many events are sent again. */
export function useRedeliver(id: string) {
  const { api, orgId } = usePlace();
  return useChange(async (which: Redelivery) => {
    const { count } = await dataOf(api.POST(`${ONE}/redeliver`, { params: at(id), body: which }));
    return count;
  }, key(orgId));
}

/** `missedSince`: what happened since then and until now is sent as well; null for nothing of that. */
export function useEnableWebhook(id: string) {
  const { api, orgId } = usePlace();
  return useChange(async (missedSince: string | null) => {
    const enabled = await dataOf(api.PATCH(ONE, { params: at(id), body: { is_enabled: true } }));
    if (missedSince === null) return 0;
    const period = { from: missedSince, to: enabled.updated_at };
    const { count } = await dataOf(api.POST(`${ONE}/redeliver`, { params: at(id), body: period }));
    return count;
  }, key(orgId));
}

export type AttemptFilter = { readonly onlyFailed: boolean; readonly eventId: string };
export type Attempt = Schemas['WebhookAttempt'];

/** Newest first. */
export function useAttempts(id: string, { onlyFailed, eventId }: AttemptFilter) {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: [...key(orgId), id, 'attempts', onlyFailed, eventId],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE_SIZE,
        ...(onlyFailed ? { failed: true } : {}),
        ...(eventId ? { event_id: eventId } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return dataOf(api.GET(`${ONE}/deliveries`, { params: { ...at(id), query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? REFRESH_MS : false),
  });
}
