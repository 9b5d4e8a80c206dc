import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { updateOrg } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

const KEYS = '/api/v1/orgs/current/service-keys';
const WORKSPACE_KEYS = '/api/v1/api-key';
const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
const ADMIN = { org_role_id: role('ORGANIZATION_ADMIN') };

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
type Key = { id: string; api: Api; expires_at: string | null };

/** A key of the admin, and a client with it. */
async function key(wish: object): Promise<Key> {
  const { status, body } = await org.admin.api.post(KEYS, wish);
  if (status !== 200) throw new Error(`making a key: ${status} ${JSON.stringify(body)}`);
  const { orgId, workspaceId } = org;
  return { id: body.id, api: t.api.as({ key: body.key, orgId, workspaceId }), expires_at: body.expires_at };
}

/** A personal access token of the admin. */
async function pat(wish: object): Promise<Key> {
  const { body } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', wish);
  const { orgId, workspaceId } = org;
  return { id: body.id, api: t.api.as({ key: body.key, orgId, workspaceId }), expires_at: body.expires_at };
}

it.each([
  ['service key', () => key({ ...ADMIN, expires_at: inHours(1) })],
  ['personal access token', () => pat({ expires_at: inHours(1) })],
])(
  'gives a key created with a %s that expires the same expiry, or an earlier one if requested',
  async (_, make) => {
    const parent = await make();
    const earlier = inHours(0.5);

    for (const [path, status] of [
      [KEYS, 200],
      [WORKSPACE_KEYS, 200],
      [SCIM_TOKENS, 201],
    ] as const) {
      const unasked = await parent.api.post(path, {});
      const asked = await parent.api.post(path, { expires_at: earlier });

      expect(unasked).toMatchObject({ status, body: { expires_at: parent.expires_at } });
      expect(asked).toMatchObject({ status, body: { expires_at: earlier } });
    }
    expect((await parent.api.post(KEYS, { expires_at: null })).body.expires_at).toBe(parent.expires_at);
  },
);

it.each([
  ['service key', () => key({ ...ADMIN, expires_at: inHours(1) })],
  ['personal access token', () => pat({ expires_at: inHours(1) })],
])(
  'returns 422 and creates no key when a key created with a %s would expire later than it',
  async (_, make) => {
    const { api } = await make();
    const count = () => t.sql('select id from api_keys where org_id = $1 order by id', [org.orgId]);
    const before = await count();

    for (const path of [KEYS, WORKSPACE_KEYS])
      expect(await api.post(path, { expires_at: inHours(2) })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'expires_at'] }] },
      });
    expect(await api.post(SCIM_TOKENS, { expires_at: inHours(2) })).toMatchObject({ status: 400 });
    expect(await count()).toEqual(before);
  },
);

it("returns 422 when a key requests to outlive the key that creates it, within the organization's limits", async () => {
  const limited = await t.fixtures.orgWithAdmin();
  const { body } = await limited.admin.api.post(KEYS, { ...ADMIN, expires_at: inHours(72) });
  await updateOrg(limited, { max_service_key_expiry_days: 2 });
  const api = t.api.as({ key: body.key });

  const [unasked] = [(await api.post(KEYS, {})).body];
  expect((new Date(unasked.expires_at).getTime() - Date.now()) / 3_600_000).toBeCloseTo(48, 1);
  await updateOrg(limited, { max_service_key_expiry_days: 10 });
  expect((await api.post(KEYS, { expires_at: inHours(73) })).status).toBe(422);
  expect((await api.post(KEYS, {})).body.expires_at).toBe(body.expires_at);
});

it('creates a key without expiry with a key without expiry', async () => {
  const { api } = await key(ADMIN);

  expect((await api.post(KEYS, {})).body.expires_at).toBeNull();
  expect((await api.post(KEYS, { expires_at: inHours(9) })).status).toBe(200);
});

it('limits every key of a chain of keys to the expiry of the first', async () => {
  const first = await key({ ...ADMIN, expires_at: inHours(1) });
  const { body: second } = await first.api.post(KEYS, ADMIN);

  const third = await t.api.as({ key: second.key, orgId: org.orgId }).post(KEYS, {});

  expect(third.body.expires_at).toBe(first.expires_at);
});

it('gives a new key the expiry that its creating key has at commit, when that is shortened at the same moment', async () => {
  const { id, api } = await key({ ...ADMIN, expires_at: inHours(5) });
  const shortened = inHours(1);

  const made = await onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query('update api_keys set expires_at = $2 where id = $1', [id, shortened]);
    const pending = api.post(KEYS, {});
    await waitForBlockedQuery(t);
    await client.query('commit');
    return pending;
  });

  expect(made).toMatchObject({ status: 200, body: { expires_at: shortened } });
});

it('returns 401 when a key expires while its request to create a key waits', async () => {
  const { id, api } = await key({ ...ADMIN, expires_at: inHours(5) });

  const refused = await onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id]);
    const pending = api.post(KEYS, {});
    await waitForBlockedQuery(t);
    await client.query('commit');
    return pending;
  });

  expect(refused.status).toBe(401);
});
