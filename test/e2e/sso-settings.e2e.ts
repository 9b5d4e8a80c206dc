import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { SSO_SETTINGS, ssoBody, ssoSettings } from '../support/sso-settings.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { TEST_SIGN_IN } from '../support/test-sign-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const MAPPING = { keys: { email: { name: 'mail', array: false }, teams: { name: 'groups', array: true } } };

/** For requests that are refused and change nothing. */
let untouched: OrgWithAdmin;
beforeAll(async () => {
  untouched = await t.fixtures.orgWithAdmin();
});

describe('creating SSO settings', () => {
  it('returns 201 with the published defaults, and lists the new settings', async () => {
    const org = await t.fixtures.orgWithAdmin();
    expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([]);
    const { status, body } = await org.admin.api.post(SSO_SETTINGS, ssoBody(org));
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      organization_id: org.orgId,
      provider_id: expect.any(String),
      default_workspace_role_id: role('WORKSPACE_USER'),
      default_workspace_ids: [org.workspaceId],
      metadata_url: null,
      metadata_xml: null,
      sso_groups_enabled: false,
      sso_groups_claim_field: 'groups',
      sso_groups_required: false,
      sso_groups_role_sync_enabled: true,
      attribute_mapping: null,
      attribute_mapping_load_error: null,
    });
    expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([body]);
  });

  it('keeps every field that is sent', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(org);
    const sent = {
      default_workspace_role_id: await customRole(org, ['workspaces:read']),
      default_workspace_ids: [org.workspaceId, second],
      metadata_url: 'https://idp.example.com/metadata',
      sso_groups_enabled: true,
      sso_groups_claim_field: 'teams',
      sso_groups_required: true,
      sso_groups_role_sync_enabled: false,
      attribute_mapping: { keys: { email: { name: 'mail' }, teams: { name: 'groups', array: true } } },
    };
    const body = await ssoSettings(org, sent);
    expect(body).toMatchObject({ ...sent, attribute_mapping: MAPPING });
  });

  it('creates the settings once when eight requests are concurrent, and returns 409 for the others', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => org.admin.api.post(SSO_SETTINGS, ssoBody(org))),
    );
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, ...Array(7).fill(409)]);
    expect((await org.admin.api.get(SSO_SETTINGS)).body).toHaveLength(1);
  });

  it('keeps a workspace once that is listed twice', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const twice = [org.workspaceId, org.workspaceId.toUpperCase()];
    expect((await ssoSettings(org, { default_workspace_ids: twice })).default_workspace_ids).toEqual([
      org.workspaceId,
    ]);
  });

  it('returns 404 that names a workspace or role of another organization', async () => {
    const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const ids = [org.workspaceId, other.workspaceId, randomUUID()];
    const foreign = await customRole(other, ['workspaces:read']);
    const places = await org.admin.api.post(SSO_SETTINGS, ssoBody(org, { default_workspace_ids: ids }));
    expect(places.status).toBe(404);
    expect(places.body.detail.map(({ loc }: { loc: unknown }) => loc)).toEqual([
      ['body', 'default_workspace_ids', 1],
      ['body', 'default_workspace_ids', 2],
    ]);
    for (const id of [foreign, role('ORGANIZATION_USER'), randomUUID()]) {
      const reply = await org.admin.api.post(SSO_SETTINGS, ssoBody(org, { default_workspace_role_id: id }));
      expect(reply.status).toBe(404);
    }
    expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([]);
  });

  it.each([
    [{ default_workspace_ids: [] }, 'default_workspace_ids'],
    [{ default_workspace_ids: 'all' }, 'default_workspace_ids'],
    [{ default_workspace_role_id: 'Editor' }, 'default_workspace_role_id'],
    [{ default_workspace_role_id: undefined }, 'default_workspace_role_id'],
    [{ metadata_url: 'https://idp.example.com', metadata_xml: '<xml/>' }, 'metadata_xml'],
    [{ metadata_url: 'javascript:alert(1)' }, 'metadata_url'],
    [{ metadata_url: '' }, 'metadata_url'],
    [{ sso_groups_enabled: null }, 'sso_groups_enabled'],
    [{ sso_groups_claim_field: ' ' }, 'sso_groups_claim_field'],
    [{ attribute_mapping: [] }, 'attribute_mapping'],
    [{ attribute_mapping: { keys: { email: 'mail' } } }, 'attribute_mapping'],
    [{ attribute_mapping: { keys: { email: { array: true } } } }, 'attribute_mapping'],
    [{ attribute_mapping: { keys: { '\ud800': { name: 'mail' } } } }, 'attribute_mapping'],
    [{ attribute_mapping: { keys: { email: { name: '\ud800' } } } }, 'attribute_mapping'],
    [{ attribute_mapping: { keys: { 'e\0mail': { name: 'mail' } } } }, 'attribute_mapping'],
  ])('returns 422 for the settings %j', async (wrong, field) => {
    const reply = await untouched.admin.api.post(SSO_SETTINGS, ssoBody(untouched, wrong));
    expect(reply.status).toBe(422);
    expect(reply.body.detail[0].loc.slice(0, 2)).toEqual(['body', field]);
  });
});

