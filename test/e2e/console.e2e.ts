import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange } from '../support/exchange.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

describe('the start page', () => {
  const open = (accept: string) => exchange(`${t.url}/`, { method: 'GET', headers: { accept } });

  it('sends browsers to the console', async () => {
    const response = await open('text/html,*/*;q=0.8');

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/console/');
  });

  it('names the console and the reference to other clients', async () => {
    const response = await open('application/json');

    expect(response.status).toBe(200);
    expect(JSON.parse(response.text)).toEqual({ docs: '/docs', console: '/console/' });
  });
});

describe('the files of the console', () => {
  const get = (path: string) =>
    exchange(`${t.url}${path}`, { method: 'GET', headers: { accept: 'text/html' } });

  it('serves the page below /console/ with a strict Content Security Policy', async () => {
    for (const path of ['/console', '/console/', '/console/organizations/1/workspaces/2/members']) {
      const { status, headers, text } = await get(path);

      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toContain('<base href="/console/" />');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('gives every page a nonce of its own', async () => {
    const nonceOf = async () => /name="nonce" content="([^"]+)"/.exec((await get('/console/')).text)?.[1];

    const [one, other] = [await nonceOf(), await nonceOf()];

    expect(one).toMatch(/^.{24}$/);
    expect(one).not.toBe(other);
  });

  it('lets browsers keep the assets, whose names change with their content', async () => {
    const { text } = await get('/console/');
    const script = /src="\.(\/assets\/[^"]+\.js)"/.exec(text)?.[1];

    const { status, headers } = await get(`/console${script}`);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('returns 404 for an asset that does not exist and for unknown paths elsewhere', async () => {
    for (const path of ['/console/assets/none.js', '/console/assets/..%2findex.html', '/consoles']) {
      const { status, headers, text } = await get(path);

      expect([path, status, headers.get('x-error-code')]).toEqual([path, 404, 'route_not_found']);
      expect(JSON.parse(text)).toEqual({ detail: 'Not Found' });
    }
  });

  it('is off with CONSOLE_ENABLED=false, and browsers are sent to the reference', async () => {
    const without = await startTestApp({ CONSOLE_ENABLED: 'false' });
    try {
      const start = await exchange(`${without.url}/`, { method: 'GET', headers: { accept: 'text/html' } });
      expect([start.status, start.headers.get('location')]).toEqual([302, '/docs']);
      expect((await exchange(`${without.url}/console/`, { method: 'GET' })).status).toBe(404);
    } finally {
      await without.close();
    }
  });
});
