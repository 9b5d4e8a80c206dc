import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { secretDigest } from '../../src/common/secrets/credential-formats.js';
import type { Api, Reply } from '../support/api.js';
import { AUTHORIZATION_SERVER } from '../support/authorization-server.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { TerraformProvider } from '../support/terraform-provider.js';
import { API_KEY_SALT, startTestApp, type TestApp } from '../support/test-app.js';

const CLIENTS = '/v1/platform/oauth/clients';
const SCOPES = ['openid', 'profile', 'email', 'offline_access'];
const GRANT_TYPES = ['authorization_code', 'refresh_token'];

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp(AUTHORIZATION_SERVER);
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
});

const create = async (fields: object = {}, { admin } = org) =>
  (await admin.api.post(CLIENTS, { client_name: 'Reports', ...fields })).body;
const codeOf = ({ status, headers }: Reply) => [status, headers.get('x-error-code')];
const digestsOf = async (id: string) =>
  (
    await t.sql<{ secret_digest: Buffer | null }>('select secret_digest from oauth_clients where id = $1', [
      id,
    ])
  ).map((row) => row.secret_digest);

/** A grant of the user for the client, with an access token. */
async function grant(clientId: string, userId: string, { orgId } = org): Promise<string> {
  const id = randomUUID();
  await t.sql(
    `insert into oauth_grants (id, org_id, user_id, client_id, registered_client_id, client_name, scopes, sign_in_method, expires_at)
     select $1, $2, $3, client_id, id, client_name, allowed_scopes, 'password', now() + interval '1 day' from oauth_clients where id = $4`,
    [id, orgId, userId, clientId],
  );
  await t.sql(
    `insert into oauth_artifacts (digest, kind, client_id, grant_id, content, expires_at)
     values (uuid_send($1), 'AccessToken', '', $1, '{}', now() + interval '1 day')`,
    [id],
  );
  return id;
}
const grantsLeft = async () =>
  (await t.sql<{ id: string }>('select grant_id as id from oauth_artifacts')).map(({ id }) => id);
const audited = async () => {
  const rows = await t.sql<{ operation: string; details: object }>(
    `select operation, details - 'request_id' as details from audit_entries
     where org_id = $1 and operation like '%oauth%' and succeeded order by created_at, id`,
    [org.orgId],
  );
  return rows.map(({ operation, details }) => [operation, details]);
};

