import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TEAM_A } from '../support/access-policies.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { expectMembers, TerraformProvider } from '../support/terraform-provider.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const WORKSPACES = 'api/v1/workspaces';
const ROLES = 'api/v1/orgs/current/roles';
const SERVICE_KEYS = 'api/v1/orgs/current/service-keys';
const POLICIES = 'api/v1/platform/orgs/current/access-policies';
const TAG_KEYS = 'api/v1/workspaces/current/tag-keys';
const TAGGINGS = 'api/v1/workspaces/current/taggings';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const serviceKey = async (): Promise<string> => {
  const wish = { description: 'Terraform', org_role_id: role('ORGANIZATION_ADMIN') };
  return (await org.admin.api.post('/api/v1/orgs/current/service-keys', wish)).body.key;
};
const personalToken = async (): Promise<string> =>
  (await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;

/** Each sequence is what the provider sends in `apply`, `plan` and `destroy`, in this order. */
describe.each([
  ['an organization-wide service key', serviceKey],
  ['a personal access token', personalToken],
])('the Terraform provider with %s', (_which, newKey) => {
  let provider: TerraformProvider;
  beforeAll(async () => {
    provider = new TerraformProvider(t.url, await newKey(), org.workspaceId);
  });

  const inList = async (path: string, id: string): Promise<any> =>
    (await provider.get(path)).find((one: { id: string }) => one.id === id);
  const newWorkspace = (name = `Workspace ${randomUUID()}`) =>
    provider.post(WORKSPACES, { display_name: name });

  it('reads its data sources', async () => {
    const current = await provider.get('api/v1/orgs/current');
    const [workspace] = await provider.get(`${WORKSPACES}?include_deleted=true`);
    const roles: any[] = await provider.get(ROLES);
    const permissions: any[] = await provider.get('api/v1/orgs/permissions');
    const info = await provider.get('api/v1/info');

    expect(current).toMatchObject({ id: org.orgId, display_name: expect.any(String) });
    expectMembers(workspace, 'id', 'display_name', 'tenant_handle', 'organization_id', 'data_plane_url');
    expectMembers(workspace, 'is_personal', 'is_deleted', 'created_at');
    expect(roles.filter(({ name }) => name === 'WORKSPACE_USER')).toMatchObject([
      { display_name: 'Editor', access_scope: 'workspace', permissions: expect.any(Array) },
    ]);
    expectMembers(roles[0], 'id', 'description', 'organization_id');
    expect(permissions).toHaveLength(123);
    expectMembers(permissions[0], 'name', 'description', 'access_scope');
    expect(info.version).toEqual(expect.any(String));
  });

  it('creates, renames and deletes a workspace, which is in the list at once', async () => {
    const id = randomUUID();
    const read = () => inList(`${WORKSPACES}?include_deleted=true`, id);
    await provider.post(WORKSPACES, { display_name: 'Made by Terraform', id });

    expect(await read()).toMatchObject({ display_name: 'Made by Terraform', is_deleted: false });
    await provider.patch(`${WORKSPACES}/${id}`, { display_name: 'Renamed' }, { workspaceId: id });
    expect(await read()).toMatchObject({ display_name: 'Renamed', organization_id: org.orgId });
    expect(await provider.delete(`${WORKSPACES}/${id}`, { workspaceId: id })).toBe(true);
    expect(await read()).toMatchObject({ is_deleted: true });
  });

  it('creates, changes and deletes a workspace role, whose permissions keep their order', async () => {
    const wish = {
      display_name: `Role ${randomUUID()}`,
      description: '',
      permissions: ['runs:read', 'datasets:read', 'projects:read'],
    };
    const { id } = await provider.post(ROLES, wish);
    expect(await inList(ROLES, id)).toMatchObject({ ...wish, name: 'CUSTOM', access_scope: 'workspace' });

    const change = { ...wish, description: 'Changed', permissions: ['projects:read', 'runs:read'] };
    await provider.patch(`${ROLES}/${id}`, change);
    expect(await inList(ROLES, id)).toMatchObject(change);
    expect(await provider.delete(`${ROLES}/${id}`)).toBe(true);
    expect(await inList(ROLES, id)).toBeUndefined();
  });

  it('invites a member of the organization, invites them again with another role, and removes them', async () => {
    const email = t.fixtures.email('terraform');
    const [user, viewer] = [role('ORGANIZATION_USER'), role('ORGANIZATION_VIEWER')];

    expect(await provider.ensureOrgMembership(email, user)).toMatchObject({
      status: 'pending',
      roleId: user,
    });
    expect(await provider.ensureOrgMembership(email, viewer)).toMatchObject({ roleId: viewer });
    const again = await provider.ensureOrgMembership(email, viewer);
    expect(again).toEqual(await provider.findMembership('orgs', email));
    expect(await provider.delete(`api/v1/orgs/current/members/${again?.id}/pending`)).toBe(true);
    expect(await provider.findMembership('orgs', email)).toBeNull();
  });

  it('imports an active member, changes the role and removes them', async () => {
    const { email } = await t.fixtures.member(org, {});
    const imported = await provider.findMembership('orgs', email);
    const viewer = role('ORGANIZATION_VIEWER');

    expect(imported).toMatchObject({ status: 'active', roleId: role('ORGANIZATION_USER') });
    expect(await provider.ensureOrgMembership(email, viewer)).toEqual({ ...imported, roleId: viewer });
    expect(await provider.delete(`api/v1/orgs/current/members/${imported?.id}`)).toBe(true);
    expect(await provider.findMembership('orgs', email)).toBeNull();
  });

  it('adds a member to a workspace, changes the role and removes them', async () => {
    const { email } = await t.fixtures.member(org, {});
    const { id: workspaceId } = await newWorkspace();
    const [viewer, editor] = [role('WORKSPACE_VIEWER'), role('WORKSPACE_USER')];

    const added = await provider.ensureWorkspaceMembership(email, viewer, workspaceId);
    expect(added).toMatchObject({ status: 'active', roleId: viewer });
    expect(await provider.ensureWorkspaceMembership(email, editor, workspaceId)).toEqual({
      ...added,
      roleId: editor,
    });
    const path = `api/v1/workspaces/current/members/${added?.id}`;
    expect(await provider.delete(path, { workspaceId })).toBe(true);
    expect(await provider.findMembership('workspaces', email, { workspaceId })).toBeNull();
  });

  it('creates, reads, changes and deletes a service key of the organization', async () => {
    const expires_at = '2099-01-01T00:00:00Z';
    const wish = {
      description: 'ci',
      expires_at,
      org_role_id: role('ORGANIZATION_USER'),
      role_id: role('WORKSPACE_VIEWER'),
    };
    const made = await provider.post(SERVICE_KEYS, wish);
    const { key, ...shown } = made;

    expect(key).toMatch(/^lsv2_sk_/);
    const read = await inList(SERVICE_KEYS, made.id);
    expectMembers(
      read,
      'access_scope',
      'created_at',
      'created_by',
      'expires_at',
      'last_used_at',
      'short_key',
    );
    expect(read).toMatchObject({
      ...shown,
      description: 'ci',
      access_scope: 'organization',
      org_role_id: wish.org_role_id,
      role_id: wish.role_id,
    });
    expect(Date.parse(read.expires_at)).toBe(Date.parse(expires_at));
    expect(read.created_at).toMatch(INSTANT);

    const change = { org_role_id: role('ORGANIZATION_VIEWER'), role_id: role('WORKSPACE_USER') };
    await provider.patch(`${SERVICE_KEYS}/${made.id}`, change);
    expect(await inList(SERVICE_KEYS, made.id)).toEqual({ ...read, ...change, read_only: false });
    expect(await provider.delete(`${SERVICE_KEYS}/${made.id}`)).toBe(true);
    expect(await provider.delete(`${SERVICE_KEYS}/${made.id}`)).toBe(false);
  });

  it('imports a service key of workspaces by their names, in the order of the configuration', async () => {
    const workspaces = [(await newWorkspace()).id, (await newWorkspace()).id, (await newWorkspace()).id];
    const wish = { description: 'imported', role_id: role('WORKSPACE_VIEWER'), workspaces };
    const { id } = await provider.post(SERVICE_KEYS, wish);

    const imported = await inList(SERVICE_KEYS, id);
    const known: any[] = await provider.get(`${WORKSPACES}?include_deleted=true`);
    const idOf = (name: string) => known.find(({ display_name }) => display_name === name).id;

    expect(imported).toMatchObject({ access_scope: 'workspace', org_role_id: null, role_id: wish.role_id });
    expect(imported.workspace_names.map(idOf)).toEqual(workspaces);
    await provider.patch(`${SERVICE_KEYS}/${id}`, { role_id: role('WORKSPACE_USER') });
    expect(await inList(SERVICE_KEYS, id)).toEqual({
      ...imported,
      role_id: role('WORKSPACE_USER'),
      read_only: false,
    });
    expect(await provider.delete(`${SERVICE_KEYS}/${id}`)).toBe(true);
  });

  it('creates, changes, attaches, detaches and deletes an access policy', async () => {
    const wish = {
      name: `Policy ${randomUUID()}`,
      description: '',
      effect: 'deny',
      condition_groups: [TEAM_A],
    };
    const { id } = await provider.post(POLICIES, wish);
    expect(await provider.get(`${POLICIES}/${id}`)).toMatchObject({ ...wish, id, role_ids: [] });

    const change = { ...wish, description: 'Changed', effect: 'allow' };
    await provider.patch(`${POLICIES}/${id}`, change);
    const read = await provider.get(`${POLICIES}/${id}`);
    expect(read).toMatchObject(change);
    expect(read.updated_at).toMatch(INSTANT);

    const roleId = role('WORKSPACE_VIEWER');
    const attachments = `api/v1/platform/orgs/current/roles/${roleId}/access-policies`;
    await provider.post(attachments, { access_policy_ids: [id] });
    expect((await provider.get(`${POLICIES}/${id}`)).role_ids).toEqual([roleId]);
    expect(await provider.delete(`${attachments}?access_policy_ids=${id}`)).toBe(true);
    expect((await provider.get(`${POLICIES}/${id}`)).role_ids).toEqual([]);
    expect(await provider.delete(`${POLICIES}/${id}`)).toBe(true);
  });

  it('attaches and detaches an access policy as earlier versions do', async () => {
    const roleId = role('WORKSPACE_VIEWER');
    const wish = {
      name: `Policy ${randomUUID()}`,
      effect: 'deny',
      condition_groups: [TEAM_A],
      role_ids: [roleId],
    };
    const { id } = await provider.post(POLICIES, wish);
    const attachments = (of: string) => `${POLICIES}/roles/${of}/access-policies`;
    await provider.post(attachments(role('WORKSPACE_USER')), { access_policy_ids: [id] });
    expect((await provider.get(`${POLICIES}/${id}`)).role_ids).toEqual([roleId, role('WORKSPACE_USER')]);

    await provider.delete(attachments(roleId), { body: { access_policy_ids: [id] } });
    expect((await provider.get(`${POLICIES}/${id}`)).role_ids).toEqual([role('WORKSPACE_USER')]);
    expect(await provider.delete(`${POLICIES}/${id}`)).toBe(true);
  });

  it('creates, changes, reads and deletes tags of the provider’s workspace and of another one', async () => {
    const { id: elsewhere } = await newWorkspace();
    for (const call of [{}, { workspaceId: elsewhere }]) {
      const key = await provider.post(TAG_KEYS, { key: `Key ${randomUUID()}`, description: 'Why' }, call);
      const keyPath = `${TAG_KEYS}/${key.id}`;
      const changed = await provider.patch(keyPath, { key: key.key, description: null }, call);
      expect(changed).toMatchObject({ id: key.id, key: key.key, description: null });
      const value = await provider.post(`${keyPath}/tag-values`, { value: 'A', description: '' }, call);
      const valuePath = `${keyPath}/tag-values/${value.id}`;
      await provider.patch(valuePath, { value: 'B', description: '' }, call);
      expect(await provider.get(valuePath, call)).toMatchObject({ value: 'B', description: '' });

      const wish = { tag_value_id: value.id, resource_type: 'skill', resource_id: randomUUID() };
      const tagging = await provider.post(TAGGINGS, wish, call);
      const query = `resource_type=skill&resource_id=${wish.resource_id}`;
      const [found] = await provider.get(`api/v1/workspaces/current/tags/resource?${query}`, call);
      expect(found.values[0].taggings).toEqual([{ ...wish, id: tagging.id, created_at: tagging.created_at }]);

      for (const path of [`${TAGGINGS}/${tagging.id}`, valuePath, keyPath]) {
        expect(await provider.delete(path, call)).toBe(true);
        expect(await provider.delete(path, call)).toBe(false);
      }
    }
  });
});
