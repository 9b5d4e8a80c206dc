import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_OPERATIONS } from '../../src/common/http/operations/audit-operations.js';
import type { Reply } from '../support/api.js';
import { auditOf } from '../support/audit.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { loggedDuring } from '../support/server-host.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

type Scene = OrgWithAdmin & { roleId: string; spareWorkspaceId: string; member: Member; placeId: string };
type Call = { method: 'POST' | 'PATCH' | 'DELETE'; path: string; body?: object; resource?: keyof Scene };

const CURRENT = '/api/v1/workspaces/current/members';
const design = { display_name: 'Curator', description: 'For a test', permissions: ['workspaces:read'] };

/** What an admin does in the organization; `resource` is what the entry must name, where it is known before. */
const MUTATIONS: [string, (scene: Scene) => Call][] = [
  ['create_workspace', () => ({ method: 'POST', path: '/api/v1/workspaces', body: { display_name: 'New' } })],
  [
    'update_workspace',
    ({ spareWorkspaceId: id }) => ({
      method: 'PATCH',
      path: `/api/v1/workspaces/${id}`,
      body: { display_name: 'Renamed' },
      resource: 'spareWorkspaceId',
    }),
  ],
  [
    'delete_workspace',
    ({ spareWorkspaceId: id }) => ({
      method: 'DELETE',
      path: `/api/v1/workspaces/${id}`,
      resource: 'spareWorkspaceId',
    }),
  ],
  [
    'create_role',
    () => ({
      method: 'POST',
      path: '/api/v1/orgs/current/roles',
      body: { ...design, display_name: 'Another' },
    }),
  ],
  [
    'update_role',
    ({ roleId }) => ({
      method: 'PATCH',
      path: `/api/v1/orgs/current/roles/${roleId}`,
      body: { ...design, permissions: ['runs:read'] },
      resource: 'roleId',
    }),
  ],
  [
    'delete_role',
    ({ roleId }) => ({ method: 'DELETE', path: `/api/v1/orgs/current/roles/${roleId}`, resource: 'roleId' }),
  ],
  [
    'update_organization_info',
    () => ({
      method: 'PATCH',
      path: '/api/v1/orgs/current/info',
      body: { display_name: 'Renamed' },
      resource: 'orgId',
    }),
  ],
  [
    'add_member_to_workspace',
    ({ member, spareWorkspaceId }) => ({
      method: 'POST',
      path: `${CURRENT}?workspace=${spareWorkspaceId}`,
      body: { org_identity_id: member.membershipId },
    }),
  ],
  [
    'update_workspace_member',
    ({ placeId }) => ({
      method: 'PATCH',
      path: `${CURRENT}/${placeId}`,
      body: { role_id: role('WORKSPACE_VIEWER') },
      resource: 'placeId',
    }),
  ],
  [
    'delete_workspace_member',
    ({ placeId }) => ({ method: 'DELETE', path: `${CURRENT}/${placeId}`, resource: 'placeId' }),
  ],
  [
    'update_org_member',
    ({ member }) => ({
      method: 'PATCH',
      path: `/api/v1/orgs/current/members/${member.membershipId}`,
      body: { role_id: role('ORGANIZATION_VIEWER') },
    }),
  ],
  [
    'delete_org_member',
    ({ member }) => ({ method: 'DELETE', path: `/api/v1/orgs/current/members/${member.membershipId}` }),
  ],
];

async function scene(): Promise<Scene> {
  const org = await t.fixtures.orgWithAdmin();
  const { body: customRole } = await org.admin.api.post('/api/v1/orgs/current/roles', design);
  const { body: spare } = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Spare' });
  const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  const [place] = await t.sql<{ id: string }>(
    'select id from workspace_memberships where workspace_id = $1 and user_id = $2',
    [org.workspaceId, member.userId],
  );
  return { ...org, roleId: customRole.id, spareWorkspaceId: spare.id, member, placeId: place!.id };
}

/** Sends the call as this member, in the workspace that its path asks for. */
function send({ api }: Member, { method, path, body }: Call): Promise<Reply> {
  const [url, workspaceId] = path.split('?workspace=');
  return (workspaceId ? api.as({ workspaceId }) : api).send(method, url!, body);
}

/** All rows of the organization that these mutations change. */
async function stateOf(orgId: string): Promise<unknown> {
  const tables = ['roles', 'workspaces', 'deleted_workspaces', 'org_memberships', 'workspace_memberships'];
  const rows = tables.map((table) => t.sql(`select * from ${table} where org_id = $1 order by id`, [orgId]));
  return Promise.all([...rows, t.sql('select * from organizations where id = $1', [orgId])]);
}

