import { setTimeout as pause } from 'node:timers/promises';

const MOST_ATTEMPTS = 5;
const TIMEOUT_MS = 60_000;

/** A server, and the credential of an organization's admin at it. */
export type Credentials = {
  readonly url: string;
  readonly key: string;
  readonly organizationId?: string | undefined;
};

/** A request that a server refused; the message is for the operator and holds no credential. */
export class Refused extends Error {}

/** The published API of one server. Requests wait when the server limits their rate. */
export class Api {
  private readonly credentials: Credentials;
  private readonly workspaceId: string | undefined;

  constructor(credentials: Credentials, workspaceId?: string) {
    this.credentials = credentials;
    this.workspaceId = workspaceId;
  }

  /** The same caller in a workspace. */
  in(workspaceId: string): Api {
    return new Api(this.credentials, workspaceId);
  }

  get = <Body>(path: string) => this.send<Body>('GET', path);
  post = <Body>(path: string, body: unknown) => this.send<Body>('POST', path, body);

  /** @throws Refused */
  private async send<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const url = `${this.credentials.url.replace(/\/$/, '')}${path}`;
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url, {
        method,
        headers: { ...this.headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.ok) return (await response.json()) as Body;
      if (response.status !== 429 || attempt === MOST_ATTEMPTS)
        throw new Refused(`${method} ${url}: ${response.status} ${(await response.text()).slice(0, 500)}`);
      await response.body?.cancel();
      await pause(1000 * (Number(response.headers.get('retry-after')) || 10));
    }
  }

  private headers(): Record<string, string> {
    const { key, organizationId } = this.credentials;
    return {
      'x-api-key': key,
      ...(organizationId === undefined ? {} : { 'x-organization-id': organizationId }),
      ...(this.workspaceId === undefined ? {} : { 'x-tenant-id': this.workspaceId }),
    };
  }
}
