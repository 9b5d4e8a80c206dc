import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { role } from '../support/fixtures.js';
import { scimOf, TENANTRY_GROUP } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const INFO = '/api/v1/orgs/current/info';
const PLATFORM_INFO = '/v1/platform/orgs/current/info';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

describe('the current organization', () => {
  it('returns the organization to each member with the permissions of that member', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });

    const forViewer = await viewer.api.get('/api/v1/orgs/current');
    const forAdmin = await org.admin.api.get('/api/v1/orgs/current');

    expect(forViewer).toMatchObject({
      status: 200,
      body: {
        id: org.orgId,
        display_name: 'Other',
        is_personal: false,
        connected_to_stripe: false,
        connected_to_metronome: false,
        has_cancelled: false,
        permissions: ['organization:read', 'organization:read-metadata', 'organization:user-groups:read'],
      },
    });
    const held = role('ORGANIZATION_ADMIN');
    const roles = (await org.admin.api.get('/api/v1/orgs/current/roles')).body;
    expect(forAdmin.body.permissions).toEqual(
      roles.find(({ id }: { id: string }) => id === held).permissions,
    );
    expect(forAdmin.body.permissions).toContain('organization:manage');
  });

  it('starts with all features of a self-hosted organization and without limits', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();

    const { body } = await admin.api.get(INFO);

    expect(body).toMatchObject({
      config: {
        max_identities: -1,
        max_workspaces: -1,
        can_use_rbac: true,
        can_use_abac: true,
        can_use_audit_logs: true,
        can_set_api_key_max_expiry: true,
      },
      reached_max_workspaces: false,
      invites_enabled: true,
      jit_provisioning_enabled: true,
      workspace_admin_can_invite_to_org: false,
      pat_creation_disabled: false,
      api_key_creation_from_api_keys_enabled: true,
      default_sso_provision: false,
      scim_group_name_separator: ':',
      max_pat_expiry_days: null,
    });
  });

  it('has the tier enterprise in every representation', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();

    const bodies = [
      (await admin.api.get('/api/v1/orgs/current')).body,
      (await admin.api.get(INFO)).body,
      (await admin.api.patch(INFO, {})).body,
      (await admin.api.get('/v1/platform/orgs/current/info')).body,
      (await admin.api.get('/api/v1/orgs')).body[0],
      (await admin.api.get('/api/v1/orgs?include_tier=true')).body[0],
    ];

    expect(bodies.map(({ tier }) => tier)).toEqual(bodies.map(() => 'enterprise'));
  });

  it('returns the organization on both platform paths without null fields', async () => {
    const { admin, orgId } = await t.fixtures.orgWithAdmin();
    const { body: info } = await admin.api.get(INFO);

    const { status, body } = await admin.api.get(PLATFORM_INFO);
    const gateway = await admin.api.get('/api/v1/platform/orgs/current/info');

    expect([status, body.id]).toEqual([200, orgId]);
    expect(gateway.body).toEqual(body);
    expect(Object.values({ ...body, ...body.config })).not.toContain(null);
    expect(info).toMatchObject(body);
  });

  it.each([INFO, PLATFORM_INFO, '/api/v1/orgs/current'])(
    'returns 403 for %s to members of another organization and 401 without a credential',
    async (path) => {
      const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];

      const foreign = await other.admin.api.as({ orgId: org.orgId, workspaceId: '' }).get(path);
      const anonymous = await t.api.as({ orgId: org.orgId }).get(path);

      expect([foreign.status, anonymous.status]).toEqual([403, 401]);
      expect(Object.keys(anonymous.body)).toEqual([path.startsWith('/v1/') ? 'error' : 'detail']);
    },
  );
});

