import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SystemRoleName } from '../../src/modules/roles/index.js';
import type { Api, Reply } from '../support/api.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const WEBHOOKS = '/api/v1/orgs/current/webhooks';
/** No server listens there. */
const URL = 'https://127.0.0.1:9/a?key=1';
const ENVIRONMENT = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' };
const UNKNOWN = '01900000-0000-7000-8000-000000000001';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp(ENVIRONMENT);
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
});

const create = async (fields: object = {}, { admin } = org) =>
  (await admin.api.post(WEBHOOKS, { url: URL, ...fields })).body;
const codeOf = ({ headers }: Reply) => headers.get('x-error-code');
const read = async (id: string) => (await org.admin.api.get(`${WEBHOOKS}/${id}`)).body;
const eventsOf = async () => {
  const { body } = await org.admin.api.get('/api/v1/orgs/current/events');
  return body.items.map(({ type, data }: { type: string; data: object }) => [type, data]);
};

describe('a webhook', () => {
  it('is created with a secret that is shown once, and names who created it', async () => {
    const reply = await org.admin.api.post(WEBHOOKS, { url: URL });

    expect(reply.status).toBe(201);
    const { secret, ...webhook } = reply.body;
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(webhook).toEqual({
      id: expect.any(String),
      url: URL,
      description: '',
      types: null,
      is_enabled: true,
      disabled_at: null,
      missed_since: null,
      disabled_reason: null,
      public_key: expect.stringMatching(/^whpk_[\w+/]{43}=$/),
      previous_secret_expires_at: null,
      owner_gone: false,
      exceeds_creator: false,
      undelivered: 0,
      lag_seconds: expect.any(Number),
      last_attempt: null,
      paused_until: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      created_by: org.admin.email,
      created_by_ls_user_id: org.admin.userId,
      created_with: { id: expect.any(String), kind: 'session' },
    });
    const sending = { lag_seconds: expect.any(Number), undelivered: expect.any(Number) };
    const { last_attempt: _attempt, ...rest } = webhook;
    expect(await read(webhook.id)).toMatchObject({ ...rest, ...sending });
    const [stored] = await t.sql<{ secret: string }>('select secret from webhooks where id = $1', [
      webhook.id,
    ]);
    expect(stored?.secret).not.toContain(secret.slice('whsec_'.length, 40));
  });

  it('is listed in pages, newest first, and only in its organization', async () => {
    const [first, second] = [await create(), await create()];
    await create({}, await t.fixtures.orgWithAdmin());

    const { body } = await org.admin.api.get(`${WEBHOOKS}?limit=1`);
    expect(body.items).toMatchObject([{ id: second.id }]);
    const next = await org.admin.api.get(`${WEBHOOKS}?limit=1&cursor=${body.next_cursor}`);
    expect(next.body).toMatchObject({ items: [{ id: first.id }], next_cursor: null });
    expect(JSON.stringify([body, next.body])).not.toContain('whsec_');
  });

  it('is changed, disabled and enabled, each with an event that says so', async () => {
    const { id } = await create();
    const patch = (fields: object) => org.admin.api.patch(`${WEBHOOKS}/${id}`, fields);

    expect((await patch({ url: 'https://127.0.0.1:9/other', types: ['role.created'] })).body).toMatchObject({
      url: 'https://127.0.0.1:9/other',
      types: ['role.created'],
    });
    expect((await patch({ is_enabled: false })).body).toMatchObject({
      is_enabled: false,
      disabled_at: expect.any(String),
      missed_since: expect.any(String),
      disabled_reason: 'admin',
    });
    expect((await patch({ is_enabled: true, types: null })).body).toMatchObject({
      types: null,
      is_enabled: true,
      disabled_reason: null,
    });
    await patch({ is_enabled: true, types: null }); // changes nothing
    await org.admin.api.delete(`${WEBHOOKS}/${id}`);

    expect(await eventsOf()).toEqual([
      ['webhook.created', {}],
      ['webhook.updated', { changed: ['url', 'types'] }],
      ['webhook.disabled', { reason: 'admin' }],
      ['webhook.updated', { changed: ['types'] }],
      ['webhook.enabled', {}],
      ['webhook.deleted', {}],
    ]);
    expect(codeOf(await org.admin.api.get(`${WEBHOOKS}/${id}`))).toBe('webhook_not_found');
  });

  it('gets a new secret, and the previous one signs until its end', async () => {
    const { id, secret, public_key } = await create();
    const rotate = (hours?: number) =>
      org.admin.api.post(
        `${WEBHOOKS}/${id}/rotate-secret`,
        hours === undefined ? undefined : { overlap_hours: hours },
      );

    const { body } = await rotate();
    expect([body.secret, body.public_key]).not.toEqual([secret, public_key]);
    const hours = (Date.parse(body.previous_secret_expires_at) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(24, 1);
    await t.sql(
      "update webhooks set previous_secret_expires_at = now() - interval '1 second' where id = $1",
      [id],
    );
    expect(await read(id)).toMatchObject({ previous_secret_expires_at: null });
    expect((await rotate(0)).body.previous_secret_expires_at).toBeNull();
    expect((await rotate(169)).status).toBe(422);
    expect((await eventsOf()).at(-1)).toEqual(['webhook.secret_rotated', { overlap_hours: 0 }]);
  });

  it('says that its secrets cannot be read with another salt, and signs again after a rotation', async () => {
    const { id } = await create();
    const other = await startTestApp(
      { ...ENVIRONMENT, API_KEY_SALT: 'another-salt-for-tests' },
      t.databaseUrl,
    );
    const admin = org.admin.api.at(other.url);
    const test = async () => (await admin.post(`${WEBHOOKS}/${id}/test`)).body;

    expect(await test()).toMatchObject({ code: 'secrets_unreadable', status: null });
    await admin.post(`${WEBHOOKS}/${id}/rotate-secret`);
    expect(await test()).toMatchObject({ code: 'connection_failed' });
    await other.close();
  });

  it.each([
    ['without TLS', { url: 'http://192.0.2.1/' }, 'url'],
    ['of another kind', { url: 'ftp://hooks.example.com/' }, 'url'],
    ['of this machine', { url: 'https://169.254.169.254/' }, 'url'],
    ['of a private network', { url: 'https://10.0.0.1/' }, 'url'],
    ['with a password', { url: 'https://a:b@hooks.example.com/' }, 'url'],
    ['with an unknown type', { types: ['role.invented'] }, 'types'],
    ['with a type that is never sent', { types: ['request.refused'] }, 'types'],
    ['without a type', { types: [] }, 'types'],
    ['with a long description', { description: 'x'.repeat(201) }, 'description'],
  ])('%s is refused, and nothing is saved', async (_, fields, field) => {
    const { id } = await create();
    for (const reply of [
      await org.admin.api.post(WEBHOOKS, { url: URL, ...fields }),
      await org.admin.api.patch(`${WEBHOOKS}/${id}`, fields),
    ]) {
      expect(reply.status).toBe(422);
      expect(reply.body.detail[0].loc.slice(0, 2)).toEqual(['body', field]);
    }
    expect((await org.admin.api.get(WEBHOOKS)).body.items).toHaveLength(1);
  });

  it('is one of at most 20 in the organization, whoever creates them at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 23 }, () => org.admin.api.post(WEBHOOKS, { url: URL })),
    );

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(replies.filter((reply) => codeOf(reply) === 'too_many_webhooks')).toHaveLength(3);
  });

  it('is marked when who created it is gone', async () => {
    const other = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const { id } = await create({}, { ...org, admin: other });
    await org.admin.api.delete(`/api/v1/orgs/current/members/${other.membershipId}`);

    expect(await read(id)).toMatchObject({ owner_gone: true, exceeds_creator: true, created_by: null });
  });

  it('exceeds its creator unless that is an active Organization Admin, is disabled, or they are unknown', async () => {
    const other = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const { id } = await create({}, { ...org, admin: other });
    const exceeds = async () => {
      const { items } = (await org.admin.api.get(`${WEBHOOKS}?limit=100`)).body;
      const listed = items.find((one: { id: string }) => one.id === id).exceeds_creator;
      expect((await read(id)).exceeds_creator).toBe(listed);
      return listed;
    };
    const demote = async (name: SystemRoleName) =>
      org.admin.api.patch(`/api/v1/orgs/current/members/${other.membershipId}`, { role_id: role(name) });

    expect(await exceeds()).toBe(false);
    await demote('ORGANIZATION_OPERATOR');
    expect(await exceeds()).toBe(true);
    await org.admin.api.patch(`${WEBHOOKS}/${id}`, { is_enabled: false });
    expect(await exceeds()).toBe(false);
    await org.admin.api.patch(`${WEBHOOKS}/${id}`, { is_enabled: true });
    await demote('ORGANIZATION_ADMIN');
    expect(await exceeds()).toBe(false);
    await t.sql('update webhooks set created_by_user_id = null where id = $1', [id]);
    expect(await exceeds()).toBeNull();
  });
});

