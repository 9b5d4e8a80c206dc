import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../support/fixtures.js';
import { role } from '../support/fixtures.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

type Named = { id: string; display_name: string; is_personal: boolean };

const ORGS = '/api/v1/orgs';
const TENANTS = '/api/v1/tenants';
const list = async ({ api }: Person, path: string): Promise<Named[]> => (await api.get(path)).body;

describe('an installation where users may create organizations, without personal ones', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp(SSO_ENVIRONMENT);
  });
  afterAll(() => t.close());

  it('makes the creator of an organization its admin, with a first workspace', async () => {
    const founder = await ssoStranger(t);

    const { status, body } = await founder.api.post(ORGS, {
      display_name: 'Acme Inc_1',
      is_personal: false,
      security_contact: 'security@example.com',
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      display_name: 'Acme Inc_1',
      is_personal: false,
      created_by_user_id: founder.userId,
      default_sso_provision: false,
      security_contact: 'security@example.com',
    });
    const api = founder.api.as({ orgId: body.id });
    const [me] = (await api.get('/api/v1/orgs/current/members/active')).body;
    expect(me).toMatchObject({ user_id: founder.userId, role_id: role('ORGANIZATION_ADMIN') });
    expect((await api.get('/api/v1/workspaces')).body).toMatchObject([
      { id: me.tenant_ids[0], display_name: 'Workspace 1', role_name: 'Admin' },
    ]);
  });

  it('creates an organization with a first workspace of the same name for a new tenant', async () => {
    const founder = await ssoStranger(t);

    const { status, body } = await founder.api.post(TENANTS, { display_name: "Ada's team" });

    expect(status).toBe(200);
    expect(body).toMatchObject({ display_name: "Ada's team", is_personal: false, is_deleted: false });
    expect(await list(founder, ORGS)).toMatchObject([
      { id: body.organization_id, display_name: "Ada's team" },
    ]);
    expect(await list(founder, TENANTS)).toMatchObject([
      { id: body.id, organization_id: body.organization_id },
    ]);
  });

  it.each([
    ['a slash in its name', ORGS, { display_name: 'A/B', is_personal: false }, 'display_name'],
    ['a colon in its name', ORGS, { display_name: 'Ada: us', is_personal: false }, 'display_name'],
    ['no is_personal field', ORGS, { display_name: 'Acme' }, 'is_personal'],
    ['an empty name as a tenant', TENANTS, { display_name: '' }, 'display_name'],
    ['an asterisk in its name as a tenant', TENANTS, { display_name: 'Acme*' }, 'display_name'],
    [
      'a contact without a mailbox',
      ORGS,
      { display_name: 'A', is_personal: false, security_contact: 'x' },
      'security_contact',
    ],
    ['a malformed handle as a tenant', TENANTS, { display_name: 'A', tenant_handle: 'A B' }, 'tenant_handle'],
  ])('returns an error and creates nothing for an organization with %s', async (_what, path, body, field) => {
    const founder = await ssoStranger(t);

    const refused = await founder.api.post(path, body);

    expect(refused.status).toBe(422);
    expect(refused.body.detail[0].loc).toEqual(['body', field]);
    expect(await list(founder, ORGS)).toEqual([]);
  });

  it('returns 403 that names PERSONAL_ORGS_DISABLED for a personal organization', async () => {
    const founder = await ssoStranger(t);

    const refused = await founder.api.post(ORGS, { display_name: 'Mine', is_personal: true });

    expect(refused.status).toBe(403);
    expect(refused.body.detail).toMatch(/PERSONAL_ORGS_DISABLED/);
  });

  it('creates no organization when the lists are read and personal ones are disabled', async () => {
    const newcomer = await ssoStranger(t, { hadPassword: true });

    expect(await list(newcomer, ORGS)).toEqual([]);
    expect(await list(newcomer, TENANTS)).toEqual([]);
  });
});

describe('a password installation', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.close());

  it('lists every organization and workspace of the caller, oldest first', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const person = await t.fixtures.member(one, { workspace: 'WORKSPACE_VIEWER' });
    await t.fixtures.addMember(two, person, { workspace: 'WORKSPACE_USER' });

    const orgs = await list(person, ORGS);
    const workspaces = await list(person, TENANTS);

    expect(orgs.map(({ id }) => id)).toEqual([one.orgId, two.orgId]);
    expect(workspaces).toMatchObject([
      { id: one.workspaceId, role_name: 'Viewer' },
      { id: two.workspaceId, role_name: 'Editor' },
    ]);
  });

  it('lists deleted workspaces to an admin who requests them', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const { body } = await admin.api.post('/api/v1/workspaces', { display_name: 'Short-lived' });
    await admin.api.delete(`/api/v1/workspaces/${body.id}`);

    expect(await list(admin, TENANTS)).not.toContainEqual(expect.objectContaining({ id: body.id }));
    expect(await list(admin, `${TENANTS}?include_deleted=true`)).toContainEqual(
      expect.objectContaining({ id: body.id, is_deleted: true }),
    );
  });

  it('returns 403 for keys and 401 without a session on the routes of organizations', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const pat = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const key = t.api.as({ key: pat.body.key });

    const replies = [
      await key.get(ORGS),
      await key.post(ORGS, { display_name: 'Acme', is_personal: false }),
      await key.get(TENANTS),
      await t.api.get(ORGS),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 401]);
  });
});

