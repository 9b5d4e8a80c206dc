import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/database/statements/new-id.js';
import { attach, policy, TEAM_A } from '../support/access-policies.js';
import { onOwnConnection } from '../support/audit-log.js';
import type { Reply } from '../support/api.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { leastCosts } from '../support/least-costs.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  childOf,
  EDITOR,
  grantTo,
  GROUPS,
  groupWith,
  regrant,
  removeFrom,
  revokeFrom,
  userGroup,
  VIEWER,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

let t: TestApp;
let org: OrgWithAdmin;
/** Organization Operator, and Editor of the workspace. */
let operator: Member;
let person: Member;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off' }); // their statements would be counted
  org = await t.fixtures.orgWithAdmin();
  operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_USER' });
  person = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
});
afterAll(() => t.close());

const statusOf = async (request: Promise<Reply>) => (await request).status;
const codeOf = ({ status, headers }: Reply) => [status, headers.get('x-error-code')];
const attachBySql = (groupId: string, policyId: string, workspaceId: string | null = null) =>
  t.sql(
    `insert into user_group_policies (id, user_group_id, org_id, access_policy_id, workspace_id)
     values ($1, $2, $3, $4, $5)`,
    [newId(), groupId, org.orgId, policyId, workspaceId],
  );

/** A condition about a permission that editors do not have. */
const SHARE = { ...TEAM_A, permission: 'datasets:share' };

