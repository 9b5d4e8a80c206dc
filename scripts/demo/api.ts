/** A refusal by the server; what was sent may hold a password and is not in the message. */
class Refused extends Error {}

/** The public API as one caller uses it. */
export class Api {
  private readonly url: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.url = url;
    this.headers = headers;
  }

  with = (headers: Record<string, string>) => new Api(this.url, { ...this.headers, ...headers });

  get = <Body>(path: string) => this.send<Body>('GET', path);
  post = <Body>(path: string, body?: unknown) => this.send<Body>('POST', path, body);
  patch = <Body>(path: string, body: unknown) => this.send<Body>('PATCH', path, body);
  delete = (path: string) => this.send<unknown>('DELETE', path);

  /** Whether the server refuses the request, which the demo wants for its audit log. */
  async isRefused(method: string, path: string, body: unknown): Promise<boolean> {
    return this.send(method, path, body).then(
      () => false,
      (error) => error instanceof Refused,
    );
  }

  /** @throws Refused */
  private async send<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...this.headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return (text === '' ? null : JSON.parse(text)) as Body;
  }
}
