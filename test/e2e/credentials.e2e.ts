import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { auditOf } from '../support/audit.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { grantOf, WITH_APPLICATIONS } from '../support/grants.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const CREDENTIALS = '/api/v1/orgs/current/credentials';
const REVOCATION = `${CREDENTIALS}/revocation`;
const KEYS = '/api/v1/orgs/current/service-keys';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
const MEMBERS = '/api/v1/orgs/current/members';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off', ...WITH_APPLICATIONS });
});
afterAll(() => t.close());

type Made = { id: string; key: string; short_key: string };
const made = async (api: Api, path: string, wish: object): Promise<Made> => {
  const { status, body } = await api.post(path, wish);
  if (status > 201) throw new Error(`creating: ${status} ${JSON.stringify(body)}`);
  return { short_key: body.short_token, ...body };
};
const makeKey = (api: Api, wish: object = {}) => made(api, KEYS, { workspaces: [org.workspaceId], ...wish });
const makeWideKey = (api: Api, wish: object = {}) => made(api, KEYS, wish);
const makeToken = (api: Api, wish: object = {}) => made(api, TOKENS, wish);
const makeScimToken = (api: Api) => made(api, SCIM_TOKENS, { description: 'Okta' });
const operator = () => t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' });
const lead = () => t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

const ids = (body: { items: Made[] }) => body.items.map(({ id }) => id);
const list = async (query = '', api = org.admin.api) => (await api.get(`${CREDENTIALS}${query}`)).body;
const listed = async (query = '', api = org.admin.api): Promise<string[]> => ids(await list(query, api));
const revoke = (body: object, api = org.admin.api) => api.post(REVOCATION, body);
const revokeAll = (selection: object, expected_count: number, api = org.admin.api) =>
  revoke({ ...selection, dry_run: false, expected_count }, api);
const isAccepted = async ({ key }: Made) =>
  (await t.api.as({ key, orgId: org.orgId }).get('/api/v1/orgs/current')).status !== 401;
const update = (id: string, columns: string) => t.sql(`update api_keys set ${columns} where id = $1`, [id]);
const errorOf = async (reply: Promise<{ status: number; headers: Headers }>) => {
  const { status, headers } = await reply;
  return [status, headers.get('x-error-code')];
};