describe.each(MUTATIONS)('%s', (operation, callOf) => {
  let at: Scene;
  beforeAll(async () => {
    at = await scene();
  });

  it('writes one entry of failure and none of success when the mutation is refused', async () => {
    const outsider = await t.fixtures.member(at, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });
    await t.fixtures.addMember({ ...at, workspaceId: at.spareWorkspaceId }, outsider, {
      workspace: 'WORKSPACE_VIEWER',
    });
    const earlier = await auditOf(t, at.orgId, [operation]);
    const before = await stateOf(at.orgId);

    expect((await send(outsider, callOf(at))).status).toBe(403);

    expect((await auditOf(t, at.orgId, [operation])).slice(earlier.length)).toMatchObject([
      { succeeded: false, userId: outsider.userId, responseStatus: 403, resourceIds: [] },
    ]);
    expect(await stateOf(at.orgId)).toEqual(before);
  });

  it('rolls the mutation back when its audit entry cannot be written', async () => {
    const before = await stateOf(at.orgId);

    const log = await withoutEntriesOfSuccess(at.orgId, () =>
      expect(send(at.admin, callOf(at))).rejects.toThrow('returned 500'),
    );

    expect(log).toContain('no_entries');
    expect(await stateOf(at.orgId)).toEqual(before);
  });

  it('writes exactly one entry with the actor, the resource of the mutation and its owner', async () => {
    const call = callOf(at);
    const ownerId = operation.includes('member') ? at.member.userId : null;
    const earlier = await auditOf(t, at.orgId, [...AUDIT_OPERATIONS]);

    expect((await send(at.admin, call)).status).toBe(200);

    const written = (await auditOf(t, at.orgId, [...AUDIT_OPERATIONS])).slice(earlier.length);
    expect(written).toMatchObject([
      { operation, succeeded: true, userId: at.admin.userId, responseStatus: 200, ownerId },
    ]);
    const named = written[0]!.resourceIds;
    expect(named).toHaveLength(1);
    if (call.resource) expect(named).toEqual([at[call.resource]]);
  });
});

/** Makes the database reject entries of success while `work` runs; returns what the server logged. */
async function withoutEntriesOfSuccess(orgId: string, work: () => Promise<unknown>): Promise<string> {
  await t.sql(`alter table audit_entries add constraint no_entries check (not (org_id = '${orgId}' and succeeded))
    not valid`);
  try {
    return await loggedDuring(work);
  } finally {
    await t.sql('alter table audit_entries drop constraint no_entries');
  }
}

describe('refusals in a context that the caller may not act in', () => {
  const refusalsOf = ({ userId }: Member) =>
    t.sql<{ orgId: string | null; status: number }>(
      `select org_id as "orgId", response_status as status from audit_entries
       where user_id = $1 and operation = 'add_member_to_workspace' and not succeeded order by created_at, id`,
      [userId],
    );

  it('writes a refusal into the log of the caller’s organization, or of none if another one was named', async () => {
    const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { body } = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Of others' });
    const addIn = (place: { orgId?: string; workspaceId?: string }) =>
      lead.api.as(place).post(CURRENT, { user_id: lead.userId });

    const statuses = [
      (await addIn({ workspaceId: body.id })).status,
      (await addIn({ workspaceId: other.workspaceId })).status,
      (await addIn({ workspaceId: 'nonsense' })).status,
      (await addIn({ orgId: other.orgId })).status,
    ];
    await t.sql('update org_memberships set is_disabled = true where id = $1', [lead.membershipId]);
    statuses.push((await addIn({})).status);

    expect(statuses).toEqual([403, 403, 422, 403, 403]);
    expect(await refusalsOf(lead)).toEqual([
      { orgId: org.orgId, status: 403 },
      { orgId: org.orgId, status: 403 },
      { orgId: org.orgId, status: 422 },
      { orgId: null, status: 403 },
      { orgId: org.orgId, status: 403 },
    ]);
  });
});

describe('audit of creating an organization', () => {
  it.each([
    ['create_organization', '/api/v1/orgs', { display_name: 'Acme', is_personal: false }],
    ['create_tenant', '/api/v1/tenants', { display_name: 'Acme' }],
  ])('records the creation in the new organization as %s', async (operation, path, body) => {
    const sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
    const founder = await ssoStranger(sso);

    const { body: made } = await founder.api.post(path, body);
    await sso.close();

    const orgId = made.organization_id ?? made.id;
    const [entry, ...others] = await auditOf(t, orgId, [operation]);
    expect(entry).toMatchObject({ succeeded: true, userId: founder.userId });
    expect(entry!.resourceIds).toContain(orgId);
    expect(entry!.resourceIds).toHaveLength(2);
    expect(others).toEqual([]);
  });
});

it.each([
  ['409', { id: 'workspaceId', display_name: 'Again' }, 409],
  ['422', { display_name: '' }, 422],
])('writes an entry of failure with status %s when a mutation fails', async (_what, wish, status) => {
  const at = await t.fixtures.orgWithAdmin();
  const body = 'id' in wish ? { ...wish, id: at.workspaceId } : wish;

  expect((await at.admin.api.post('/api/v1/workspaces', body)).status).toBe(status);

  expect(await auditOf(t, at.orgId, ['create_workspace'])).toMatchObject([
    { succeeded: false, responseStatus: status },
  ]);
});

it('writes no audit entries for reading requests', async () => {
  const { admin, orgId } = await t.fixtures.orgWithAdmin();
  const before = await auditOf(t, orgId, [...AUDIT_OPERATIONS]);

  for (const path of [
    '/api/v1/orgs/current/info',
    '/api/v1/workspaces',
    '/api/v1/orgs/current/roles',
    `${CURRENT}/active`,
  ])
    expect((await admin.api.get(path)).status).toBe(200);

  expect(await auditOf(t, orgId, [...AUDIT_OPERATIONS])).toEqual(before);
});
