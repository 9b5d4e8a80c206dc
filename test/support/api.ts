import { exchange } from './exchange.js';
import { oncePerWorker } from './once-per-worker.js';

const { validateResponse } = oncePerWorker('./contract.ts') as typeof import('./contract.js');

export type Reply = { status: number; headers: Headers; body: any }; // eslint-disable-line -- whatever the server said

/**
 * The identity of a request: a session token, a session cookie with the origin of our pages, or a key; and the
 * organization and workspace it names.
 */
export type As = {
  token?: string;
  cookie?: { value: string; origin: string };
  key?: string;
  orgId?: string;
  workspaceId?: string;
};

type Options = { headers?: Record<string, string>; raw?: string };

/** An HTTP client. Every response is validated against the description. */
export class Api {
  constructor(
    readonly url: string,
    private readonly identity: As = {},
  ) {}

  as(identity: As): Api {
    return new Api(this.url, { ...this.identity, ...identity });
  }

  /** The same caller at another server: a replica. */
  at(url: string): Api {
    return new Api(url, this.identity);
  }

  get = (path: string, options?: Options) => this.send('GET', path, undefined, options);
  post = (path: string, body?: unknown, options?: Options) => this.send('POST', path, body, options);
  put = (path: string, body?: unknown, options?: Options) => this.send('PUT', path, body, options);
  patch = (path: string, body?: unknown, options?: Options) => this.send('PATCH', path, body, options);
  delete = (path: string, options?: Options) => this.send('DELETE', path, undefined, options);

  async send(method: string, path: string, body: unknown, options: Options = {}): Promise<Reply> {
    const text = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await exchange(`${this.url}${path}`, {
      method,
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.credentials(),
        ...options.headers,
      },
      body: text,
    });
    const reply = { status: response.status, headers: response.headers, body: bodyOf(response) };
    validateResponse(method, path, reply);
    return reply;
  }

  private credentials(): Record<string, string> {
    const { token, cookie, key, orgId, workspaceId } = this.identity;
    return {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cookie ? { cookie: cookie.value, origin: cookie.origin } : {}),
      ...(key ? { 'x-api-key': key } : {}),
      ...(orgId ? { 'x-organization-id': orgId } : {}),
      ...(workspaceId ? { 'x-tenant-id': workspaceId } : {}),
    };
  }
}

function bodyOf({ headers, text }: { headers: Headers; text: string }): unknown {
  const isJson = /^application\/(?:problem\+)?json/.test(headers.get('content-type') ?? '');
  return isJson && text !== '' ? JSON.parse(text) : text;
}