describe('an application of an organization', () => {
  it('is confidential by default, with a secret that is shown once and stored as a digest', async () => {
    const { status, body } = await org.admin.api.post(CLIENTS, { client_name: 'Reports' });

    expect(status).toBe(201);
    expect(body).toEqual({
      client: {
        id: expect.any(String),
        client_id: expect.stringMatching(/^oc_[0-9A-Za-z]{32}$/),
        client_name: 'Reports',
        client_type: 'confidential',
        grant_types: GRANT_TYPES,
        allowed_scopes: SCOPES,
        disabled: false,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
      client_secret: expect.stringMatching(/^tnt_cs_[\w-]{43}$/),
    });
    expect((await org.admin.api.get(`${CLIENTS}/${body.client.id}`)).body).toEqual(body.client);
    expect((await org.admin.api.get(CLIENTS)).body).toEqual({ clients: [body.client] });
    expect(await digestsOf(body.client.id)).toEqual([secretDigest(API_KEY_SALT, body.client_secret)]);
    expect(await audited()).toEqual([['create_oauth_client', {}]]);
  });

  it('is public without a secret if asked, and keeps what it was given in the order given', async () => {
    const fields = {
      client_name: 'Command line',
      client_type: 'public',
      client_uri: 'https://example.com',
      logo_uri: 'https://example.com/logo.png',
      policy_uri: 'https://example.com/privacy',
      tos_uri: 'http://example.com/terms?a=b#c',
      redirect_uris: [
        'http://127.0.0.1/callback',
        'com.example.app:/callback',
        'https://example.com/callback',
      ],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token', 'authorization_code'],
      allowed_scopes: ['email', 'openid'],
    };
    const { client, ...rest } = await create(fields);

    expect(rest).toEqual({});
    expect(client).toMatchObject(fields);
    expect(await digestsOf(client.id)).toEqual([null]);
  });

  it('is changed; what is absent stays, and an empty address is removed', async () => {
    const { client } = await create({
      client_uri: 'https://example.com',
      tos_uri: 'https://example.com/terms',
      logo_uri: null,
      redirect_uris: ['https://example.com/callback'],
    });
    const patch = (fields: object) => org.admin.api.patch(`${CLIENTS}/${client.id}`, fields);

    const { body } = await patch({ client_name: 'Monthly', client_uri: '', allowed_scopes: ['openid'] });
    const { client_uri: _removed, ...kept } = client;
    expect(body).toEqual({
      ...kept,
      client_name: 'Monthly',
      allowed_scopes: ['openid'],
      updated_at: expect.any(String),
    });
    expect(Date.parse(body.updated_at)).toBeGreaterThan(Date.parse(client.updated_at));
    expect((await patch({ client_name: 'Monthly', disabled: false })).body).toEqual(body);
    expect((await patch({ redirect_uris: [] })).body).not.toHaveProperty('redirect_uris');
    expect(await audited()).toEqual([
      ['create_oauth_client', {}],
      ['update_oauth_client', { changed: ['client_name', 'client_uri', 'allowed_scopes'] }],
      ['update_oauth_client', { changed: ['redirect_uris'] }],
    ]);
  });

  it('gets another secret, and the old one ends at once; a public one has none', async () => {
    const { client, client_secret: old } = await create();
    const { status, body } = await org.admin.api.post(`${CLIENTS}/${client.id}/rotate-secret`);

    expect([status, body.client]).toEqual([200, { ...client, updated_at: expect.any(String) }]);
    expect(body.client_secret).not.toBe(old);
    expect(await digestsOf(client.id)).toEqual([secretDigest(API_KEY_SALT, body.client_secret)]);
    const open = await create({ client_type: 'public' });
    const refused = await org.admin.api.post(`${CLIENTS}/${open.client.id}/rotate-secret`);
    expect(codeOf(refused)).toEqual([400, 'oauth_client_is_public']);
    expect(await digestsOf(open.client.id)).toEqual([null]);
    expect((await audited()).at(1)).toEqual(['rotate_oauth_client_secret', {}]);
  });

  it('gives the same secret to a repeated request, and makes no second one', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const post = () => org.admin.api.post(CLIENTS, { client_name: 'Reports' }, { headers });
    const [first, second] = [await post(), await post()];

    expect(second.body).toEqual(first.body);
    expect((await org.admin.api.get(CLIENTS)).body.clients).toHaveLength(1);
  });

  it.each([
    ['disabled', (id: string) => org.admin.api.patch(`${CLIENTS}/${id}`, { disabled: true }), 200],
    ['deleted', (id: string) => org.admin.api.delete(`${CLIENTS}/${id}`), 204],
  ])('ends the access that people have given to it when it is %s', async (what, end, expected) => {
    const member = await t.fixtures.member(org, {});
    const [{ client }, other] = [await create(), await create()];
    const [own, theirs] = [await grant(client.id, org.admin.userId), await grant(client.id, member.userId)];
    const kept = await grant(other.client.id, member.userId);

    expect((await end(client.id)).status).toBe(expected);

    expect(await grantsLeft()).toContain(kept);
    expect((await grantsLeft()).filter((id) => [own, theirs].includes(id))).toEqual([]);
    const entries = await t.sql<{ ids: string[]; operation: string }>(
      `select resource_ids as ids, operation from audit_entries where org_id = $1 and operation = 'revoke_oauth_grant'`,
      [org.orgId],
    );
    expect(entries.flatMap(({ ids }) => ids).sort()).toEqual([own, theirs].sort());
    const [entry] = (await audited()).filter(([operation]) => /update|delete/.test(String(operation)));
    expect(entry).toEqual(
      what === 'disabled' ? ['update_oauth_client', { is_disabled: true }] : ['delete_oauth_client', {}],
    );
  });

  it('is enabled again without the access of before', async () => {
    const { client } = await create();
    const id = await grant(client.id, org.admin.userId);
    await org.admin.api.patch(`${CLIENTS}/${client.id}`, { disabled: true });

    expect((await org.admin.api.patch(`${CLIENTS}/${client.id}`, { disabled: false })).body.disabled).toBe(
      false,
    );
    expect(await grantsLeft()).not.toContain(id);
    expect((await audited()).at(-1)).toEqual(['update_oauth_client', { is_disabled: false }]);
  });

  it('is one of at most 100, whoever creates them at once', async () => {
    await t.sql(
      `insert into oauth_clients (id, client_id, org_id, client_name, grant_types, allowed_scopes)
       select gen_random_uuid(), gen_random_uuid(), $1, 'One of many', '{}', '{}' from generate_series(1, 98)`,
      [org.orgId],
    );
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => org.admin.api.post(CLIENTS, { client_name: 'Reports' })),
    );

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = replies.filter(({ status }) => status !== 201);
    expect(refused.map(codeOf)).toEqual(Array.from({ length: 2 }, () => [403, 'oauth_client_limit_reached']));
  });

  it.each([
    ['an empty name', { client_name: '' }],
    ['a blank name', { client_name: ' ' }],
    ['a long name', { client_name: 'x'.repeat(256) }],
    ['a name with invisible characters', { client_name: 'Reports\u202e' }],
    ['a page that is a script', { client_uri: 'javascript:alert(1)' }],
    ['a page with a password', { tos_uri: 'https://a:b@example.com/' }],
    ['a logo of another scheme', { logo_uri: 'data:image/png;base64,AAAA' }],
    ['a long page', { policy_uri: `https://example.com/${'x'.repeat(240)}` }],
    ['an address that is http', { redirect_uris: ['https://example.com/', 'http://example.com/'] }],
    ['an address with a fragment', { redirect_uris: ['https://example.com/#'] }],
    ['more than ten addresses', { redirect_uris: Array.from({ length: 11 }, () => 'https://example.com/') }],
    ['an unknown scope', { allowed_scopes: ['admin'] }],
    ['no scope', { allowed_scopes: [] }],
  ])('is refused with %s, and nothing is saved', async (_, fields) => {
    const { client } = await create();
    const replies = [
      await org.admin.api.post(CLIENTS, { client_name: 'Other', ...fields }),
      await org.admin.api.patch(`${CLIENTS}/${client.id}`, fields),
    ];

    expect(replies.map(codeOf)).toEqual([
      [400, 'validation_failed'],
      [400, 'validation_failed'],
    ]);
    expect(replies[0]!.body).toMatchObject({ status: 400, error: replies[0]!.body.detail });
    expect((await org.admin.api.get(CLIENTS)).body).toEqual({ clients: [client] });
  });

  it.each([
    ['an unknown type', { client_type: 'native' }],
    ['an unknown grant type', { grant_types: ['client_credentials'] }],
    ['no grant type', { grant_types: [] }],
    ['no name', { client_name: undefined }],
  ])('is not created with %s', async (_, fields) => {
    const reply = await org.admin.api.post(CLIENTS, { client_name: 'Other', ...fields });

    expect(codeOf(reply)).toEqual([400, 'validation_failed']);
  });
});

