import { type Api, ApiError, createTenantry } from '@tenantry/client';
import { apiUrl } from '../page/page-settings';
import { nameUser } from './page-user';

export { type Api, dataOf, pageOf, type Schemas } from '@tenantry/client';

/** The organization and workspace that a request acts in. */
export type Context = { readonly orgId?: string | undefined; readonly workspaceId?: string | undefined };

const clients = new Map<string, Api>();

/**
 * The session cookie is the credential; the browser adds `Origin`, which changes need. What may be repeated is repeated by
 * TanStack Query.
 */
export function apiIn({ orgId, workspaceId }: Context): Api {
  const key = `${orgId ?? ''} ${workspaceId ?? ''}`;
  const client = clients.get(key) ?? createApi({ orgId, workspaceId });
  clients.set(key, client);
  return client;
}

function createApi({ orgId, workspaceId }: Context): Api {
  const client = createTenantry({ server: apiUrl, organizationId: orgId, workspaceId, retries: 0 });
  client.use(nameUser);
  return client;
}

/** Whether no server has answered, or one without its database. */
export const isUnreachable = (error: Error): boolean =>
  !(error instanceof ApiError) ||
  (error.status >= 502 && (error.code === '' || error.code === 'database_unavailable'));

/** Whether the same request would get the same response again. */
export const isFinal = (error: Error) =>
  error instanceof ApiError && error.status < 500 && error.status !== 429;
