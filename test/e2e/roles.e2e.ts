import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PERMISSIONS } from '../../src/common/access/permissions.js';
import { SYSTEM_ROLES } from '../../src/modules/roles/system-roles.js';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROLES = '/api/v1/orgs/current/roles';
const MEMBERS = '/api/v1/workspaces/current/members';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const design = (display_name: string, permissions: string[]) => ({
  display_name,
  description: 'For a test',
  permissions,
});

async function customRole({ admin }: OrgWithAdmin, permissions: string[], name = 'Curator'): Promise<string> {
  const { status, body } = await admin.api.post(ROLES, design(name, permissions));
  expect(status).toBe(200);
  return body.id;
}

const list = async ({ admin }: OrgWithAdmin) => (await admin.api.get(ROLES)).body as { id: string }[];

describe('system roles', () => {
  it('returns names, scopes and exact permissions of system roles to every reader of the organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });

    const { status, body } = await viewer.api.get(ROLES);

    expect(status).toBe(200);
    const shipped = SYSTEM_ROLES.map((shippedRole) => ({
      id: shippedRole.id,
      name: shippedRole.name,
      display_name: shippedRole.displayName,
      description: shippedRole.description,
      organization_id: null,
      permissions: [...shippedRole.permissions],
      access_scope: shippedRole.accessScope,
      is_restricted: false,
    }));
    expect(body).toHaveLength(7);
    expect(body).toEqual(expect.arrayContaining(shipped));
  });

  it('refuses to change or delete a system role', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const editor = `${ROLES}/${role('WORKSPACE_USER')}`;

    const changed = await org.admin.api.patch(editor, design('Writer', ['workspaces:read']));
    const deleted = await org.admin.api.delete(editor);

    expect([changed.status, deleted.status]).toEqual([403, 403]);
    expect(deleted.body.detail).toMatch(/system roles/i);
  });
});

it('lists all 123 permissions with their scope to every session and key, with or without an organization', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const stranger = await t.fixtures.userWithoutOrg();
  const keys = await Promise.all([
    org.admin.api.post('/api/v1/orgs/current/service-keys', {}),
    org.admin.api.post('/api/v1/orgs/current/service-keys', { workspaces: [org.workspaceId] }),
    org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {}),
  ]);
  const clients = [stranger.api, ...keys.map(({ body }) => t.api.as({ key: body.key }))];

  const responses = await Promise.all(clients.map((client) => client.get('/api/v1/orgs/permissions')));

  expect((await t.api.get('/api/v1/orgs/permissions')).status).toBe(401);
  expect(PERMISSIONS).toHaveLength(123);
  for (const { status, body } of responses) {
    expect(status).toBe(200);
    expect(body).toEqual(
      PERMISSIONS.map(({ name, description, scope }) => ({ name, description, access_scope: scope })),
    );
  }
});