describe('the list of credentials', () => {
  let maker: Member;
  let key: Made, wide: Made, token: Made, scim: Made;
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
    maker = await lead();
    key = await makeKey(maker.api, { description: 'nightly' });
    wide = await makeWideKey(org.admin.api, { expires_at: new Date(Date.now() + 864e5).toISOString() });
    token = await makeToken(maker.api);
    scim = await makeScimToken(org.admin.api);
    await update(
      key.id,
      `last_used_at = now() - interval '100 days', created_at = now() - interval '200 days'`,
    );
    await update(token.id, `created_at = now() - interval '95 days'`);
  });

  it('shows all kinds with owner, creator, reach and marks, and never a secret', async () => {
    const { items, next_cursor } = await list();

    expect(items.map(({ id }: Made) => id)).toEqual([scim.id, wide.id, token.id, key.id]);
    expect(next_cursor).toBeNull();
    expect(items[3]).toMatchObject({
      kind: 'service_key',
      short_key: key.short_key,
      description: 'nightly',
      owner: { ls_user_id: maker.userId, identity_id: maker.membershipId, email: maker.email },
      created_by: maker.email,
      created_with: { kind: 'session' },
      access_scope: 'workspace',
      owner_gone: false,
      exceeds_creator: false,
      never_used: false,
      never_expires: true,
    });
    expect(items[2]).toMatchObject({ kind: 'personal_access_token', owner: { email: maker.email } });
    expect(items[1]).toMatchObject({ access_scope: 'organization', never_expires: false, never_used: true });
    expect(items[0]).toMatchObject({ kind: 'scim_token', owner: { email: org.admin.email } });
    for (const { key: secret } of [key, wide, token]) expect(JSON.stringify(items)).not.toContain(secret);
    expect(JSON.stringify(items)).not.toContain('digest');
  });

  it('filters by kind, owner, last use, expiry and marks', async () => {
    const soon = encodeURIComponent(new Date(Date.now() + 2 * 864e5).toISOString());

    expect(await listed('?kind=service_key')).toEqual([wide.id, key.id]);
    expect(await listed('?kind=scim_token')).toEqual([scim.id]);
    expect(await listed(`?owner=${maker.userId}`)).toEqual([token.id, key.id]);
    expect(await listed('?unused_for_days=90')).toEqual([key.id, token.id]);
    expect(await listed('?unused_for_days=97')).toEqual([key.id]);
    expect(await listed(`?ends_before=${soon}`)).toEqual([wide.id]);
    expect(await listed('?never_used=true')).toEqual([scim.id, wide.id, token.id]);
    expect(await listed('?never_used=false')).toEqual([key.id]);
    expect(await listed('?never_expires=true&kind=service_key')).toEqual([key.id]);
    expect(await listed('?never_expires=false')).toEqual([wide.id]);
    expect(await listed('?owner_gone=true')).toEqual([]);
  });

  it.each(['', '&unused_for_days=90', '&never_expires=true', '&never_used=true', '&owner_gone=false'])(
    'returns each credential once over pages of one: limit=1%s',
    async (filter) => {
      const whole = await listed(`?limit=100${filter}`);
      const found: string[] = [];
      for (let cursor = ''; found.length <= whole.length;) {
        const page = await list(`?limit=1${filter}${cursor}`);
        found.push(...ids(page));
        if (page.next_cursor === null) break;
        cursor = `&cursor=${page.next_cursor}`;
      }

      expect(whole.length).toBeGreaterThan(1);
      expect(found).toEqual(whole);
    },
  );

  it('shows the applications of members to admins, by their kind and among others', async () => {
    const person = await lead();
    const grant = await grantOf(t.sql, org, person);
    const oldest = await grantOf(t.sql, org, await lead(), 'https://client.example/metadata.json');
    await t.sql(`update oauth_grants set created_at = now() - interval '99 days' where id = $1`, [oldest.id]);
    const expired = await grantOf(t.sql, org, person, 'expired');
    await t.sql('update oauth_grants set expires_at = now() where id = $1', [expired.id]);

    const { items } = await list('?kind=application');
    expect(items.map(({ id }: Made) => id)).toEqual([grant.id, oldest.id]);
    expect(items[0]).toEqual({
      id: grant.id,
      kind: 'application',
      short_key: 'langsmith-cli',
      description: 'langsmith-cli (name)',
      owner: { ls_user_id: person.userId, identity_id: person.membershipId, email: person.email },
      created_at: expect.any(String),
      last_used_at: null,
      expires_at: expect.any(String),
      created_by: person.email,
      created_by_ls_user_id: person.userId,
      created_with: null,
      access_scope: null,
      workspace_names: null,
      role_id: null,
      org_role_id: null,
      owner_gone: false,
      exceeds_creator: false,
      never_used: true,
      never_expires: false,
    });
    expect((await listed('?limit=1'))[0]).toBe(grant.id);
    expect(await listed(`?owner=${person.userId}`)).toEqual([grant.id]);
    expect(await listed('?unused_for_days=97&kind=application')).toEqual([oldest.id]);
    expect(await listed('?owner_gone=true&kind=application')).toEqual([]);
    expect(await listed('?sign_in=weaker&kind=application')).toEqual([]);
    const api = (await operator()).api;
    expect(await errorOf(api.get(`${CREDENTIALS}?kind=application`))).toEqual([
      403,
      'only_admins_manage_tokens',
    ]);
    expect(await listed('', api)).not.toContain(grant.id);
    await t.sql('delete from oauth_grants where id = any($1)', [[grant.id, oldest.id]]);
  });

  it('marks what still works although its creator is disabled or no longer a member', async () => {
    const [left, disabled] = [await lead(), await lead()];
    const [ofLeft, ofDisabled] = [await makeKey(left.api), await makeKey(disabled.api)];
    const tokenOfDisabled = await makeToken(disabled.api);
    await org.admin.api.delete(`${MEMBERS}/${left.membershipId}`);
    await t.sql('update org_memberships set is_disabled = true where id = $1', [disabled.membershipId]);

    const { items } = await list('?owner_gone=true');
    expect(ids({ items })).toEqual([ofDisabled.id, ofLeft.id]);
    expect(items[0]).toMatchObject({ owner_gone: true, owner: { email: disabled.email } });
    expect(items[1]).toMatchObject({
      owner_gone: true,
      exceeds_creator: true,
      owner: { ls_user_id: left.userId, identity_id: null, email: null },
    });
    expect(await listed(`?owner_gone=true&owner=${left.userId}`)).toEqual([ofLeft.id]);
    expect(await listed(`?owner_gone=false&owner=${disabled.userId}`)).toEqual([tokenOfDisabled.id]);
  });

  it('leaves out expired and revoked ones', async () => {
    const [expired, revoked] = [await makeKey(org.admin.api), await makeToken(org.admin.api)];
    await update(expired.id, `expires_at = now() - interval '1 second'`);
    await org.admin.api.post(`${TOKENS}/${revoked.id}/revocation`);

    const all = await listed('?limit=100');
    expect(all).not.toContain(expired.id);
    expect(all).not.toContain(revoked.id);
  });

  it('shows service keys to operators and refuses other kinds, before malformed values', async () => {
    const { api } = await operator();

    const kinds = (await list('?limit=100', api)).items.map((item: { kind: string }) => item.kind);
    expect(new Set(kinds)).toEqual(new Set(['service_key']));
    for (const kind of ['personal_access_token', 'scim_token']) {
      const asked = api.get(`${CREDENTIALS}?kind=${kind}&limit=0`);
      expect(await errorOf(asked)).toEqual([403, 'only_admins_manage_tokens']);
      const filtered = revoke({ filter: { kind } }, api);
      expect(await errorOf(filtered)).toEqual([403, 'only_admins_manage_tokens']);
    }
    expect((await maker.api.get(CREDENTIALS)).status).toBe(403);
  });

  it('records that tokens of other members were read, and nothing else', async () => {
    const operation = 'list_all_org_personal_access_tokens';
    const before = await auditOf(t, org.orgId, [operation]);
    await list('?kind=service_key');
    await list(`?owner=${org.admin.userId}`);
    expect(await auditOf(t, org.orgId, [operation])).toEqual(before);
    await list(`?owner=${maker.userId}`);

    const entries = await auditOf(t, org.orgId, [operation]);
    expect(entries.slice(before.length)).toMatchObject([{ userId: org.admin.userId, succeeded: true }]);
  });

  it('shows nothing of another organization', async () => {
    const other = await t.fixtures.orgWithAdmin();

    expect(await listed('', other.admin.api)).toEqual([]);
    expect((await revoke({ ids: [key.id] }, other.admin.api)).body).toMatchObject({
      count: 0,
      refused: [{ id: key.id, code: 'api_key_not_found' }],
    });
  });

  it('starts again with a cursor that it has not issued, and refuses malformed values', async () => {
    const digest = JSON.parse(
      Buffer.from((await list('?limit=1')).next_cursor, 'base64url').toString(),
    )[0] as string;
    const forged = (at: string) =>
      Buffer.from(JSON.stringify([digest, at, randomUUID()])).toString('base64url');

    for (const at of [
      "'",
      '9999',
      '2026-02-28T99:00:00.000000Z',
      '2026-02-31T00:00:00.000000Z',
      '0000-01-01T00:00:00.000000Z',
    ])
      expect(await listed(`?limit=1&cursor=${forged(at)}`)).toEqual(await listed('?limit=1'));
    for (const query of ['kind=session', 'owner=me', 'unused_for_days=0', 'ends_before=soon', 'limit=101'])
      expect((await org.admin.api.get(`${CREDENTIALS}?${query}`)).status).toBe(422);
  });
});