describe('an operator', () => {
  it('manages groups and roles within what they hold in the workspace', async () => {
    const id = await userGroup({ admin: operator });

    expect(await statusOf(grantTo(operator, id, org.workspaceId, VIEWER))).toBe(201);
    expect(await statusOf(regrant(operator, id, org.workspaceId, EDITOR))).toBe(200);
    expect(await statusOf(addTo(operator, id, person, operator))).toBe(207);
    expect(await statusOf(removeFrom(operator, id, person))).toBe(204);
    expect(await statusOf(revokeFrom(operator, id, org.workspaceId))).toBe(204);
    expect(await statusOf(operator.api.delete(`${GROUPS}/${id}`))).toBe(204);
  });

  it('gives no role that they do not hold, where they do not hold it', async () => {
    const id = await userGroup({ admin: operator });
    const elsewhere = await anotherWorkspace(org);

    const refused = await grantTo(operator, id, org.workspaceId, WORKSPACE_ADMIN);

    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-error-code')).toBe('user_group_exceeds_rights');
    expect(await statusOf(grantTo(operator, id, elsewhere, VIEWER))).toBe(403);
    expect(await t.sql('select from user_groups where parent_user_group_id = $1', [id])).toEqual([]);
  });

  it('neither raises, lowers nor takes back a role that they do not hold', async () => {
    const [high, low] = [await groupWith(org, WORKSPACE_ADMIN), await groupWith(org, VIEWER)];

    expect(await statusOf(regrant(operator, high, org.workspaceId, VIEWER))).toBe(403);
    expect(await statusOf(regrant(operator, low, org.workspaceId, WORKSPACE_ADMIN))).toBe(403);
    expect(await statusOf(revokeFrom(operator, high, org.workspaceId))).toBe(403);
    expect(await statusOf(operator.api.delete(`${GROUPS}/${high}`))).toBe(403);
  });

  it.each([
    ['themselves', () => operator],
    ['an Organization Admin', () => org.admin],
    ['another member', () => person],
  ])('adds %s to no group whose roles exceed their own', async (_, who) => {
    const id = await groupWith(org, WORKSPACE_ADMIN);
    const child = await childOf(t, id, org.workspaceId);

    expect(await statusOf(addTo(operator, id, who()))).toBe(403);
    expect(await statusOf(addTo(operator, child, who()))).toBe(403);
  });

  it('removes no member from a group whose roles exceed their own', async () => {
    const id = await groupWith(org, WORKSPACE_ADMIN, person, org.admin);

    expect(await statusOf(removeFrom(operator, id, person))).toBe(403);
    expect(await statusOf(removeFrom(operator, id, org.admin))).toBe(403);
    await removeFrom(org.admin, id, person);
  });

  it('may do so by the roles of their own user groups', async () => {
    const strong = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });
    const id = await groupWith(org, WORKSPACE_ADMIN);
    expect(await statusOf(addTo(strong, id, person))).toBe(403);

    await groupWith(org, WORKSPACE_ADMIN, strong);

    expect(await statusOf(addTo(strong, id, person))).toBe(207);
  });

  it('adds members to no group with a policy that allows more than they hold, for any of its workspaces', async () => {
    const allowing = await policy(org, { condition_groups: [SHARE] });
    const [everywhere, here] = [await groupWith(org, VIEWER), await groupWith(org, VIEWER)];
    await attachBySql(everywhere, allowing);
    await attachBySql(here, allowing, org.workspaceId);
    const without = await userGroup(org);
    await attachBySql(without, allowing);

    expect(await statusOf(grantTo(operator, without, org.workspaceId, VIEWER))).toBe(403);
    for (const id of [everywhere, here]) {
      expect(await statusOf(addTo(operator, id, person))).toBe(403);
      expect(await statusOf(regrant(operator, id, org.workspaceId, EDITOR))).toBe(200); // no one gets the policy
    }
  });

  it('gives no role with a policy that allows more than they hold, to a group or to its members', async () => {
    const roleId = await customRole(org, ['workspaces:read']);
    await attach(org.admin, roleId, [await policy(org, { condition_groups: [SHARE] })]);
    const [empty, granted] = [await userGroup(org), await groupWith(org, roleId)];

    const refused = [
      await grantTo(operator, empty, org.workspaceId, roleId),
      await addTo(operator, granted, person),
      await operator.api.patch(`${GROUPS}/${granted}`, { idp_group_name: granted, idp_sync_enabled: true }),
    ];

    expect(refused.map(codeOf)).toEqual(refused.map(() => [403, 'user_group_exceeds_rights']));
    expect(refused[1]?.body.detail).toContain(
      `${person.email} would get datasets:share here by the access policy`,
    );
    expect(refused[1]?.body.detail).toMatch(/An Organization Admin, or a member who holds/);
  });

  it('releases no member from a policy that applies to themselves', async () => {
    const denying = await policy(org, { effect: 'deny' });
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const id = await groupWith(org, VIEWER, viewer, operator);
    await attachBySql(id, denying);

    const refused = [
      await removeFrom(operator, id, viewer),
      await removeFrom(operator, id, operator),
      await revokeFrom(operator, id, org.workspaceId),
      await operator.api.delete(`${GROUPS}/${id}`),
    ];

    expect(refused.map(codeOf)).toEqual(refused.map(() => [403, 'change_exceeds_rights']));
    expect(refused[0]?.body.detail).toContain(`would no longer apply to ${viewer.email}`);
    expect(refused[2]?.body.detail).toContain('would no longer apply to a member of the group');
    await removeFrom(org.admin, id, operator);
    expect(await statusOf(removeFrom(operator, id, viewer))).toBe(204);
  });

  it('releases no member of a child from such a policy by ending it with its grant or its parent', async () => {
    const denying = await policy(org, { effect: 'deny' });
    const id = await groupWith(org, VIEWER);
    const child = await childOf(t, id, org.workspaceId);
    await addTo(org.admin, child, person, operator);
    await attachBySql(child, denying);

    expect(await statusOf(revokeFrom(operator, id, org.workspaceId))).toBe(403);
    expect(await statusOf(operator.api.delete(`${GROUPS}/${id}`))).toBe(403);
    expect(await statusOf(regrant(operator, id, org.workspaceId, EDITOR))).toBe(200);
    await removeFrom(org.admin, child, operator);
  });

  it('gives no permission that a policy denies them to members whom it would not apply to, and names each', async () => {
    const [denied, free] = [
      await customRole(org, ['datasets:read']),
      await customRole(org, ['workspaces:read']),
    ];
    await attach(org.admin, denied, [await policy(org, { effect: 'deny' })]);
    const caller = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: denied });
    const [alike, other] = [
      await t.fixtures.member(org, { workspace: denied }),
      await t.fixtures.member(org, { workspace: free }),
    ];
    const id = await groupWith(org, await customRole(org, ['datasets:read']));

    const refused = await addTo(caller, id, alike, other);

    expect(codeOf(refused)).toEqual([403, 'change_exceeds_rights']);
    expect(refused.body.detail).toMatch(
      /^body\.identity_ids\.1: The access policy .* denies you datasets:read/,
    );
    expect(refused.body.detail).not.toContain('identity_ids.0');
    expect(await statusOf(addTo(caller, id, alike))).toBe(207);
  });
});