describe('a custom role', () => {
  it('may hold every permission of workspace scope', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const all = PERMISSIONS.filter(({ scope }) => scope === 'workspace').map(({ name }) => name);

    const created = await org.admin.api.post(ROLES, design('Everything', all));

    expect(created).toMatchObject({ status: 200, body: { permissions: all } });
  });

  it('belongs to its organization, is named CUSTOM and keeps the order of its permissions', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const permissions = ['runs:read', 'workspaces:read', 'projects:read', 'charts:read'];

    const created = await org.admin.api.post(ROLES, design('Curator', [...permissions, 'runs:read']));

    const expected = {
      id: created.body.id,
      name: 'CUSTOM',
      ...design('Curator', permissions),
      organization_id: org.orgId,
      access_scope: 'workspace',
      is_restricted: false,
    };
    expect(created).toMatchObject({ status: 200, body: expected });
    expect((await list(org)).find(({ id }) => id === created.body.id)).toEqual(expected);
  });

  it('a custom role is replaced as a whole by an update and returned by its deletion', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const path = `${ROLES}/${await customRole(org, ['workspaces:read'])}`;
    const wish = design('Archivist', ['datasets:read', 'workspaces:read']);

    const changed = await org.admin.api.patch(path, wish);
    const deleted = await org.admin.api.delete(path);

    expect(changed).toMatchObject({ status: 200, body: wish });
    expect(deleted).toMatchObject({ status: 200, body: wish });
    expect((await org.admin.api.delete(path)).status).toBe(404);
    expect(await list(org)).toHaveLength(7);
  });

  it.each([
    ['no permission at all', [], ['body', 'permissions']],
    ['an unknown permission', ['workspaces:read', 'workspaces:fly'], ['body', 'permissions', 1]],
    ['a permission of the organization', ['organization:read'], ['body', 'permissions', 0]],
    [
      'a permission of user groups of the organization',
      ['organization:user-groups:read'],
      ['body', 'permissions', 0],
    ],
    ['the old name of a permission', ['fleet-admin:read'], ['body', 'permissions', 0]],
  ])('returns 422 that names the field for a custom role with %s', async (_what, permissions, loc) => {
    const org = await t.fixtures.orgWithAdmin();

    const { status, body } = await org.admin.api.post(ROLES, design('Curator', permissions));

    expect(status).toBe(422);
    expect(body.detail).toEqual([expect.objectContaining({ loc })]);
  });

  it.each(['', ' \u00a0 '])(
    'returns 422 for the blank name %p, which lists of members use for no role',
    async (name) => {
      const org = await t.fixtures.orgWithAdmin();

      const { status, body } = await org.admin.api.post(ROLES, design(name, ['runs:read']));

      expect(status).toBe(422);
      expect(body.detail).toEqual([expect.objectContaining({ loc: ['body', 'display_name'] })]);
    },
  );

  it('requires all three fields on creation and on update', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await customRole(org, ['workspaces:read']);

    const created = await org.admin.api.post(ROLES, {});
    const changed = await org.admin.api.patch(`${ROLES}/${id}`, { display_name: 'Curator' });

    const places = (detail: { loc: string[] }[]) => detail.map(({ loc }) => loc.at(-1)!).sort();
    expect(created.status).toBe(422);
    expect(places(created.body.detail)).toEqual(['description', 'display_name', 'permissions']);
    expect(changed.status).toBe(422);
    expect(places(changed.body.detail)).toEqual(['description', 'permissions']);
  });

  it.each(['Curator', ' Curator ', 'Admin', 'Admin ', 'admin', 'Ａdmin', 'Editor', 'Viewer'])(
    'returns 409 for the name %s, which is in use',
    async (name) => {
      const org = await t.fixtures.orgWithAdmin();
      await customRole(org, ['workspaces:read'], 'Curator');
      const other = await customRole(org, ['workspaces:read'], 'Other');

      const created = await org.admin.api.post(ROLES, design(name, ['runs:read']));
      const renamed = await org.admin.api.patch(`${ROLES}/${other}`, design(name, ['runs:read']));

      expect([created.status, renamed.status]).toEqual([409, 409]);
      expect(created.headers.get('x-should-retry')).toBe('false');
    },
  );

  it.each(['Ad\u00admin', 'Admin\u200b', '\u202eAdmin', 'Ad\tmin'])(
    'returns 422 for the name %j, which has an invisible character',
    async (name) => {
      const org = await t.fixtures.orgWithAdmin();
      const { status, body } = await org.admin.api.post(ROLES, design(name, ['runs:read']));

      expect(status).toBe(422);
      expect(body.detail).toMatchObject([{ loc: ['body', 'display_name'] }]);
    },
  );

  it('a custom role may have a name that another organization uses', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const first = await customRole(one, ['workspaces:read'], 'Curator');

    expect(await customRole(two, ['workspaces:read'], 'Curator')).not.toBe(first);
  });

  it('returns 404 for a custom role of another organization with any method', async () => {
    const [one, two] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const foreign = await customRole(two, ['workspaces:read']);
    const { membershipId } = await t.fixtures.member(one, {});
    const { api } = one.admin;

    const replies = [
      await api.patch(`${ROLES}/${foreign}`, design('Mine', ['runs:read'])),
      await api.delete(`${ROLES}/${foreign}`),
      await api.delete(`${ROLES}/${randomUUID()}`),
      await api.post(MEMBERS, { org_identity_id: membershipId, role_id: foreign }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await list(one)).some(({ id }) => id === foreign)).toBe(false);
    expect((await list(two)).some(({ id }) => id === foreign)).toBe(true);
  });

  it('a custom role can be held in every workspace but not in the organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await customRole(org, ['workspaces:read']);
    const { membershipId } = await t.fixtures.member(org, {});

    const asOrgRole = await org.admin.api.patch(`/api/v1/orgs/current/members/${membershipId}`, {
      role_id: id,
    });
    const inWorkspace = await org.admin.api.post(MEMBERS, { org_identity_id: membershipId, role_id: id });

    expect(asOrgRole.status).toBe(404);
    expect(inWorkspace).toMatchObject({ status: 200, body: { role_id: id, role_name: 'Curator' } });
  });
});

