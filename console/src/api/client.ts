import createClient, { type Client } from 'openapi-fetch';
import { apiUrl } from '../page-settings';
import { toApiError } from './api-error';
import type { components, paths } from './generated/schema';
import { nameUser } from './page-user';

export type Schemas = components['schemas'];
export type Api = Client<paths>;

/** The organization and workspace that a request acts in. */
export type Context = { readonly orgId?: string | undefined; readonly workspaceId?: string | undefined };

const clients = new Map<string, Api>();

/** The session cookie is the credential; the browser adds `Origin`, which changes need. */
export function apiIn({ orgId, workspaceId }: Context): Api {
  const key = `${orgId ?? ''} ${workspaceId ?? ''}`;
  const client = clients.get(key) ?? createApi({ orgId, workspaceId });
  clients.set(key, client);
  return client;
}

function createApi({ orgId, workspaceId }: Context): Api {
  const client = createClient<paths>({
    baseUrl: apiUrl,
    credentials: 'same-origin',
    headers: {
      ...(orgId ? { 'X-Organization-Id': orgId } : {}),
      ...(workspaceId ? { 'X-Tenant-Id': workspaceId } : {}),
    },
  });
  client.use(nameUser);
  return client;
}

type FetchResult<Data> = { data?: Data; error?: unknown; response: Response };

/**
 * The data of a response.
 *
 * @throws ApiError
 */
export async function dataOf<Data>(call: Promise<FetchResult<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw toApiError(response, error);
  return data as Data;
}

/** The rows of a page, and how many there are on all pages. */
export async function pageOf<Row>(
  call: Promise<FetchResult<Row[]>>,
): Promise<{ rows: Row[]; total: number }> {
  const { data, error, response } = await call;
  if (!response.ok) throw toApiError(response, error);
  const rows = data ?? [];
  return { rows, total: Number(response.headers.get('x-pagination-total') ?? rows.length) };
}