describe('changing the organization settings', () => {
  it('returns and stores changed settings and leaves absent ones unchanged', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const before = (await admin.api.get(INFO)).body;
    const wish = {
      display_name: 'Renamed',
      invites_enabled: false,
      jit_provisioning_enabled: false,
      workspace_admin_can_invite_to_org: true,
      pat_creation_disabled: true,
      api_key_creation_from_api_keys_enabled: false,
      max_api_key_expiry_days: 90,
      max_pat_expiry_days: 30,
      max_service_key_expiry_days: 365,
      security_contact: 'security@example.com',
      scim_group_name_separator: '-',
      public_sharing_disabled: true,
      restrict_browser_secrets: true,
      llm_auth_proxy_enabled: true,
      llm_auth_proxy_jwt_audience: 'proxy',
      llm_auth_proxy_allowed_urls: ['https://proxy.example.com'],
      engine_enabled: true,
    };

    const changed = await admin.api.patch(INFO, wish);
    const again = await admin.api.patch(INFO, {});

    const effective = {
      workspace_admin_can_invite_to_org_effective: true,
      invite_access: expect.any(Object),
    };
    expect(changed).toMatchObject({ status: 200, body: { ...before, ...wish, ...effective } });
    expect(again.body).toEqual(changed.body);
    expect((await admin.api.get(INFO)).body).toEqual(changed.body);
  });

  it.each([
    ['max_api_key_expiry_days', 7],
    ['max_pat_expiry_days', 7],
    ['max_service_key_expiry_days', 7],
    ['security_contact', 'security@example.com'],
    ['restrict_browser_secrets', true],
    ['llm_auth_proxy_enabled', true],
    ['llm_auth_proxy_jwt_audience', 'proxy'],
    ['llm_auth_proxy_allowed_urls', ['https://proxy.example.com']],
    ['engine_enabled', true],
  ])('clears the setting %s by null', async (name, value) => {
    const { admin } = await t.fixtures.orgWithAdmin();
    expect((await admin.api.patch(INFO, { [name]: value })).body[name]).toEqual(value);

    const cleared = await admin.api.patch(INFO, { [name]: null });

    expect([cleared.status, cleared.body[name]]).toEqual([200, null]);
  });

  it.each([
    'public_sharing_disabled',
    'pat_creation_disabled',
    'jit_provisioning_enabled',
    'workspace_admin_can_invite_to_org',
    'invites_enabled',
  ])('leaves the setting %s unchanged when it is null', async (name) => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const before = (await admin.api.get(INFO)).body;
    const { body: changed } = await admin.api.patch(INFO, { [name]: !before[name] });

    const kept = await admin.api.patch(INFO, { [name]: null });

    expect(kept).toMatchObject({ status: 200, body: { [name]: changed[name] } });
    expect(changed[name]).toBe(!before[name]);
  });

  it.each(['display_name', 'scim_group_name_separator'])(
    'returns 422 when the setting %s, which is not nullable, is null',
    async (name) => {
      const { admin } = await t.fixtures.orgWithAdmin();

      const { status, body } = await admin.api.patch(INFO, { [name]: null });

      expect(status).toBe(422);
      expect(body.detail).toMatchObject([{ loc: ['body', name] }]);
    },
  );

  it.each([
    ['display_name', 'A/B'],
    ['display_name', ''],
    ['scim_group_name_separator', '::'],
    ['scim_group_name_separator', ''],
    ['scim_group_name_separator', 'r'],
    ['scim_group_name_separator', '|'],
    ['max_pat_expiry_days', 0],
    ['max_api_key_expiry_days', -1],
    ['max_service_key_expiry_days', 1.5],
    ['max_pat_expiry_days', '30'],
    ['invites_enabled', 'yes'],
    ['security_contact', 'not-an-address'],
    ['llm_auth_proxy_allowed_urls', 'https://proxy.example.com'],
  ])('returns 422 for %s = %j and changes nothing', async (name, value) => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const before = (await admin.api.get(INFO)).body;

    const { status, body } = await admin.api.patch(INFO, { pat_creation_disabled: true, [name]: value });

    expect(status).toBe(422);
    expect(body.detail).toMatchObject([{ loc: ['body', name] }]);
    expect((await admin.api.get(INFO)).body).toEqual(before);
  });

  it('names every malformed setting in one response', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();

    const { body } = await admin.api.patch(INFO, {
      scim_group_name_separator: 'r',
      max_pat_expiry_days: 0,
    });

    const fields = body.detail.map(({ loc }: { loc: string[] }) => loc[1]).sort();
    expect(fields).toEqual(['max_pat_expiry_days', 'scim_group_name_separator']);
  });

  it('lets only admins and operators change the settings', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const change = async (orgRole: 'ORGANIZATION_OPERATOR' | 'ORGANIZATION_USER' | 'ORGANIZATION_VIEWER') => {
      const { api } = await t.fixtures.member(org, { org: orgRole, workspace: 'WORKSPACE_ADMIN' });
      return (await api.patch(INFO, { display_name: 'Renamed' })).status;
    };

    expect(await change('ORGANIZATION_OPERATOR')).toBe(200);
    expect(await change('ORGANIZATION_USER')).toBe(403);
    expect(await change('ORGANIZATION_VIEWER')).toBe(403);
  });

  it('lets only Organization Admins change the separator in group names, and others send its value unchanged', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const roles = { org_role_id: role('ORGANIZATION_ADMIN'), role_id: role('WORKSPACE_VIEWER') };
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', roles);
    const weakKey = t.api.as({ key: body.key });
    const scim = await scimOf(org.admin.api);
    const group = await scim.post('/Groups', { displayName: 'Organization User&Workspace 1&Admin' });
    const change = (api: Api, separator: string) =>
      api.patch(INFO, { scim_group_name_separator: separator, pat_creation_disabled: true });

    for (const api of [operator.api, weakKey]) {
      const refused = await change(api, '&');
      expect(refused).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('Organization Admin') },
      });
      expect(refused.headers.get('x-error-code')).toBe('only_admins_change_group_separator');
    }
    expect((await org.admin.api.get(INFO)).body).toMatchObject({ pat_creation_disabled: false });
    expect((await org.admin.api.get('/api/v1/orgs/current')).body.scim_group_name_separator).toBe(':');
    expect((await change(operator.api, ':')).status).toBe(200);
    expect((await change(org.admin.api, '&')).status).toBe(200);
    expect((await scim.get(`/Groups/${group.body.id}`)).body[TENANTRY_GROUP]).toMatchObject({ grants: true });
  });

  it('returns 409 for a requirement of a sign-in while users have passwords, and drops one', async () => {
    const { admin, orgId } = await t.fixtures.orgWithAdmin();
    const wish = { org_role_id: role('ORGANIZATION_ADMIN') };
    const { body: token } = await admin.api.post('/api/v1/orgs/current/service-keys', wish);

    const refused = await admin.api.patch(INFO, { required_acr: ['gold'] });
    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([
      409,
      'sign_in_requirement_needs_sso',
    ]);

    await t.sql(`update organizations set required_acr = '{gold}' where id = $1`, [orgId]);
    expect((await admin.api.get(INFO)).headers.get('x-error-code')).toBe('insufficient_user_authentication');
    const dropped = await t.api.as({ key: token.key, orgId }).patch(INFO, { required_acr: [] });
    expect(dropped.body).toMatchObject({ required_acr: [] });
  });

  it('keeps all settings that concurrent requests change', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const wishes = [
      { public_sharing_disabled: true },
      { restrict_browser_secrets: true },
      { llm_auth_proxy_enabled: true },
      { llm_auth_proxy_jwt_audience: 'proxy' },
      { engine_enabled: true },
    ];

    await Promise.all(wishes.map((wish) => admin.api.patch(INFO, wish)));

    expect((await admin.api.get(INFO)).body).toMatchObject(Object.assign({}, ...wishes));
  });
});
