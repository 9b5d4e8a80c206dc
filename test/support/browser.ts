import { exchange } from './exchange.js';
import { oncePerWorker } from './once-per-worker.js';

const { assertDeclared } = oncePerWorker('./contract.ts') as typeof import('./contract.js');

/** One response, before any redirect is followed. */
export type Page = { url: string; status: number; headers: Headers; body: string; location: string | null };

type Sent = { form?: Record<string, string>; headers?: Record<string, string> };

/** Keeps cookies per origin and follows redirects one by one, so that a test can stop at any of them. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  async open(url: string, { form, headers = {} }: Sent = {}): Promise<Page> {
    const { origin } = new URL(url);
    const method = form ? 'POST' : 'GET';
    const response = await exchange(url, {
      method,
      headers: {
        accept: 'text/html,*/*;q=0.8',
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...this.cookieHeader(origin),
        ...headers,
      },
      body: form && String(new URLSearchParams(form)),
    });
    if (response.headers.has('x-error-code')) assertDeclared(method, new URL(url).pathname, response);
    this.keepCookies(origin, response.headers);
    const location = response.headers.get('location');
    const { status, text: body } = response;
    return {
      url,
      status,
      headers: response.headers,
      body,
      location: location && new URL(location, url).href,
    };
  }

  /** Follows redirects until there is none, or until `isThere` returns true for a page. */
  async follow(page: Page, isThere: (page: Page) => boolean = () => false): Promise<Page> {
    let current = page;
    for (let hops = 0; current.location && !isThere(current); hops++) {
      if (hops > 15) throw new Error(`redirects go in circles: ${current.location}`);
      current = await this.open(current.location);
    }
    return current;
  }

  /** The cookies for this address, by name. */
  cookies(url: string): Record<string, string> {
    return Object.fromEntries(this.jars.get(new URL(url).origin) ?? []);
  }

  setCookie(url: string, name: string, value: string): void {
    this.jar(new URL(url).origin).set(name, value);
  }

  /** The cookie header that this browser would send to `url`. */
  cookieHeader(url: string): Record<string, string> {
    const cookie = Object.entries(this.cookies(url)).map(([name, value]) => `${name}=${value}`);
    return cookie.length > 0 ? { cookie: cookie.join('; ') } : {};
  }

  private keepCookies(origin: string, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      const isGone = value === '' || /;\s*max-age=0\b/i.test(line) || /expires=thu, 01 jan 1970/i.test(line);
      if (isGone) this.jar(origin).delete(name!);
      else this.jar(origin).set(name!, value!);
    }
  }

  private jar(origin: string): Map<string, string> {
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    return jar;
  }
}
