import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, type Member, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const MEMBERS = '/api/v1/workspaces/current/members';
const EDITOR = role('WORKSPACE_USER');
const VIEWER = role('WORKSPACE_VIEWER');

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/** A workspace and somebody who manages its members, but is no admin of the organization. */
async function workspaceWithLead(): Promise<{ org: OrgWithAdmin; lead: Member }> {
  const org = await t.fixtures.orgWithAdmin();
  return { org, lead: await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }) };
}

/** Manages members but holds less than an Admin. */
async function workspaceWithSteward(): Promise<{ org: OrgWithAdmin; steward: Member }> {
  const org = await t.fixtures.orgWithAdmin();
  const created = await org.admin.api.post('/api/v1/orgs/current/roles', {
    display_name: 'Steward',
    description: 'Viewers and nothing above',
    permissions: ['workspaces:read', 'workspaces:manage-members', 'runs:read'],
  });
  return { org, steward: await t.fixtures.member(org, { workspace: created.body.id }) };
}

async function membersOf({
  admin,
}: OrgWithAdmin): Promise<{ id: string; user_id: string; role_id: string }[]> {
  return (await admin.api.get(`${MEMBERS}/active`)).body;
}

/** The id of his membership in the workspace, which is not the one in the organization. */
async function placeOf(org: OrgWithAdmin, { userId }: Member): Promise<string> {
  return (await membersOf(org)).find(({ user_id }) => user_id === userId)!.id;
}

const join = async (org: OrgWithAdmin, person: Member, roleId = EDITOR): Promise<string> =>
  (await org.admin.api.post(MEMBERS, { org_identity_id: person.membershipId, role_id: roleId })).body.id;

describe('adding somebody who is in the organization', () => {
  it.each([
    ['org_identity_id', ({ membershipId }: Member) => membershipId],
    ['ls_user_id', ({ userId }: Member) => userId],
    ['user_id', ({ userId }: Member) => userId],
  ])('works by %s', async (name, idOf) => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const { status, body } = await lead.api.post(MEMBERS, { [name]: idOf(colleague), role_id: EDITOR });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      user_id: colleague.userId,
      ls_user_id: colleague.userId,
      organization_id: org.orgId,
      tenant_id: org.workspaceId,
      role_id: EDITOR,
      role_name: 'Editor',
      access_scope: 'workspace',
    });
    expect(body.id).not.toBe(colleague.membershipId);
    expect(body.id).toBe(await placeOf(org, colleague));
  });

  it.each([
    ['role_id when it is given', { role_id: EDITOR, workspace_role_id: VIEWER }, EDITOR],
    [
      'workspace_role_id when it stands alone',
      { workspace_role_id: EDITOR, workspace_ids: ['ignored'] },
      EDITOR,
    ],
    ['Viewer when no role is given', {}, VIEWER],
  ])('gives %s', async (_what, roles, expected) => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const { status, body } = await lead.api.post(MEMBERS, { user_id: colleague.userId, ...roles });

    expect([status, body.role_id]).toEqual([200, expected]);
  });

  it('lets him in from his next request on', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const before = await colleague.api.get(`${MEMBERS}/active`);
    await lead.api.post(MEMBERS, { org_identity_id: colleague.membershipId });
    const after = await colleague.api.get(`${MEMBERS}/active`);

    expect([before.status, after.status]).toEqual([403, 200]);
  });

  it('twice is 409 with the advice not to retry, and changes nothing', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

    const again = await lead.api.post(MEMBERS, { org_identity_id: colleague.membershipId, role_id: VIEWER });

    expect(again.status).toBe(409);
    expect(again.headers.get('x-should-retry')).toBe('false');
    expect((await membersOf(org)).find(({ user_id }) => user_id === colleague.userId)?.role_id).toBe(EDITOR);
  });

  it('twice at the same moment adds him once', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, {});

    const replies = await Promise.all(
      [1, 2, 3, 4].map(() => lead.api.post(MEMBERS, { org_identity_id: colleague.membershipId })),
    );

    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
  });

  it('needs to be told whom', async () => {
    const { lead } = await workspaceWithLead();

    const nobody = await lead.api.post(MEMBERS, { role_id: EDITOR });
    const malformed = await lead.api.post(MEMBERS, { org_identity_id: 'Ada', role_id: EDITOR });

    expect(nobody.status).toBe(422);
    expect(malformed.body.detail[0]).toMatchObject({
      loc: ['body', 'org_identity_id'],
      type: expect.any(String),
    });
  });
});