describe('revoking many credentials', () => {
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
  });

  it('only says what it would revoke unless it is told the number', async () => {
    const [key, token] = [await makeKey(org.admin.api), await makeToken(org.admin.api)];
    const selection = { ids: [key.id, token.id] };

    const preview = await revoke(selection);
    expect(preview).toMatchObject({
      status: 200,
      body: { dry_run: true, count: 2, refused: [], further_tokens: 0, has_more: false },
    });
    const differs = [409, 'credential_count_differs'];
    expect(await errorOf(revoke({ ...selection, dry_run: false }))).toEqual(differs);
    expect(await errorOf(revokeAll(selection, 1))).toEqual(differs);
    expect([await isAccepted(key), await isAccepted(token)]).toEqual([true, true]);

    const done = await revokeAll(selection, 2);
    expect(done.body).toEqual({ ...preview.body, dry_run: false });
    expect([await isAccepted(key), await isAccepted(token)]).toEqual([false, false]);
  });

  it('deletes keys and SCIM tokens, revokes tokens with their children, and records each', async () => {
    const owner = await lead();
    const parent = await makeToken(owner.api);
    const child = await makeToken(t.api.as({ key: parent.key, orgId: org.orgId }));
    const keyOfParent = await makeKey(t.api.as({ key: parent.key, orgId: org.orgId }));
    const [key, scim] = [await makeWideKey(org.admin.api), await makeScimToken(org.admin.api)];

    const { body } = await revokeAll({ ids: [parent.id, key.id, scim.id] }, 3);

    expect(body).toMatchObject({ count: 3, further_tokens: 1 });
    expect(await Promise.all([parent, child, key, keyOfParent].map(isAccepted))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(await t.sql('select from scim_tokens where id = $1', [scim.id])).toEqual([]);
    expect(await t.sql('select from api_keys where id = $1', [key.id])).toEqual([]);
    const audit = await auditOf(t, org.orgId, [
      'delete_service_key',
      'revoke_personal_access_token',
      'delete_scim_token',
    ]);
    const about = (id: string) => audit.filter(({ resourceIds }) => resourceIds[0] === id);
    expect(about(key.id)).toMatchObject([{ operation: 'delete_service_key', succeeded: true }]);
    expect(about(scim.id)).toMatchObject([{ operation: 'delete_scim_token', userId: org.admin.userId }]);
    expect(about(parent.id)).toMatchObject([
      {
        operation: 'revoke_personal_access_token',
        resourceIds: [parent.id, child.id],
        ownerId: owner.userId,
      },
    ]);
    expect((await org.admin.api.delete(`${TOKENS}/${parent.id}/revocation`)).status).toBe(204);
    expect(await isAccepted(child)).toBe(true);
  });

  it('names what an operator may not delete, and revokes the others', async () => {
    const { api } = await operator();
    const [wide, key] = [await makeWideKey(org.admin.api), await makeKey(org.admin.api)];
    const token = await makeToken(org.admin.api);
    const unknown = randomUUID();

    const { body } = await revokeAll({ ids: [wide.id, key.id, token.id, unknown] }, 1, api);

    expect(body.credentials).toMatchObject([{ id: key.id, kind: 'service_key', short_key: key.short_key }]);
    expect(body.refused.map(({ id, code }: { id: string; code: string }) => [id, code])).toEqual([
      [wide.id, 'only_admins_manage_org_wide_keys'],
      [token.id, 'api_key_not_found'],
      [unknown, 'api_key_not_found'],
    ]);
    expect(await Promise.all([wide, key, token].map(isAccepted))).toEqual([true, false, true]);
  });

  it('compares keys for the whole organization with the rights of an admin key of less than that rank', async () => {
    const roles = { org_role_id: role('ORGANIZATION_ADMIN'), role_id: role('WORKSPACE_VIEWER') };
    const weak = await makeWideKey(org.admin.api, roles);
    const strong = await makeWideKey(org.admin.api, { role_id: role('WORKSPACE_ADMIN') });
    const equal = await makeWideKey(org.admin.api, { role_id: role('WORKSPACE_VIEWER') });

    const { body } = await revoke(
      { ids: [strong.id, equal.id] },
      t.api.as({ key: weak.key, orgId: org.orgId }),
    );

    expect(body).toMatchObject({
      credentials: [{ id: equal.id }],
      refused: [{ id: strong.id, code: 'role_not_grantable' }],
    });
  });

  it('ends the credential of the request by its id, never by a filter', async () => {
    const caller = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const parent = await makeToken(caller.api);
    const own = await makeToken(t.api.as({ key: parent.key, orgId: org.orgId }));
    const other = await makeToken(caller.api);
    const api = t.api.as({ key: own.key, orgId: org.orgId });

    const filtered = await revokeAll({ filter: { owner: caller.userId } }, 1, api);
    expect(filtered.body.credentials).toMatchObject([{ id: other.id }]);
    expect((await revokeAll({ ids: [own.id] }, 1, api)).status).toBe(200);
    expect([await isAccepted(own), await isAccepted(parent)]).toEqual([false, true]);
  });

  it('ends applications with an audit entry, never that of the request by a filter, and none for operators', async () => {
    const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const [own, other] = [await grantOf(t.sql, org, admin), await grantOf(t.sql, org, admin, 'another')];
    const unknown = { count: 0, refused: [{ id: other.id, code: 'api_key_not_found' }] };
    expect((await revoke({ ids: [other.id] }, (await operator()).api)).body).toMatchObject(unknown);

    const selection = { filter: { owner: admin.userId } };
    const { body } = await revokeAll(selection, 1, own.api);
    expect(body.credentials).toEqual([
      { id: other.id, kind: 'application', short_key: 'another', description: 'another (name)' },
    ]);
    expect((await revokeAll({ ids: [own.id] }, 1)).status).toBe(200);

    expect(await t.sql('select from oauth_grants where user_id = $1', [admin.userId])).toEqual([]);
    const entries = await auditOf(t, org.orgId, ['revoke_oauth_grant']);
    expect(entries.map(({ resourceIds: [id], userId, ownerId }) => [id, userId, ownerId])).toEqual([
      [other.id, admin.userId, null],
      [own.id, org.admin.userId, admin.userId],
    ]);
  });

  it('revokes the first thousand that match a filter, and says that there are more', async () => {
    const owner = await lead();
    await t.sql(
      `insert into api_keys (id, kind, org_id, digest, short_key, description, user_id)
       select gen_random_uuid(), 'pat', $1, sha256((n || $2::text)::bytea), 'lsv2_pt_…', 'many', $2::uuid
       from generate_series(1, 1001) n`,
      [org.orgId, owner.userId],
    );
    const selection = { filter: { owner: owner.userId } };

    expect((await revokeAll(selection, 1000)).body).toMatchObject({ count: 1000, has_more: true });
    expect((await revoke(selection)).body).toMatchObject({ count: 1, has_more: false });
  });

  it('lets one of two simultaneous revocations revoke, and tells the other that the number differs', async () => {
    const owner = await lead();
    await makeToken(owner.api);
    const selection = { filter: { owner: owner.userId } };

    const replies = await Promise.all([revokeAll(selection, 1), revokeAll(selection, 1)]);

    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it.each([
    [{}],
    [{ ids: [], dry_run: false }],
    [{ filter: {} }],
    [{ ids: [randomUUID()], filter: { never_used: true } }],
    [{ ids: ['key'] }],
    [{ filter: { unused_for_days: -1 } }],
    [{ ids: Array.from({ length: 1001 }, () => randomUUID()) }],
  ])('returns 422 for a selection that is not valid: %#', async (body) => {
    expect((await revoke(body)).status).toBe(422);
  });

  it('records a refused request', async () => {
    const { api } = await operator();
    await revoke({ filter: { kind: 'scim_token' }, dry_run: false }, api);

    expect(await auditOf(t, org.orgId, ['revoke_credentials'])).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ succeeded: false, responseStatus: 403 })]),
    );
  });
});
