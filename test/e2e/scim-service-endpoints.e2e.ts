import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { ENTERPRISE, listOf, Scim, scimError, scimOf, USER } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('the service of SCIM', () => {
  let t: TestApp;
  let org: OrgWithAdmin;
  let scim: Scim;
  beforeAll(async () => {
    t = await startTestApp();
    org = await t.fixtures.defaultOrg();
    scim = await scimOf(org.admin.api);
  });
  afterAll(() => t.close());

  describe('the SCIM service endpoints', () => {
    it('SCIM endpoints accept only a valid token, and return errors in the format of SCIM', async () => {
      const other = await scimOf(org.admin.api);
      const id = (await org.admin.api.get('/v1/platform/orgs/current/scim/tokens')).body[0].id;

      for (const token of ['nonsense', `lsv2_scim_${'a'.repeat(43)}`]) {
        const { status, headers, body } = await new (scim.constructor as typeof Scim)(t.url, token).get(
          '/Users',
        );
        expect({ status, body }).toMatchObject(scimError(401));
        expect(headers.get('www-authenticate')).toBe('Bearer realm="SCIM"'); // RFC 6750, section 3
      }
      expect((await other.get('/Users?count=0')).status).toBe(200);
      await org.admin.api.delete(`/v1/platform/orgs/current/scim/tokens/${id}`);
      expect((await other.get('/Users?count=0')).status).toBe(401);
      expect((await scim.get('/Users?count=0')).status).toBe(200);
    });

    it('SCIM requests record the last use of a token, and an expired token is refused', async () => {
      const expiring = await scimOf(org.admin.api);
      const replica = await startTestApp({}, t.databaseUrl);
      await new Scim(replica.url, expiring.token).get('/Users?count=0');
      await replica.close(); // shutdown writes what is still buffered
      const [used] = (await org.admin.api.get('/v1/platform/orgs/current/scim/tokens')).body;
      await t.sql(`update scim_tokens set expires_at = now() where id = $1`, [used.id]);

      expect(Date.now() - Date.parse(used.last_used_at)).toBeLessThan(60_000);
      expect((await expiring.get('/Users?count=0')).status).toBe(401);
    });

    it('SCIM endpoints describe the service in ServiceProviderConfig, ResourceTypes and Schemas', async () => {
      const config = await scim.get('/ServiceProviderConfig');
      const schemas = await scim.get('/Schemas');
      const one = await scim.get(`/Schemas/${ENTERPRISE}`);
      const types = await scim.get('/ResourceTypes');

      expect(config).toMatchObject({
        status: 200,
        body: {
          patch: { supported: true },
          bulk: { supported: true },
          pagination: { cursor: true, index: true, defaultPaginationMethod: 'index', maxPageSize: 1000 },
        },
      });
      expect(schemas.body).toMatchObject({ totalResults: 5, itemsPerPage: 5, startIndex: 1 });
      expect(one.body).toEqual(schemas.body.Resources.find(({ id }: { id: string }) => id === ENTERPRISE));
      expect(types.body.Resources).toMatchObject([{ id: 'User' }, { id: 'Group' }]);
      expect((await scim.get('/ResourceTypes/User')).body).toEqual(types.body.Resources[0]);
      expect(await scim.get('/Schemas/urn:unknown')).toMatchObject(scimError(404));
    });

    it.each(['/scim/v2//Users', '/scim/v2//Users/', '/scim/v2///Users?count=0'])(
      'SCIM endpoints accept a base URL that ends with a slash: %s',
      async (path) => {
        const response = await fetch(`${t.url}${path}`, {
          headers: { authorization: `Bearer ${scim.token}` },
        });

        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toContain('application/scim+json');
        expect((await fetch(`${t.url}${path}`)).headers.get('content-type')).toContain(
          'application/scim+json',
        );
      },
    );

    it('SCIM endpoints return every kind of error in the format of SCIM', async () => {
      const raw = (text: string, type = 'application/scim+json') =>
        scim.post('/Users', undefined, { raw: text, headers: { 'content-type': type } });

      expect(await scim.get('/Me')).toMatchObject(scimError(501));
      expect(await scim.post('/.search', {})).toMatchObject(scimError(501));
      expect(await scim.get('/Nothing')).toMatchObject(scimError(404));
      expect(await scim.get('/Users/%zz')).toMatchObject(scimError(404));
      for (const described of ['Schemas', `Schemas/${USER}`, 'ResourceTypes', 'ServiceProviderConfig'])
        expect(await scim.get(`/${described}${listOf('id eq "User"')}`)).toMatchObject(scimError(403));
      expect(await scim.put('/Users')).toMatchObject(scimError(405));
      expect(await raw('{"userName"')).toMatchObject(scimError(400, 'invalidSyntax'));
      expect(await raw('', 'application/json')).toMatchObject(scimError(400, 'invalidSyntax'));
      for (const type of ['text/csv', 'application/x-www-form-urlencoded', 'nonsense'])
        expect(await raw('a=b', type)).toMatchObject(scimError(415));
      expect(await raw(JSON.stringify({ userName: 'x'.repeat(1_100_000) }))).toMatchObject(scimError(413));
    });
  });
});

describe('the documentation that SCIM resources name', () => {
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
});
