import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Scim, scimOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  scim = await scimOf((await t.fixtures.orgWithAdmin()).admin.api);
});
afterAll(() => t.close());

it('serves the page that documentationUri names without a token, as plain text', async () => {
  const { documentationUri } = (await scim.get('/ServiceProviderConfig')).body;

  const page = await fetch(documentationUri);

  expect(documentationUri).toBe(`${t.url}/scim/v2/docs`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await page.text()).toBe(readFileSync('docs/scim.md', 'utf8'));
});

it('names the page by the public URL of the installation', async () => {
  const behindProxy = await startTestApp({ LANGSMITH_URL: 'https://example.com/base' }, t.databaseUrl);
  const { body } = await new Scim(behindProxy.url, scim.token).get('/ServiceProviderConfig');
  await behindProxy.close();

  expect(body.documentationUri).toBe('https://example.com/base/scim/v2/docs');
});

it.each(['Microsoft Entra ID', 'Okta', 'Google', 'OneLogin', 'Ping', 'JumpCloud', 'Keycloak', 'authentik'])(
  'documents the identity provider %s with its sources and limits',
  async (provider) => {
    const text = await (await fetch(`${t.url}/scim/v2/docs`)).text();
    const section = text.split('\n## ').find((part) => part.startsWith(provider));

    expect(section).toMatch(/^Sources?: /m);
    expect(section).toContain('externalId');
    expect(section).toMatch(/^Limits: |What works instead/m);
  },
);
