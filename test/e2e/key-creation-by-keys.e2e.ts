import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import type { Api } from '../support/api.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

const INFO = '/api/v1/orgs/current/info';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const KEYS = '/api/v1/orgs/current/service-keys';
const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
const CREATION = [TOKENS, KEYS, '/api/v1/api-key', '/api/v1/api-key/current'];
const SETTING = 'api_key_creation_from_api_keys_enabled';

let t: TestApp;
let org: OrgWithAdmin;
let token: Api;
let key: Api;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  const made = async (path: string, wish: object) =>
    (await org.admin.api.post(path, wish)).body.key as string;
  token = t.api.as({ key: await made(TOKENS, {}) });
  key = t.api.as({ key: await made(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') }) });
});

const inWorkspace = (api: Api) => api.as({ workspaceId: org.workspaceId });
const set = (value: unknown, api = org.admin.api) => api.patch(INFO, { [SETTING]: value });
const count = () => t.sql('select from api_keys where org_id = $1', [org.orgId]).then((rows) => rows.length);

describe('the setting api_key_creation_from_api_keys_enabled', () => {
  it('is true in every response about an organization until it is changed', async () => {
    const settings = async () =>
      Promise.all([
        org.admin.api.get(INFO).then(({ body }) => body[SETTING]),
        org.admin.api.get('/v1/platform/orgs/current/info').then(({ body }) => body[SETTING]),
        org.admin.api.get('/api/v1/orgs').then(({ body }) => body[0][SETTING]),
      ]);
    expect(await settings()).toEqual([true, true, true]);

    expect(await set(false)).toMatchObject({ status: 200, body: { [SETTING]: false } });

    expect(await settings()).toEqual([false, false, false]);
    expect((await set(null)).status).toBe(422);
  });

  it('lets keys create keys while it is true', async () => {
    const statuses = await Promise.all(CREATION.map((path) => inWorkspace(token).post(path, {})));

    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await key.post(KEYS, {})).status).toBe(200);
  });

  it('refuses keys the creation of keys with a problem while it is false, and leaves it to sessions', async () => {
    await set(false);
    const before = await count();

    for (const path of CREATION)
      for (const api of [inWorkspace(token), inWorkspace(key)]) {
        const { status, body, headers } = await api.post(path, { description: 7 });
        expect({ path, status }).toEqual({ path, status: 403 });
        if (path === '/api/v1/api-key/current') continue;
        expect(headers.get('content-type')).toContain('application/problem+json');
        expect(body).toMatchObject({
          title: 'Forbidden',
          status: 403,
          detail: expect.stringContaining(SETTING),
        });
      }
    expect(await count()).toBe(before);
    for (const path of CREATION) expect((await org.admin.api.post(path, {})).status).toBe(200);
    expect((await token.get(TOKENS)).status).toBe(200);
  });

  it('refuses keys the creation of SCIM tokens while it is false, and leaves it to sessions', async () => {
    const ofAdmin = t.api.as({ key: (await org.admin.api.post(TOKENS, {})).body.key });
    expect((await key.post(SCIM_TOKENS, {})).status).toBe(201);
    await set(false);

    for (const api of [key, ofAdmin]) {
      const { status, body, headers } = await api.post(SCIM_TOKENS, { expires_at: 7 });
      expect({ status, code: headers.get('x-error-code') }).toEqual({
        status: 403,
        code: 'key_creation_by_keys_disabled',
      });
      expect(body).toEqual({ error: expect.stringContaining(SETTING) });
    }
    expect((await key.get(SCIM_TOKENS)).body).toHaveLength(1);
    expect((await org.admin.api.post(SCIM_TOKENS, {})).status).toBe(201);
  });

  it('is switched on again with a session only, so that no key lifts its own limit', async () => {
    expect((await set(true, key)).status).toBe(200);
    expect((await set(false, key)).status).toBe(200);

    for (const api of [key, token]) expect((await set(true, api)).status).toBe(403);
    expect((await key.patch(INFO, { [SETTING]: false, invites_enabled: false })).status).toBe(200);
    expect((await key.post(KEYS, {})).status).toBe(403);
    expect((await set(true)).status).toBe(200);
    expect((await key.post(KEYS, {})).status).toBe(200);
  });

  it.each([KEYS, SCIM_TOKENS])(
    'refuses what a request with a key creates by POST %s while it is switched off',
    async (path) => {
      const rows = async () => [await count(), (await org.admin.api.get(SCIM_TOKENS)).body.length];
      const before = await rows();
      const [changed, created] = await onOwnConnection(t, async (client) => {
        await client.query('begin');
        await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
        const first = set(false);
        await waitForBlockedQuery(t);
        const second = key.post(path, {});
        await untilOthersWait(t);
        await client.query('commit');
        return Promise.all([first, second]);
      });

      expect([changed.status, created.status]).toEqual([200, 403]);
      expect(await rows()).toEqual(before);
    },
  );
});