describe('the end of the maker of a webhook', () => {
  const MEMBERS = '/api/v1/orgs/current/members';
  const KEYS = '/api/v1/orgs/current/service-keys';
  const newAdmin = () => t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
  const newKey = async (api: Api) => {
    const { body } = await api.post(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') });
    return { id: body.id as string, api: t.api.as({ key: body.key, orgId: org.orgId }) };
  };

  it.each(['session', 'key', 'key of a deleted key'])(
    'deletes the webhook if asked, made with a %s',
    async (credential) => {
      const maker = await newAdmin();
      const first = await newKey(maker.api);
      const second = await newKey(first.api);
      const api = { session: maker.api, key: first.api }[credential] ?? second.api;
      const { id } = await create({ description: 'Billing' }, { ...org, admin: { ...maker, api } });
      if (api === second.api) await org.admin.api.delete(`${KEYS}/${second.id}`);

      const { status, body } = await org.admin.api.delete(
        `${MEMBERS}/${maker.membershipId}?revoke_created=true`,
      );

      const shown = [{ id, host: '127.0.0.1:9', description: 'Billing' }];
      expect([status, body.created_webhooks]).toEqual([200, shown]);
      expect(codeOf(await org.admin.api.get(`${WEBHOOKS}/${id}`))).toBe('webhook_not_found');
      expect(await t.sql('select from log_cursors where id = $1', [id])).toEqual([]);
      expect(await eventsOf()).toContainEqual(['webhook.deleted', {}]);
    },
  );

  it('deletes what a key has made when the key is deleted, if asked', async () => {
    const key = await newKey(org.admin.api);
    const { id } = await create({}, { ...org, admin: { ...org.admin, api: key.api } });

    expect((await org.admin.api.delete(`${KEYS}/${key.id}?revoke_created=true`)).status).toBe(200);
    expect(codeOf(await org.admin.api.get(`${WEBHOOKS}/${id}`))).toBe('webhook_not_found');
  });

  it('leaves the webhook otherwise, and operators cannot end it', async () => {
    const maker = await newAdmin();
    const { id } = await create({}, { ...org, admin: maker });
    await org.admin.api.patch(`${MEMBERS}/${maker.membershipId}`, { role_id: role('ORGANIZATION_USER') });
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const remove = (query = '') => operator.api.delete(`${MEMBERS}/${maker.membershipId}${query}`);

    expect(codeOf(await remove('?revoke_created=true'))).toBe('only_admins_manage_webhooks');
    expect(await read(id)).toMatchObject({ owner_gone: false, exceeds_creator: true });
    expect((await remove()).body.created_webhooks).toMatchObject([{ id }]);
    expect(await read(id)).toMatchObject({ owner_gone: true });
  });
});

describe('the rights on webhooks', () => {
  it('let operators see them, and only admins manage them', async () => {
    const { id } = await create();
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const shown = { id, url: 'https://127.0.0.1:9' };
    const { body: list } = await operator.api.get(WEBHOOKS);
    expect(list.items.find((one: { id: string }) => one.id === id)).toMatchObject(shown);
    expect(await operator.api.get(`${WEBHOOKS}/${id}`)).toMatchObject({ status: 200, body: shown });
    expect(await read(id)).toMatchObject({ url: URL });
    for (const [method, path] of [
      ['POST', WEBHOOKS],
      ['PATCH', `${WEBHOOKS}/${id}`],
      ['DELETE', `${WEBHOOKS}/${id}`],
      ['POST', `${WEBHOOKS}/${id}/rotate-secret`],
      ['POST', `${WEBHOOKS}/${id}/test`],
      ['POST', `${WEBHOOKS}/${id}/redeliver`],
    ] as const) {
      expect(codeOf(await operator.api.send(method, path, {}))).toBe('only_admins_manage_webhooks');
      expect((await member.api.send(method, path, {})).status).toBe(403);
    }
    expect((await member.api.get(WEBHOOKS)).status).toBe(403);
    expect(await read(id)).toMatchObject({ is_enabled: true });
  });

  it('include keys of that rank', async () => {
    const { body: key } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      description: 'Automation',
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    const api = t.api.as({ key: key.key, orgId: org.orgId });

    const { status, body } = await api.post(WEBHOOKS, { url: URL });
    expect([status, body.created_with]).toEqual([201, { id: key.id, kind: 'service_key' }]);
  });

  it('end at the organization: webhooks of others are not found', async () => {
    const { id } = await create({}, await t.fixtures.orgWithAdmin());

    for (const [method, path] of [
      ['GET', `${WEBHOOKS}/${id}`],
      ['PATCH', `${WEBHOOKS}/${id}`],
      ['DELETE', `${WEBHOOKS}/${id}`],
      ['POST', `${WEBHOOKS}/${id}/rotate-secret`],
      ['POST', `${WEBHOOKS}/${id}/test`],
      ['POST', `${WEBHOOKS}/${id}/redeliver`],
      ['GET', `${WEBHOOKS}/${id}/deliveries`],
      ['GET', `${WEBHOOKS}/${UNKNOWN}`],
    ] as const)
      expect(
        codeOf(await org.admin.api.send(method, path, method === 'GET' ? undefined : { failed: true })),
      ).toBe('webhook_not_found');
  });
});
