import { useQuery } from '@tanstack/react-query';
import { dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';

export type LogStream = Schemas['LogStream'];
export type LogStreamForm = Required<Schemas['CreateLogStreamRequest']>;

const PATH = '/api/v1/orgs/current/log-streams';
const ONE = `${PATH}/{log_stream_id}` as const;
/** More than an organization may have. */
const LIMIT = 100;
/** What happens in the background is shown soon. */
const REFRESH_MS = 5000;

const key = (orgId: string) => ['log-streams', orgId];
const at = (id: string) => ({ path: { log_stream_id: id } });

export function useLogStreams(isNeeded = true) {
  const { api, orgId } = usePlace();
  return useQuery({
    queryKey: key(orgId),
    queryFn: async () => (await dataOf(api.GET(PATH, { params: { query: { limit: LIMIT } } }))).items,
    enabled: isNeeded,
    refetchInterval: ({ state }) => (state.data ? REFRESH_MS : false),
  });
}

export function useCreateLogStream() {
  const { api, orgId } = usePlace();
  return useChange((form: LogStreamForm) => dataOf(api.POST(PATH, { body: form })), key(orgId));
}

type Change = { readonly id: string; readonly change: Schemas['UpdateLogStreamRequest'] };

export function useChangeLogStream() {
  const { api, orgId } = usePlace();
  return useChange(
    ({ id, change }: Change) => dataOf(api.PATCH(ONE, { params: at(id), body: change })),
    key(orgId),
  );
}

export function useDeleteLogStream() {
  const { api, orgId } = usePlace();
  return useChange((id: string) => dataOf(api.DELETE(ONE, { params: at(id) })), key(orgId));
}

export function useTestLogStream() {
  const { api, orgId } = usePlace();
  return useChange((id: string) => dataOf(api.POST(`${ONE}/test`, { params: at(id) })), key(orgId));
}