describe('a member of a group who has more than the operator', () => {
  let strong: Member;
  beforeAll(async () => {
    strong = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  });

  it('is added by the operator, and loses nothing by them', async () => {
    const id = await groupWith(org, EDITOR);
    expect(await statusOf(addTo(operator, id, strong))).toBe(207);

    const refused = [
      await removeFrom(operator, id, strong),
      await regrant(operator, id, org.workspaceId, VIEWER),
      await revokeFrom(operator, id, org.workspaceId),
      await operator.api.delete(`${GROUPS}/${id}`),
    ];

    expect(refused.map(codeOf)).toEqual(refused.map(() => [403, 'change_exceeds_rights']));
    expect(refused[0]?.body.detail).toMatch(
      new RegExp(`^${strong.email} has the role Admin here .* An Organization Admin, or a member who holds`),
    );
    expect(refused[2]?.body.detail).toContain('A member of the group has the role Admin here');
  });

  it('keeps neither a group of weaker members from changes nor theirs from a higher role', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const [weakGroup, other] = [await groupWith(org, VIEWER, strong), await groupWith(org, EDITOR, viewer)];
    await addTo(org.admin, await childOf(t, weakGroup, org.workspaceId), viewer);

    expect(await statusOf(regrant(operator, weakGroup, org.workspaceId, EDITOR))).toBe(200);
    expect(await statusOf(regrant(operator, other, org.workspaceId, VIEWER))).toBe(200);
    expect(await statusOf(operator.api.delete(`${GROUPS}/${other}`))).toBe(204);
    await removeFrom(org.admin, weakGroup, strong);
    expect(await statusOf(revokeFrom(operator, weakGroup, org.workspaceId))).toBe(204);
  });

  it('counts in a child of the group, and with what another group gives them', async () => {
    const roleId = await customRole(org, ['workspaces:read', 'deployments:delete']);
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const other = await groupWith(org, roleId, member);
    const id = await groupWith(org, VIEWER);
    await addTo(org.admin, await childOf(t, id, org.workspaceId), member);

    const refused = await revokeFrom(operator, id, org.workspaceId);

    expect(codeOf(refused)).toEqual([403, 'change_exceeds_rights']);
    const { name } = (await org.admin.api.get(`${GROUPS}/${other}`)).body;
    expect(refused.body.detail).toContain(`by the user group ${name} (deployments:delete)`);
  });
});

it('what does not change is not compared', async () => {
  const id = await groupWith(org, WORKSPACE_ADMIN, person);

  expect((await addTo(operator, id, person)).body.items).toMatchObject([{ status: 'UNCHANGED' }]);
  expect(await statusOf(regrant(operator, id, org.workspaceId, WORKSPACE_ADMIN))).toBe(200);
});

it('a group is changed in a fixed number of statements, however many members and roles it has', async () => {
  const workspaces = await Promise.all([1, 2, 3].map(() => anotherWorkspace(org)));
  const lead = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' });
  for (const workspaceId of workspaces)
    await org.admin.api
      .as({ workspaceId })
      .post('/api/v1/workspaces/current/members', { user_id: lead.userId, role_id: WORKSPACE_ADMIN });
  const members = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      t.fixtures.member(org, { workspace: n % 2 ? 'WORKSPACE_VIEWER' : 'WORKSPACE_USER' }),
    ),
  );
  const cost = async (count: number, places: readonly string[]) => {
    const id = await groupWith(org, EDITOR, ...members.slice(0, count));
    for (const workspaceId of places) await grantTo(org.admin, id, workspaceId, VIEWER);
    const before = await t.statements();
    expect(await statusOf(addTo(lead, id, ...members))).toBe(207);
    expect(await statusOf(removeFrom(lead, id, members[0]!))).toBe(204);
    expect(await statusOf(regrant(lead, id, org.workspaceId, VIEWER))).toBe(200);
    expect(await statusOf(revokeFrom(lead, id, org.workspaceId))).toBe(204);
    expect(await statusOf(lead.api.delete(`${GROUPS}/${id}`))).toBe(204);
    return (await t.statements()) - before;
  };
  await cost(1, workspaces);

  const [many, few] = await leastCosts(
    () => cost(19, workspaces),
    () => cost(1, workspaces.slice(0, 1)),
  );
  expect(many).toBe(few);
});

