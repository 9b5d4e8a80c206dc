import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { GROUP, type Scim, scimOf } from '../support/scim.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { rowCounts } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** These grow with every request, refused or not. */
const RECORDS = ['audit_entries', 'audit_seals', 'rate_windows'];

let t: TestApp;
/** On the same database: organizations are created with single sign-on only. */
let sso: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
  org = await t.fixtures.defaultOrg();
  scim = await scimOf(org.admin.api);
});
afterAll(async () => {
  await sso.close();
  await t.close();
});

const INVISIBLE: [what: string, name: string][] = [
  ['a soft hyphen', 'Ro\u00adbot'],
  ['a zero-width space', 'Robot\u200b'],
  ['a right-to-left override', '\u202eRobot'],
  ['a tab', 'Ro\tbot'],
  ['an escape character', '\u001b[31mRobot'],
  ['a line separator', 'Robot\u2028Admin'],
  ['a Hangul filler', 'Robot\u3164'],
];

describe('a name with an invisible character', () => {
  const wishes = (name: string): [method: string, path: string, body: Record<string, unknown>][] => [
    ['POST', '/api/v1/service-accounts', { name }],
    ['POST', '/api/v1/workspaces', { display_name: name }],
    ['PATCH', `/api/v1/workspaces/${org.workspaceId}`, { display_name: name }],
    ['PATCH', '/api/v1/orgs/current/info', { display_name: name }],
    ['POST', '/api/v1/orgs/current/service-keys', { description: name }],
    ['PATCH', `/api/v1/orgs/current/service-keys/${org.orgId}`, { description: name }],
    ['POST', '/api/v1/orgs/current/personal-access-tokens', { description: name }],
    ['POST', '/api/v1/api-key', { description: name }],
    ['POST', '/api/v1/api-key/current', { description: name }],
    [
      'POST',
      '/api/v1/orgs/current/roles',
      { display_name: name, description: '', permissions: ['runs:read'] },
    ],
  ];

  it.each(INVISIBLE)('returns 422 on every route that names something: %s', async (_, name) => {
    const founder = await ssoStranger(sso);
    const before = await rowCounts(t.sql, RECORDS);

    for (const [method, path, body] of wishes(name)) {
      const { status, body: answer } = await org.admin.api.send(method, path, body);
      const [field] = Object.keys(body);
      expect([path, status, answer.detail]).toMatchObject([path, 422, [{ loc: ['body', field] }]]);
    }
    for (const [path, body] of [
      ['/api/v1/orgs', { display_name: name, is_personal: false }],
      ['/api/v1/tenants', { display_name: name }],
    ] as const)
      expect([path, (await founder.api.post(path, body)).status]).toEqual([path, 422]);
    const group = await scim.post('/Groups', { schemas: [GROUP], displayName: name });
    expect(group).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(await rowCounts(t.sql, RECORDS)).toEqual(before);
  });
});

describe('a SCIM group whose stored name has an invisible character', () => {
  it('keeps its name and accepts other changes, but no other such name', async () => {
    const { body } = await scim.post('/Groups', { schemas: [GROUP], displayName: 'Former' });
    await t.sql('update scim_groups set display_name = $1 where id = $2', ['Old\u200bname', body.id]);
    const path = `/Groups/${body.id}`;

    const changed = await scim.patch(path, [{ op: 'replace', path: 'externalId', value: 'old' }]);
    const replaced = await scim.put(path, { schemas: [GROUP], displayName: 'Old\u200bname' });
    const renamed = await scim.patch(path, [{ op: 'replace', path: 'displayName', value: 'New\u200bname' }]);

    expect([changed.status, replaced.status, renamed.status]).toEqual([204, 200, 400]);
  });
});

it('accepts names in other scripts and symbols without invisible characters', async () => {
  for (const name of ['Größe', '日本語', 'Ключ №1', '🚀', 'a\u00a0b'])
    expect((await org.admin.api.post('/api/v1/service-accounts', { name })).status).toBe(200);
});