describe('somebody who is not in the organization', () => {
  it('is not found, by whichever id, and whether or not he exists', async () => {
    const { lead } = await workspaceWithLead();
    const outsider = (await t.fixtures.orgWithAdmin()).admin;

    const replies = [
      await lead.api.post(MEMBERS, { org_identity_id: outsider.membershipId }),
      await lead.api.post(MEMBERS, { user_id: outsider.userId }),
      await lead.api.post(MEMBERS, { ls_user_id: randomUUID() }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('cannot manage its workspaces', async () => {
    const { org } = await workspaceWithLead();
    const outsider = (await t.fixtures.orgWithAdmin()).admin;

    const named = await outsider.api
      .as({ orgId: org.orgId, workspaceId: org.workspaceId })
      .get(`${MEMBERS}/active`);
    const unknown = await outsider.api.as({ workspaceId: randomUUID() }).get(`${MEMBERS}/active`);

    expect([named.status, unknown.status]).toEqual([403, 403]);
    expect(unknown.body.detail).toMatch(/no access to the named workspace/);
  });

  it('cannot be changed or removed by his membership elsewhere', async () => {
    const { lead } = await workspaceWithLead();
    const elsewhere = await workspaceWithLead();
    const foreign = await placeOf(elsewhere.org, elsewhere.lead);

    const changed = await lead.api.patch(`${MEMBERS}/${foreign}`, { role_id: VIEWER });
    const removed = await lead.api.delete(`${MEMBERS}/${foreign}`);

    expect([changed.status, removed.status]).toEqual([404, 404]);
    expect(await placeOf(elsewhere.org, elsewhere.lead)).toBe(foreign);
  });
});

describe('nobody reaches above himself', () => {
  it('gives no role that allows more than he holds', async () => {
    const { org, steward } = await workspaceWithSteward();
    const colleague = await t.fixtures.member(org, {});
    const place = await join(org, colleague, VIEWER);
    const other = await t.fixtures.member(org, {});

    const added = await steward.api.post(MEMBERS, { org_identity_id: other.membershipId, role_id: EDITOR });
    const promoted = await steward.api.patch(`${MEMBERS}/${place}`, { role_id: role('WORKSPACE_ADMIN') });

    expect([added.status, promoted.status]).toEqual([403, 403]);
    expect(added.body.detail).toMatch(/Editor/);
  });

  it('returns 403 when a member gives themselves or an equal a role that allows more than they hold', async () => {
    const { org, steward } = await workspaceWithSteward();
    const [own] = (await membersOf(org)).filter(({ user_id }) => user_id === steward.userId);
    const peer = await placeOf(org, await t.fixtures.member(org, { workspace: own!.role_id }));
    const before = await membersOf(org);

    const replies = [];
    for (const membershipId of [own!.id, peer])
      for (const roleId of [role('WORKSPACE_ADMIN'), EDITOR])
        replies.push(await steward.api.patch(`${MEMBERS}/${membershipId}`, { role_id: roleId }));

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await membersOf(org)).toEqual(before);
    expect((await steward.api.patch(`${MEMBERS}/${peer}`, { role_id: own!.role_id })).status).toBe(200);
  });

  it('neither demotes nor removes somebody who holds more', async () => {
    const { org, steward } = await workspaceWithSteward();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const place = await placeOf(org, lead);
    const own = (await membersOf(org)).find(({ user_id }) => user_id === steward.userId)!;

    const demoted = await steward.api.patch(`${MEMBERS}/${place}`, { role_id: own.role_id });
    const removed = await steward.api.delete(`${MEMBERS}/${place}`);

    expect([demoted.status, removed.status]).toEqual([403, 403]);
    expect((await lead.api.get(`${MEMBERS}/active`)).status).toBe(200);
  });

  it.each([
    ['an admin of the workspace', 'ORGANIZATION_USER'],
    ['an operator who is admin of the workspace', 'ORGANIZATION_OPERATOR'],
  ] as const)('%s neither demotes nor removes an organization admin', async (_who, orgRole) => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { org: orgRole, workspace: 'WORKSPACE_ADMIN' });
    const head = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const place = await placeOf(org, head);
    const before = await membersOf(org);

    const demoted = await lead.api.patch(`${MEMBERS}/${place}`, { role_id: VIEWER });
    const removed = await lead.api.delete(`${MEMBERS}/${place}`);

    expect([demoted.status, removed.status]).toEqual([403, 403]);
    expect(demoted.body).toMatchObject({ detail: expect.stringMatching(/only organization admins/) });
    expect(await membersOf(org)).toEqual(before);
  });

  it('organization admins change and remove each other, by an org-wide key of theirs too', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const head = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const place = await placeOf(org, head);
    const key = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    const byKey = t.api.as({ key: key.body.key, orgId: org.orgId, workspaceId: org.workspaceId });

    const demoted = await byKey.patch(`${MEMBERS}/${place}`, { role_id: VIEWER });
    const removed = await org.admin.api.delete(`${MEMBERS}/${place}`);

    expect([demoted.status, removed.status]).toEqual([200, 200]);
  });

  it.each(['WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const)('%s manages no members', async (workspace) => {
    const { org, lead } = await workspaceWithLead();
    const { api, membershipId } = await t.fixtures.member(org, { workspace });
    const place = await placeOf(org, lead);

    const replies = [
      await api.post(MEMBERS, { org_identity_id: membershipId }),
      await api.patch(`${MEMBERS}/${place}`, { role_id: VIEWER }),
      await api.delete(`${MEMBERS}/${place}`),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect((await api.get(`${MEMBERS}/active`)).status).toBe(200);
  });

  it('an operator has no access to a workspace he was not added to', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });

    const { status } = await operator.api.get(`${MEMBERS}/active`);
    const visible = await operator.api.as({ workspaceId: '' }).get('/api/v1/workspaces');

    expect(status).toBe(403);
    expect(visible.body).toEqual([]);
  });
});