it('an admin of the workspace extends a child group by what they hold', async () => {
  const lead = await t.fixtures.member(org, {
    workspace: await customRole(org, [
      'workspaces:read',
      'workspaces:user-groups:manage-members',
      'runs:read',
    ]),
  });
  const [reads, edits] = [
    await groupWith(org, await customRole(org, ['runs:read'])),
    await groupWith(org, EDITOR),
  ];

  expect(await statusOf(addTo(lead, await childOf(t, reads, org.workspaceId), person))).toBe(207);
  expect(await statusOf(addTo(lead, await childOf(t, edits, org.workspaceId), person))).toBe(403);
});

it.each([
  ['create a group', (by: Member) => by.api.post(GROUPS, { name: 'Mine' })],
  ['change a group', (by: Member, id: string) => by.api.patch(`${GROUPS}/${id}`, { name: 'Mine' })],
  ['delete a group', (by: Member, id: string) => by.api.delete(`${GROUPS}/${id}`)],
  ['add a member', (by: Member, id: string) => addTo(by, id, by)],
  ['remove a member', (by: Member, id: string) => removeFrom(by, id, person)],
  ['give a role', (by: Member, id: string) => grantTo(by, id, org.workspaceId, VIEWER)],
  ['change a role', (by: Member, id: string) => regrant(by, id, org.workspaceId, VIEWER)],
  ['take a role back', (by: Member, id: string) => revokeFrom(by, id, org.workspaceId)],
])('an Organization User who is workspace admin may not %s', async (_, request) => {
  const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  const id = await groupWith(org, VIEWER, person);

  expect(await statusOf(request(lead, id))).toBe(403);
});

describe('changes at the same moment', () => {
  /** Both requests pass their guards and wait for the organization's lock, which they get in this order. */
  const inOrder = (first: () => Promise<Reply>, second: () => Promise<Reply>): Promise<[number, number]> =>
    onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const one = first();
      await waitForBlockedQuery(t);
      const two = second();
      await untilOthersWait(t);
      await client.query('commit');
      return [(await one).status, (await two).status];
    });

  it('a role is raised before an operator adds a member, who is then refused', async () => {
    const id = await groupWith(org, VIEWER);

    const statuses = await inOrder(
      () => regrant(org.admin, id, org.workspaceId, WORKSPACE_ADMIN),
      () => addTo(operator, id, person),
    );

    expect(statuses).toEqual([200, 403]);
  });

  it('a custom role is extended before an operator gives it to a group, which is then refused', async () => {
    const roleId = await customRole(org, ['runs:read']);
    const id = await userGroup(org);
    const extended = { display_name: `Role ${id}`, description: '', permissions: ['workspaces:manage'] };

    const statuses = await inOrder(
      () => org.admin.api.patch(`/api/v1/orgs/current/roles/${roleId}`, extended),
      () => grantTo(operator, id, org.workspaceId, roleId),
    );

    expect(statuses).toEqual([200, 403]);
  });

  it("an operator's group loses its role before they give what they held by it", async () => {
    const weak = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });
    const source = await groupWith(org, EDITOR, weak);
    const id = await userGroup(org);
    const caller = { api: weak.api.as({ workspaceId: undefined }) };

    const statuses = await inOrder(
      () => revokeFrom(org.admin, source, org.workspaceId),
      () => grantTo(caller, id, org.workspaceId, EDITOR),
    );

    expect(statuses).toEqual([204, 403]);
  });

  it('a role is given once when two callers give one in the same workspace', async () => {
    const id = await userGroup(org);
    const give = () => statusOf(grantTo(org.admin, id, org.workspaceId, VIEWER));

    expect((await Promise.all([give(), give(), give()])).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it('a member is added once when two callers add them', async () => {
    const id = await userGroup(org);
    const add = async () => (await addTo(org.admin, id, person)).body.items[0].status;

    const statuses = await Promise.all([add(), add(), add()]);

    expect(statuses.filter((status) => status === 'CREATED')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'UNCHANGED')).toHaveLength(2);
  });

  it('a custom role is either deleted or given', async () => {
    const roleId = await customRole(org, ['runs:read']);
    const id = await userGroup(org);

    const [given, deleted] = await Promise.all([
      statusOf(grantTo(org.admin, id, org.workspaceId, roleId)),
      statusOf(org.admin.api.delete(`/api/v1/orgs/current/roles/${roleId}`)),
    ]);

    expect([
      [201, 409],
      [404, 200],
    ]).toContainEqual([given, deleted]);
  });
});
