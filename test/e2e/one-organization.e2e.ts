import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loggedDuring } from '../support/server-host.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const OPEN = { ORG_CREATION_DISABLED: 'false', PERSONAL_ORGS_DISABLED: 'false' };

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp(OPEN);
});
afterAll(() => t.close());

const organizations = async () =>
  (await t.sql<{ count: number }>('select count(*)::int as count from organizations'))[0]!.count;

describe('a password installation', () => {
  it.each([
    ['/api/v1/orgs', { display_name: 'Second', is_personal: false }],
    ['/api/v1/orgs', { display_name: 'Mine', is_personal: true }],
    ['/api/v1/tenants', { display_name: 'Second' }],
    ['/api/v1/tenants', { display_name: 'Mine', is_personal: true }],
    ['/api/v1/orgs', { display_name: 7 }],
    ['/api/v1/tenants', []],
  ])('returns 403 for POST %s %j from every caller, whatever the settings say', async (path, body) => {
    const { admin } = await t.fixtures.defaultOrg();
    const before = await organizations();

    for (const { api } of [admin, await t.fixtures.userWithoutOrg()])
      expect(await api.post(path, body)).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('one organization') },
      });

    expect(await organizations()).toBe(before);
  });

  it('creates no personal organization when the lists are read', async () => {
    const person = await t.fixtures.userWithoutOrg();
    const before = await organizations();

    for (const path of ['/api/v1/orgs', '/api/v1/tenants'])
      expect(await person.api.get(path)).toMatchObject({ status: 200, body: [] });

    expect(await organizations()).toBe(before);
  });

  it('reports in the instance flags that organizations cannot be created', async () => {
    expect((await t.api.get('/api/v1/info')).body.instance_flags).toMatchObject({
      org_creation_disabled: true,
      personal_orgs_disabled: true,
    });
  });

  it('logs no warning at the start with one organization and personal ones beside it', async () => {
    const personal = await t.fixtures.orgWithAdmin();
    await t.sql('update organizations set is_personal = true where id = $1', [personal.orgId]);

    expect(await warningsOfStart()).toEqual([]);
  });

  it('logs one warning at the start with several organizations', async () => {
    await t.fixtures.orgWithAdmin();

    expect(await warningsOfStart()).toEqual([expect.stringContaining('There are 2 organizations')]);
    expect(await warningsOfStart(SSO_ENVIRONMENT)).toEqual([]);
  });
});

it('lets the settings decide about new organizations with single sign-on', async () => {
  const sso = await startTestApp({ ...SSO_ENVIRONMENT, ...OPEN }, t.databaseUrl);
  try {
    const founder = await ssoStranger(sso);
    const body = { display_name: 'Second', is_personal: false };

    expect((await founder.api.post('/api/v1/orgs', body)).status).toBe(200);
    expect((await sso.api.get('/api/v1/info')).body.instance_flags).toMatchObject({
      org_creation_disabled: false,
      personal_orgs_disabled: false,
    });
  } finally {
    await sso.close();
  }
});

async function warningsOfStart(environment: Record<string, string> = {}): Promise<string[]> {
  const log = await loggedDuring(async () => {
    const replica = await startTestApp(environment, t.databaseUrl);
    await replica.close();
  });
  return log.split('\n').filter((line) => /There are \d+ organizations/.test(line));
}
