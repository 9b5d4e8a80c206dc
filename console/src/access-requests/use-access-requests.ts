import { useInfiniteQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useChange } from '../api/use-change';
import { usePlace } from '../session/use-workspaces';

export type AccessRequest = Schemas['AccessRequest'];
export type AccessTarget = Schemas['AccessTarget'];
export type Approval = Schemas['ApproveAccessRequest'];

const PATH = '/api/v1/orgs/current/access-requests';
const ONE = `${PATH}/{access_request_id}` as const;
const PAGE_SIZE = 50;

const requestsKey = (orgId: string) => ['access-requests', orgId];
const at = ({ id }: Pick<AccessRequest, 'id'>) => ({ params: { path: { access_request_id: id } } });

type Page<Row> = { items: Row[]; next_cursor: string | null };
type PageQuery = { limit: number; cursor?: string };

/** The organization decides, never the workspace of the path: most who ask are in none. */
function useApi() {
  const { orgId } = usePlace();
  return { orgId, api: apiIn({ orgId }) };
}

function useList<Row>(part: string, read: (query: PageQuery) => Promise<Page<Row>>) {
  const { orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: [...requestsKey(orgId), part],
    queryFn: ({ pageParam }) => read({ limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    staleTime: 0, // others ask and decide
  });
}

export function useAccessTargets() {
  const { api } = useApi();
  return useList('targets', (query) => dataOf(api.GET(`${PATH}/targets`, { params: { query } })));
}

const LISTS = { mine: { mine: true }, toDecide: { to_decide: true }, all: {} } as const;

/** Newest first. `all`: one's own, and those that one could grant. */
export function useAccessRequests(list: keyof typeof LISTS) {
  const { api } = useApi();
  return useList(list, (query) => dataOf(api.GET(PATH, { params: { query: { ...query, ...LISTS[list] } } })));
}

export function useAsk() {
  const { api, orgId } = useApi();
  return useChange(
    (body: Schemas['CreateAccessRequest']) => dataOf(api.POST(PATH, { body })),
    requestsKey(orgId),
  );
}

export function useWithdraw() {
  const { api, orgId } = useApi();
  return useChange((request: AccessRequest) => dataOf(api.DELETE(ONE, at(request))), requestsKey(orgId));
}

/** Members of workspaces and of user groups follow. */
export function useApprove(request: AccessRequest) {
  const { api, orgId } = useApi();
  return useChange(
    (body: Approval) => dataOf(api.POST(`${ONE}/approval`, { ...at(request), body })),
    requestsKey(orgId),
    ['workspace-members', request.workspace_id],
    ['user-groups', orgId],
  );
}

export function useDecline(request: AccessRequest) {
  const { api, orgId } = useApi();
  return useChange(
    (reason: string) => dataOf(api.POST(`${ONE}/decline`, { ...at(request), body: { reason } })),
    requestsKey(orgId),
  );
}