describe('changing SSO settings', () => {
  it('keeps the fields that are absent from an update', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const before = await ssoSettings(org, { metadata_xml: '<xml/>', attribute_mapping: MAPPING });
    const path = `${SSO_SETTINGS}/${before.id}`;
    expect((await org.admin.api.patch(path, {})).body).toEqual(before);
    const after = await org.admin.api.patch(path, { sso_groups_enabled: true });
    expect(after).toMatchObject({ status: 200, body: { ...before, sso_groups_enabled: true } });
  });

  it('changes the default role and workspaces permanently', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { id, provider_id } = await ssoSettings(org);
    const second = await anotherWorkspace(org);
    const change = { default_workspace_role_id: role('WORKSPACE_VIEWER'), default_workspace_ids: [second] };
    const { body } = await org.admin.api.patch(`${SSO_SETTINGS}/${id}`, change);
    expect(body).toMatchObject({ id, provider_id, ...change });
    expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([body]);
  });

  it('clears metadata and mapping with null, and stores an empty mapping', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { id } = await ssoSettings(org, { metadata_xml: '<xml/>', attribute_mapping: MAPPING });
    const path = `${SSO_SETTINGS}/${id}`;
    const emptied = await org.admin.api.patch(path, { attribute_mapping: { keys: {} } });
    expect(emptied.body.attribute_mapping).toEqual({ keys: {} });
    const cleared = await org.admin.api.patch(path, { metadata_xml: null, attribute_mapping: null });
    expect(cleared.body).toMatchObject({ metadata_xml: null, attribute_mapping: null });
  });

  it('replaces metadata XML by a URL only when the XML is cleared in the same request', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { id } = await ssoSettings(org, { metadata_xml: '<xml/>' });
    const path = `${SSO_SETTINGS}/${id}`;
    const metadata_url = 'https://idp.example.com/metadata';
    const refused = await org.admin.api.patch(path, { metadata_url });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toMatch(/clear the stored one with null/);
    const moved = await org.admin.api.patch(path, { metadata_url, metadata_xml: null });
    expect(moved).toMatchObject({ status: 200, body: { metadata_url, metadata_xml: null } });
  });

  it.each([
    'default_workspace_role_id',
    'default_workspace_ids',
    'sso_groups_enabled',
    'sso_groups_claim_field',
    'sso_groups_required',
    'sso_groups_role_sync_enabled',
  ])('leaves %s unchanged when it is null', async (field) => {
    const org = await t.fixtures.orgWithAdmin();
    const before = await ssoSettings(org, { sso_groups_enabled: true, sso_groups_claim_field: 'teams' });
    const reply = await org.admin.api.patch(`${SSO_SETTINGS}/${before.id}`, { [field]: null });
    expect(reply).toMatchObject({ status: 200, body: before });
  });

  it('changes nothing when an update names an unknown workspace or role', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const before = await ssoSettings(org);
    const change = { sso_groups_enabled: true, default_workspace_ids: [org.workspaceId, randomUUID()] };
    const reply = await org.admin.api.patch(`${SSO_SETTINGS}/${before.id}`, change);
    expect(reply.status).toBe(404);
    expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([before]);
  });
});