describe('a role in the workspace', () => {
  it('is changed for the member, who is answered, and counts from his next request', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const place = await placeOf(org, colleague);
    const newcomer = await t.fixtures.member(org, {});
    const bring = () => colleague.api.post(MEMBERS, { org_identity_id: newcomer.membershipId });

    const before = await bring();
    const changed = await lead.api.patch(`${MEMBERS}/${place}`, { role_id: role('WORKSPACE_ADMIN') });
    const after = await bring();

    expect(changed).toMatchObject({
      status: 200,
      body: { id: place, email: colleague.email, role_name: 'Admin', org_role_name: 'Organization User' },
    });
    expect([before.status, after.status]).toEqual([403, 200]);
  });

  it('must be one of workspaces', async () => {
    const { org, lead } = await workspaceWithLead();
    const place = await placeOf(org, await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }));

    const orgRole = await lead.api.patch(`${MEMBERS}/${place}`, { role_id: role('ORGANIZATION_ADMIN') });
    const unknown = await lead.api.patch(`${MEMBERS}/${place}`, { role_id: randomUUID() });
    const none = await lead.api.patch(`${MEMBERS}/${place}`, {});

    expect([orgRole.status, unknown.status, none.status]).toEqual([404, 404, 422]);
  });
});

describe('removal', () => {
  it('from a workspace leaves the membership in the organization', async () => {
    const { org, lead } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const place = await placeOf(org, colleague);

    const removed = await lead.api.delete(`${MEMBERS}/${place}`);

    expect(removed.status).toBe(200);
    expect((await lead.api.delete(`${MEMBERS}/${place}`)).status).toBe(404);
    expect((await colleague.api.get(`${MEMBERS}/active`)).status).toBe(403);
    const inOrg = await colleague.api.as({ workspaceId: '' }).get('/api/v1/orgs/current/info');
    expect(inOrg.status).toBe(200);
  });

  it('from the organization takes every workspace along', async () => {
    const { org } = await workspaceWithLead();
    const colleague = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const second = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Second' });
    await join(
      { ...org, admin: { ...org.admin, api: org.admin.api.as({ workspaceId: second.body.id }) } },
      colleague,
    );
    const places = () =>
      t.sql('select from workspace_memberships where org_id = $1 and user_id = $2', [
        org.orgId,
        colleague.userId,
      ]);
    expect(await places()).toHaveLength(2);

    await org.admin.api.delete(`/api/v1/orgs/current/members/${colleague.membershipId}`);

    expect(await places()).toHaveLength(0);
    expect((await colleague.api.get(`${MEMBERS}/active`)).status).toBe(401);
  });
});
