import createClient, { type Middleware } from 'openapi-fetch';
import { type Fetch, withRetries } from './retries.js';
import type { Api, paths } from './schema.js';

type Token = string | (() => string | Promise<string>);

/** At most one of `apiKey` and `accessToken`; without either, a browser sends its session cookie to its own server. */
export type TenantryOptions = {
  /** Where the server is, for example `https://tenantry.example.com`. */
  readonly server: string;
  /** A service key or personal access token. */
  readonly apiKey?: string | undefined;
  /** The token of a session or of the identity provider. A function is asked before each request. */
  readonly accessToken?: Token | undefined;
  /** The organization in which requests act. Absent: that of the key, or the first of the user. */
  readonly organizationId?: string | null | undefined;
  /** The workspace in which requests act. Absent: the default one of the key. */
  readonly workspaceId?: string | null | undefined;
  /** How often a request is repeated that may be repeated. */
  readonly retries?: number;
  readonly fetch?: Fetch;
};

const RETRIES = 3;

/** The operations that a request with an `Idempotency-Key` does once, however often it is sent: all are POST. */
export const KEYED_OPERATIONS: ReadonlySet<string> = new Set([
  '/api/v1/api-key',
  '/api/v1/api-key/current',
  '/api/v1/orgs/current/members',
  '/api/v1/orgs/current/members/basic/batch',
  '/api/v1/orgs/current/members/batch',
  '/api/v1/orgs/current/personal-access-tokens',
  '/api/v1/orgs/current/personal-access-tokens/{pat_id}/rotate',
  '/api/v1/orgs/current/service-keys',
  '/api/v1/orgs/current/service-keys/{api_key_id}/rotate',
  '/api/v1/workspaces/current/members',
  '/api/v1/workspaces/current/members/batch',
  '/v1/platform/oauth/clients',
  '/v1/platform/oauth/clients/{id}/rotate-secret',
] satisfies (keyof paths)[]);

const takesKey = ({ method, url }: Request): boolean => {
  const given = new URL(url).pathname.split('/');
  return (
    method === 'POST' &&
    [...KEYED_OPERATIONS].some((operation) => isEndOf(given, operation.split('/').slice(1)))
  );
};

/** `operation` has `{name}` in the place of an id. */
const isEndOf = (path: string[], operation: string[]): boolean =>
  operation.every((part, index) => part.startsWith('{') || part === path.at(index - operation.length));

/**
 * A client of one server. Calls are those of openapi-fetch: `api.GET(path, { params, signal })`. Pass them to `dataOf`, which
 * returns the data or throws an `ApiError`.
 *
 * Nothing follows a redirect: the credential would go with it.
 */
export function createTenantry(options: TenantryOptions): Api {
  const { server, apiKey, accessToken, organizationId, workspaceId, retries = RETRIES } = options;
  if (apiKey && accessToken) throw new TypeError('give either apiKey or accessToken');
  const send = options.fetch ?? ((...given: Parameters<Fetch>) => globalThis.fetch(...given));
  const api = createClient<paths>({
    baseUrl: server,
    redirect: 'manual',
    fetch: unlessRedirected(withRetries(send, retries, takesKey)),
    headers: {
      'X-API-Key': apiKey,
      'X-Organization-Id': organizationId,
      'X-Tenant-Id': workspaceId,
    },
  });
  if (accessToken) api.use(authorize(accessToken));
  if (retries > 0) api.use(makeRepeatable);
  return api;
}

const authorize = (token: Token): Middleware => ({
  async onRequest({ request }) {
    const value = typeof token === 'string' ? token : await token();
    request.headers.set('Authorization', `Bearer ${value}`);
  },
});

const makeRepeatable: Middleware = {
  onRequest({ request }) {
    if (takesKey(request) && !request.headers.has('Idempotency-Key'))
      request.headers.set('Idempotency-Key', crypto.randomUUID());
  },
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A redirect is no answer of the API. In a browser, it does not say where it leads. */
const unlessRedirected =
  (fetch: Fetch): Fetch =>
  async (request) => {
    const response = await fetch(request);
    if (response.type !== 'opaqueredirect' && !REDIRECTS.has(response.status)) return response;
    await response.body?.cancel();
    const location = response.headers.get('location');
    const isKnown = location !== null && URL.canParse(location, request.url);
    const { origin, pathname } = new URL(isKnown ? location : '', request.url);
    const target = isKnown ? ` to ${origin}${pathname}` : '';
    throw new TypeError('fetch failed', {
      cause: new Error(`it answers with a redirect${target}, which is not followed`),
    });
  };