describe('who manages applications', () => {
  const paths = (id: string): [method: string, path: string, body?: object][] => [
    ['POST', CLIENTS, { client_name: 'Other' }],
    ['PATCH', `${CLIENTS}/${id}`, { client_name: 'Other' }],
    ['POST', `${CLIENTS}/${id}/rotate-secret`],
    ['DELETE', `${CLIENTS}/${id}`],
  ];
  const answers = async (api: Api, id: string) => {
    const replies: Reply[] = [];
    for (const [method, path, body] of paths(id)) replies.push(await api.send(method, path, body));
    return replies;
  };

  it('operators read them; only admins change them', async () => {
    const { client } = await create();
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });

    expect((await operator.api.get(CLIENTS)).body).toEqual({ clients: [client] });
    expect((await answers(operator.api, client.id)).map(codeOf)).toEqual(
      paths('').map(() => [403, 'only_admins_manage_oauth_clients']),
    );
  });

  it('members neither read nor change them, and callers without a credential get 401', async () => {
    const { client } = await create();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect(codeOf(await member.api.get(CLIENTS))).toEqual([403, 'permission_missing']);
    expect(codeOf(await member.api.get(`${CLIENTS}/${client.id}`))).toEqual([403, 'permission_missing']);
    expect((await answers(member.api, client.id)).map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect((await answers(t.api, client.id)).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect((await org.admin.api.get(CLIENTS)).body).toEqual({ clients: [client] });
  });

  it('keys of the rank change them, others do not', async () => {
    const keyOf = async (name: 'ORGANIZATION_ADMIN' | 'ORGANIZATION_OPERATOR') => {
      const wish = { org_role_id: role(name) };
      const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', wish);
      return t.api.as({ key: body.key });
    };
    const { client } = await create();

    expect((await answers(await keyOf('ORGANIZATION_OPERATOR'), client.id)).map(codeOf)).toEqual(
      paths('').map(() => [403, 'only_admins_manage_oauth_clients']),
    );
    const replies = await answers(await keyOf('ORGANIZATION_ADMIN'), client.id);
    expect(replies.map(({ status }) => status)).toEqual([201, 200, 200, 204]);
  });

  it('those of another organization are unknown, and so are clients that registered themselves', async () => {
    const { client } = await create();
    const stranger = (await t.fixtures.orgWithAdmin()).admin.api;
    const registered = await t.api.post('/api/v1/oauth/register', {
      redirect_uris: ['https://example.com/'],
    });
    const [{ id } = { id: '' }] = await t.sql<{ id: string }>(
      'select id from oauth_clients where client_id = $1',
      [registered.body.client_id],
    );

    for (const each of [client.id, id]) {
      const [created, ...others] = await answers(stranger, each);
      expect(created?.status).toBe(201);
      expect(others.map(codeOf)).toEqual(others.map(() => [404, 'oauth_client_not_found']));
      expect(codeOf(await stranger.get(`${CLIENTS}/${each}`))).toEqual([404, 'oauth_client_not_found']);
    }
    expect((await org.admin.api.get(CLIENTS)).body).toEqual({ clients: [client] });
  });
});