it('returns the deleted settings, 404 for a second deletion, and allows new settings', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const settings = await ssoSettings(org, { attribute_mapping: MAPPING });
  const path = `${SSO_SETTINGS}/${settings.id}`;
  expect(await org.admin.api.delete(path)).toMatchObject({ status: 200, body: settings });
  expect((await org.admin.api.delete(path)).status).toBe(404);
  expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([]);
  expect((await ssoSettings(org)).id).not.toBe(settings.id);
});

it('returns 404 for the settings of another organization', async () => {
  const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
  const settings = await ssoSettings(org);
  await ssoSettings(other);
  const path = `${SSO_SETTINGS}/${settings.id}`;
  expect((await other.admin.api.patch(path, { sso_groups_enabled: true })).status).toBe(404);
  expect((await other.admin.api.delete(path)).status).toBe(404);
  expect((await other.admin.api.delete(`${SSO_SETTINGS}/nonsense`)).status).toBe(422);
  expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([settings]);
});

it('shows the settings to every member, and allows changes to organization admins only', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const settings = await ssoSettings(org);
  const path = `${SSO_SETTINGS}/${settings.id}`;
  for (const name of ['ORGANIZATION_OPERATOR', 'ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const) {
    const { api } = await t.fixtures.member(org, { org: name, workspace: 'WORKSPACE_ADMIN' });
    expect((await api.get(SSO_SETTINGS)).body).toEqual([settings]);
    expect((await api.post(SSO_SETTINGS, ssoBody(org))).status).toBe(403);
    expect((await api.patch(path, { sso_groups_enabled: true })).status).toBe(403);
    expect((await api.delete(path)).status).toBe(403);
    expect((await api.post(SSO_SETTINGS, {})).status).toBe(403);
    expect((await api.patch(path, { sso_groups_enabled: 'perhaps' })).status).toBe(403);
  }
  expect((await t.api.get(SSO_SETTINGS)).status).toBe(401);
  expect((await org.admin.api.get(SSO_SETTINGS)).body).toEqual([settings]);
});

it('records each change and each refusal in the audit log', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const operator = await t.fixtures.member(org, {
    org: 'ORGANIZATION_OPERATOR',
    workspace: 'WORKSPACE_USER',
  });
  const { id } = await ssoSettings(org);
  await org.admin.api.patch(`${SSO_SETTINGS}/${id}`, { sso_groups_enabled: true });
  await operator.api.delete(`${SSO_SETTINGS}/${id}`);
  await org.admin.api.delete(`${SSO_SETTINGS}/${id}`);
  const operations = ['create_sso_settings', 'update_sso_settings', 'delete_sso_settings'];
  expect(await auditOf(t, org.orgId, operations)).toMatchObject([
    { operation: 'create_sso_settings', succeeded: true, userId: org.admin.userId, resourceIds: [id] },
    { operation: 'update_sso_settings', succeeded: true, userId: org.admin.userId, resourceIds: [id] },
    { operation: 'delete_sso_settings', succeeded: false, userId: operator.userId, responseStatus: 403 },
    { operation: 'delete_sso_settings', succeeded: true, userId: org.admin.userId, resourceIds: [id] },
  ]);
});

it('cannot be tested while people sign in with passwords', async () => {
  const { status, headers, body } = await untouched.admin.api.post(TEST_SIGN_IN, undefined, {
    headers: { origin: t.url },
  });

  expect([status, headers.get('x-error-code')]).toEqual([404, 'sso_disabled']);
  expect(body.detail).toContain('Single sign-on is not set up here');
  expect(headers.getSetCookie()).toEqual([]);
});