describe('an installation where organizations cannot be created', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp({ ...SSO_ENVIRONMENT, FF_ORG_CREATION_DISABLED: undefined });
  });
  afterAll(() => t.close());

  it.each([
    [ORGS, { display_name: 'Acme', is_personal: false }],
    [TENANTS, { display_name: 'Acme' }],
    [ORGS, { display_name: 'A/B', is_personal: false, security_contact: 'not-an-address' }],
    [ORGS, { is_personal: 'perhaps' }],
    [TENANTS, []],
  ])('returns 403 that names the setting for POST %s with %j', async (path, body) => {
    const founder = await ssoStranger(t);

    const refused = await founder.api.post(path, body);

    expect(refused.status).toBe(403);
    expect(refused.body.detail).toMatch(/ORG_CREATION_DISABLED/);
    expect(await list(founder, ORGS)).toEqual([]);
  });
});

describe('an installation with personal organizations', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp({ ...SSO_ENVIRONMENT, PERSONAL_ORGS_DISABLED: 'false' });
  });
  afterAll(() => t.close());

  it('creates a personal organization with one workspace when the user first lists organizations', async () => {
    const newcomer = await ssoStranger(t, { hadPassword: true });

    const first = await list(newcomer, ORGS);
    const second = await list(newcomer, TENANTS);

    expect(first).toMatchObject([{ is_personal: true, created_by_user_id: newcomer.userId }]);
    expect(second).toMatchObject([{ organization_id: first[0]!.id, is_personal: true, role_name: 'Admin' }]);
    expect(await list(newcomer, ORGS)).toEqual(first);
  });

  it('creates no personal organization with skip_create or for the list of workspaces', async () => {
    const newcomer = await ssoStranger(t, { hadPassword: true });

    expect(await list(newcomer, `${ORGS}?skip_create=true`)).toEqual([]);
    expect(await list(newcomer, `${TENANTS}?skip_create=true`)).toEqual([]);
    await newcomer.api.get('/api/v1/workspaces');
    expect(await list(newcomer, `${ORGS}?skip_create=true`)).toEqual([]);
  });

  it('creates one personal organization for many concurrent first lists', async () => {
    const newcomer = await ssoStranger(t, { hadPassword: true });

    const looks = await Promise.all(
      [ORGS, TENANTS, ORGS, TENANTS, ORGS, TENANTS].map((path) => newcomer.api.get(path)),
    );

    expect(looks.map(({ body }) => body.length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await list(newcomer, ORGS)).toHaveLength(1);
  });

  it('returns 409 when a user creates a second personal organization', async () => {
    const newcomer = await ssoStranger(t, { hadPassword: true });
    const ask = () => newcomer.api.post(ORGS, { display_name: 'Mine', is_personal: true });

    const [first, second] = [await ask(), await ask()];

    expect([first.status, second.status]).toEqual([200, 409]);
    expect(second.headers.get('x-should-retry')).toBe('false');
  });

  it('returns 403 for a second workspace of a personal organization, and reports the limit', async () => {
    const newcomer = await ssoStranger(t, { hadPassword: true });
    const [org] = await list(newcomer, ORGS);
    const api = newcomer.api.as({ orgId: org!.id });

    const refused = await api.post('/api/v1/workspaces', { display_name: 'Second' });

    expect(refused).toMatchObject({ status: 403, body: { detail: expect.stringMatching(/one workspace/) } });
    expect((await api.get('/api/v1/orgs/current/info')).body).toMatchObject({
      reached_max_workspaces: true,
      config: { max_workspaces: 1 },
    });
    expect(await list(newcomer, TENANTS)).toHaveLength(1);
  });

  it('returns 403 for an invitation to a personal organization', async () => {
    const newcomer = await ssoStranger(t, { hadPassword: true });
    const [org] = await list(newcomer, ORGS);

    const refused = await newcomer.api
      .as({ orgId: org!.id })
      .post('/api/v1/orgs/current/members', { email: t.fixtures.email() });

    expect(refused.status).toBe(403);
  });
});