describe('the resource oauth_client of the Terraform provider of bogware', () => {
  const PATH = 'api/v1/platform/oauth/clients';
  let provider: TerraformProvider;
  beforeEach(async () => {
    const wish = { description: 'Terraform', org_role_id: role('ORGANIZATION_ADMIN') };
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', wish);
    provider = new TerraformProvider(t.url, body.key, org.workspaceId);
  });

  it('is created, read, updated and deleted as it was configured', async () => {
    const wish = {
      client_name: 'Terraform',
      client_type: 'confidential',
      client_uri: 'https://example.com',
      redirect_uris: ['https://b.example.com/callback', 'https://a.example.com/callback'],
      grant_types: ['refresh_token', 'authorization_code'],
      allowed_scopes: ['profile', 'openid'],
    };
    const { client, client_secret: secret } = await provider.post(PATH, wish);

    expect(client).toMatchObject({ ...wish, disabled: false });
    expect(secret).toEqual(expect.any(String));
    expect(await provider.get(`${PATH}/${client.id}`)).toEqual(client);
    const change = { client_name: 'Renamed', redirect_uris: ['https://c.example.com/'], disabled: true };
    expect(await provider.patch(`${PATH}/${client.id}`, change)).toEqual({
      ...client,
      ...change,
      updated_at: expect.any(String),
    });
    expect(await provider.delete(`${PATH}/${client.id}`)).toBe(true);
    expect(await provider.delete(`${PATH}/${client.id}`)).toBe(false);
    await expect(provider.get(`${PATH}/${client.id}`)).rejects.toMatchObject({ status: 404 });
  });

  it('has no list where none was configured, as the provider would report another one as inconsistent', async () => {
    const { client } = await provider.post(PATH, { client_name: 'Terraform', client_type: 'public' });

    expect(client).not.toHaveProperty('redirect_uris');
    expect(Object.values(client)).not.toContain(null);
    expect(
      await provider.patch(`${PATH}/${client.id}`, { client_name: 'Renamed', disabled: false }),
    ).toMatchObject({
      client_name: 'Renamed',
      grant_types: GRANT_TYPES,
      allowed_scopes: SCOPES,
    });
  });
});

it('an installation without the authorization server does not know its paths', async () => {
  const without = await startTestApp({}, t.databaseUrl);
  const replies = [
    await fetch(`${without.url}${CLIENTS}`),
    await fetch(`${without.url}/api/v1/oauth/register`, { method: 'POST' }),
    await fetch(`${without.url}/oauth/register`, { method: 'POST' }),
  ];

  expect(replies.map(({ status, headers }) => [status, headers.get('x-error-code')])).toEqual(
    replies.map(() => [404, 'route_not_found']),
  );
  await without.close();
});