describe('a custom role that is in use', () => {
  const remove = ({ admin }: OrgWithAdmin, id: string) => admin.api.delete(`${ROLES}/${id}`);

  it('a custom role cannot be deleted until the member who holds it is removed', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await customRole(org, ['workspaces:read']);
    const { membershipId } = await t.fixtures.member(org, { workspace: id });

    const refused = await remove(org, id);
    await org.admin.api.delete(`/api/v1/orgs/current/members/${membershipId}`);

    expect(refused).toMatchObject({ status: 409, body: { detail: 'This role is still held by a member.' } });
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect((await remove(org, id)).status).toBe(200);
  });

  it('a custom role cannot be deleted until the invitation that grants it has ended', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await customRole(org, ['workspaces:read']);
    const invited = await org.admin.api.post('/api/v1/orgs/current/members', {
      email: t.fixtures.email(),
      workspace_ids: [org.workspaceId],
      workspace_role_id: id,
    });

    const refused = await remove(org, id);
    await org.admin.api.delete(`/api/v1/orgs/current/members/${invited.body.id}/pending`);

    expect(refused).toMatchObject({
      status: 409,
      body: { detail: 'This role is still held by an invitation.' },
    });
    expect((await remove(org, id)).status).toBe(200);
  });

  it('a custom role cannot be deleted until the key that has it is deleted', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await customRole(org, ['workspaces:read']);
    const keys = '/api/v1/orgs/current/service-keys';
    const key = await org.admin.api.post(keys, { workspaces: [org.workspaceId], role_id: id });

    const refused = await remove(org, id);
    await org.admin.api.delete(`${keys}/${key.body.id}`);

    expect(refused).toMatchObject({
      status: 409,
      body: { detail: 'This role is still held by a service key.' },
    });
    expect((await remove(org, id)).status).toBe(200);
  });
});

it('is either granted or deleted when both are requested at the same moment', async () => {
  const org = await t.fixtures.orgWithAdmin();
  for (let round = 0; round < 8; round++) {
    const id = await customRole(org, ['workspaces:read'], `Curator ${round}`);
    const { membershipId } = await t.fixtures.member(org, {});

    const [deleted, given] = await Promise.all([
      org.admin.api.delete(`${ROLES}/${id}`),
      org.admin.api.post(MEMBERS, { org_identity_id: membershipId, role_id: id }),
    ]);

    expect([
      [200, 404],
      [409, 200],
    ]).toContainEqual([deleted.status, given.status]);
  }
});

it('applies a change of a custom role from the next request of its holders on', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const id = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
  const holder = await t.fixtures.member(org, { workspace: id });
  const [first, second] = [await t.fixtures.member(org, {}), await t.fixtures.member(org, {})];
  const add = (membershipId: string) =>
    holder.api.post(MEMBERS, { org_identity_id: membershipId, role_id: id });
  const change = (permissions: string[]) =>
    org.admin.api.patch(`${ROLES}/${id}`, design('Curator', permissions));

  const before = await add(first.membershipId);
  await change(['workspaces:read']);
  const without = await add(second.membershipId);
  await change(['workspaces:manage-members', 'workspaces:read']);
  const again = await add(second.membershipId);

  expect([before.status, without.status, again.status]).toEqual([200, 403, 200]);
});

it.each(['ORGANIZATION_OPERATOR', 'ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const)(
  'returns 403 when a holder of %s creates, changes or deletes roles',
  async (orgRole) => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await customRole(org, ['workspaces:read']);
    const { api } = await t.fixtures.member(org, { org: orgRole, workspace: 'WORKSPACE_ADMIN' });

    const replies = [
      await api.post(ROLES, design('Mine', ['workspaces:read'])),
      await api.patch(`${ROLES}/${id}`, design('Mine', ['workspaces:read'])),
      await api.delete(`${ROLES}/${id}`),
      await api.post(ROLES, {}),
      await api.patch(`${ROLES}/${id}`, design('', ['flying'])),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(await list(org)).toHaveLength(8);
    expect(await auditOf(t, org.orgId, ['create_role', 'update_role', 'delete_role'])).toMatchObject(
      [200, 403, 403, 403, 403, 403].map((responseStatus) => ({ responseStatus })),
    );
  },
);
