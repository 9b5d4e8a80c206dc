import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { GROUP, type Scim, scimOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  childOf,
  EDITOR,
  grantTo,
  GROUPS,
  groupWith,
  permissionsOf,
  regrant,
  removeFrom,
  userGroup,
  VIEWER,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';

let t: TestApp;
let org: OrgWithAdmin;
/** A viewer of the workspace, so that what groups give there counts. */
let ann: Member;
beforeAll(async () => {
  t = await startTestApp({ CALLER_CACHE: 'off' }); // the tests move ends by SQL
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());
beforeEach(async () => {
  ann = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
});

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const codeOf = ({ status, headers }: Reply) => [status, headers.get('x-error-code')];
const addUntil = (end: string | null, groupId: string, ...members: Pick<Member, 'membershipId'>[]) =>
  org.admin.api.post(`${GROUPS}/${groupId}/members`, {
    identity_ids: members.map(({ membershipId }) => membershipId),
    access_expires_at: end,
  });
const grantUntil = (by: Pick<Member, 'api'>, end: string, groupId: string, roleId = EDITOR) =>
  by.api.post(`${GROUPS}/${groupId}/workspaces`, {
    workspace_id: org.workspaceId,
    role_id: roleId,
    access_expires_at: end,
  });
const moveEnd = (by: Pick<Member, 'api'>, end: string | null, groupId: string, roleId = EDITOR) =>
  by.api.patch(`${GROUPS}/${groupId}/workspaces/${org.workspaceId}`, {
    role_id: roleId,
    access_expires_at: end,
  });
const membersOf = async (groupId: string): Promise<any[]> =>
  (await org.admin.api.get(`${GROUPS}/${groupId}/members`)).body.items;
const grantsOf = async (groupId: string): Promise<any[]> =>
  (await org.admin.api.get(`${GROUPS}/${groupId}/workspaces`)).body.items;
const isEditor = async (member: Member) =>
  (await permissionsOf(member, org.workspaceId)).includes('runs:create');

const endMembers = (groupId: string) =>
  t.sql(
    `update user_group_members set access_expires_at = now() - interval '1 second' where user_group_id = $1`,
    [groupId],
  );
const endGrants = (groupId: string) =>
  t.sql(
    `update user_groups set access_expires_at = now() - interval '1 second' where parent_user_group_id = $1`,
    [groupId],
  );
const entriesOf = (operation: string) =>
  t.sql<{ resourceIds: string[]; userId: string | null; details: Record<string, unknown> }>(
    `select resource_ids as "resourceIds", user_id as "userId", details from audit_entries
     where org_id = $1 and operation = $2 order by position`,
    [org.orgId, operation],
  );

describe('a member of a user group until a date', () => {
  it('has what the group gives until then, and nothing of it afterwards', async () => {
    const id = await groupWith(org, EDITOR);
    const end = inHours(1);

    expect((await addUntil(end, id, ann)).body.items).toEqual([
      {
        identity_id: ann.membershipId,
        status: 'CREATED',
        access_expires_at: end,
        access_expires_at_applied: true,
      },
    ]);
    expect(await membersOf(id)).toMatchObject([{ user_id: ann.userId, access_expires_at: end }]);
    expect(await isEditor(ann)).toBe(true);

    await endMembers(id);

    expect(await membersOf(id)).toEqual([]);
    expect(await isEditor(ann)).toBe(false);
    expect((await removeFrom(org.admin, id, ann)).status).toBe(204);
  });

  it('is added again after the end only by those who may give what the group gives', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const id = await groupWith(org, WORKSPACE_ADMIN);
    await addUntil(inHours(1), id, ann);
    expect((await addTo(operator, id, ann)).status).toBe(207);

    await endMembers(id);

    expect((await addTo(operator, id, ann)).status).toBe(403);
  });

  it('loses exactly this membership', async () => {
    const [until, forever] = [await groupWith(org, EDITOR), await groupWith(org, EDITOR, ann)];
    await addUntil(inHours(1), until, ann);

    await endMembers(until);

    expect(await isEditor(ann)).toBe(true);
    expect(await membersOf(forever)).toHaveLength(1);
  });

  it('is added again after the end, with an entry of what ended and when', async () => {
    const id = await groupWith(org, EDITOR);
    await addUntil(inHours(1), id, ann);
    await endMembers(id);

    expect((await addTo(org.admin, id, ann)).body.items).toMatchObject([{ status: 'CREATED' }]);

    expect(await membersOf(id)).toMatchObject([{ access_expires_at: null }]);
    expect(await isEditor(ann)).toBe(true);
    const entry = (await entriesOf('expire_access')).find(({ resourceIds }) => resourceIds[0] === id);
    expect(entry).toMatchObject({
      resourceIds: [id, ann.userId],
      userId: null,
      details: {
        ended_at: expect.any(String),
        end_set_by_ls_user_id: org.admin.userId,
        user_group_members_removed: { [id]: [ann.userId] },
      },
    });
  });

  it('keeps the end when somebody names another one, which the row says', async () => {
    const id = await groupWith(org, EDITOR);
    const end = inHours(1);
    await addUntil(end, id, ann);

    for (const other of [inHours(2), null])
      expect((await addUntil(other, id, ann)).body.items).toEqual([
        {
          identity_id: ann.membershipId,
          status: 'UNCHANGED',
          access_expires_at: end,
          access_expires_at_applied: false,
        },
      ]);
    expect((await addTo(org.admin, id, ann)).body.items).toEqual([
      { identity_id: ann.membershipId, status: 'UNCHANGED' },
    ]);
  });

  it.each(['scim', 'sso_group'])('is no user whom %s put into the group: 409', async (source) => {
    const id = await groupWith(org, EDITOR, ann);
    await t.sql('update user_group_members set source = $2 where user_group_id = $1', [id, source]);
    const ben = await t.fixtures.member(org, {});

    const reply = await addUntil(inHours(1), id, ben, ann);

    expect(codeOf(reply)).toEqual([409, 'access_end_managed_by_provider']);
    expect(await membersOf(id)).toHaveLength(1);
    expect((await addTo(org.admin, id, ben, ann)).status).toBe(207);
  });

  it('is taken over by SCIM for as long as SCIM says, before and after the end', async () => {
    const scim: Scim = await scimOf(org.admin.api);
    const name = `team-${ann.userId}`;
    const before = await groupWith(org, EDITOR);
    await org.admin.api.patch(`${GROUPS}/${before}`, { idp_group_name: name, idp_sync_enabled: true });
    const { body: user } = await scim.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: ann.email,
      emails: [{ value: ann.email, primary: true }],
    });
    const sourceOf = () =>
      t.sql('select source, access_expires_at from user_group_members where user_group_id = $1', [before]);
    const rolesOf = () =>
      t.sql(`select ends_at = 'infinity' as forever from user_group_roles where user_id = $1`, [ann.userId]);

    await addUntil(inHours(1), before, ann);
    const { body: group } = await scim.post('/Groups', {
      schemas: [GROUP],
      displayName: name,
      members: [{ value: user.id }],
    });
    expect(await sourceOf()).toEqual([{ source: 'scim', access_expires_at: null }]);
    expect(await rolesOf()).toEqual([{ forever: true }]);

    const members = (op: 'add' | 'remove') =>
      scim.patch(`/Groups/${group.id}`, [{ op, path: 'members', value: [{ value: user.id }] }]);
    await members('remove');
    await addUntil(inHours(1), before, ann);
    await endMembers(before);
    await members('add');
    expect(await sourceOf()).toEqual([{ source: 'scim', access_expires_at: null }]);
  });

  it('cannot be oneself where one has something until a date only', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const child = await childOf(t, await groupWith(org, EDITOR), org.workspaceId);
    const other = await childOf(t, await groupWith(org, VIEWER), org.workspaceId);
    expect((await addTo(lead, other, lead)).status).toBe(207);
    const limit = (end: string) =>
      t.sql(`update workspace_memberships set access_expires_at = ${end} where user_id = $1`, [lead.userId]);

    await limit(`now() + interval '1 hour'`);

    expect((await addTo(lead, child, ann)).status).toBe(207);
    expect(codeOf(await addTo(lead, child, ann, lead))).toEqual([403, 'own_access_end']);
    await limit('null');
    expect((await addTo(lead, child, lead)).status).toBe(207);
  });
});

describe('a role of a user group until a date', () => {
  it('counts until then, and not afterwards', async () => {
    const id = await userGroup(org);
    await addTo(org.admin, id, ann);
    const end = inHours(1);

    const given = await grantUntil(org.admin, end, id);

    expect([given.status, given.body.access_expires_at]).toEqual([201, end]);
    expect(await grantsOf(id)).toMatchObject([{ access_expires_at: end }]);
    const { body } = await org.admin.api.get(`${GROUPS}?workspace_id=${org.workspaceId}&page_size=100`);
    expect(body.items.find((group: any) => group.id === id)).toMatchObject({ access_expires_at: end });
    expect(await isEditor(ann)).toBe(true);
    const child = await childOf(t, id, org.workspaceId);

    await endGrants(id);

    expect(await grantsOf(id)).toEqual([]);
    expect(await isEditor(ann)).toBe(false);
    expect((await org.admin.api.get(`${GROUPS}/${child}`)).status).toBe(404);
    expect((await regrant(org.admin, id, org.workspaceId, EDITOR)).status).toBe(404);
    expect((await grantTo(org.admin, id, org.workspaceId, EDITOR)).status).toBe(201);
    expect(await grantsOf(id)).toMatchObject([{ access_expires_at: null }]);
    const entry = (await entriesOf('expire_access')).find(({ resourceIds }) => resourceIds[0] === id);
    expect(entry).toMatchObject({
      resourceIds: [id, child, org.workspaceId],
      details: { ended_grant_role_id: EDITOR, end_set_by_ls_user_id: org.admin.userId },
    });
  });

  it('keeps its end with another role, moves it, and becomes permanent', async () => {
    const id = await userGroup(org);
    const [end, later] = [inHours(1), inHours(2)];
    await grantUntil(org.admin, end, id);

    expect((await regrant(org.admin, id, org.workspaceId, VIEWER)).body).toMatchObject({
      role_id: VIEWER,
      access_expires_at: end,
    });
    expect((await moveEnd(org.admin, later, id)).body).toMatchObject({ access_expires_at: later });
    expect((await moveEnd(org.admin, null, id)).body).toMatchObject({ access_expires_at: null });
    const entries = await entriesOf('update_user_group_grant');
    expect(entries.slice(-2).map(({ details }) => details['access_expires_at'])).toEqual([later, null]);
  });

  it('is ended by those only who hold it, and prolonged by those who hold it otherwise', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const [high, low] = [await userGroup(org), await userGroup(org)];
    await grantUntil(org.admin, inHours(2), high, WORKSPACE_ADMIN);
    await grantUntil(org.admin, inHours(2), low, EDITOR);
    await addTo(org.admin, low, ann);

    for (const end of [inHours(1), inHours(3), null]) {
      expect((await moveEnd(operator, end, high, WORKSPACE_ADMIN)).status).toBe(403);
      expect((await moveEnd(operator, end, low)).status).toBe(200);
    }
    await moveEnd(org.admin, inHours(2), low);
    await addTo(org.admin, low, operator);
    expect(codeOf(await moveEnd(operator, inHours(3), low))).toEqual([403, 'own_access_end']);
    expect(codeOf(await moveEnd(operator, null, low))).toEqual([403, 'own_access_end']);
    expect((await moveEnd(operator, inHours(1), low)).status).toBe(200);
  });
});

it('an end of members by another name is refused with 400, and names the right one', async () => {
  const id = await userGroup(org);

  const { status, body } = await org.admin.api.post(`${GROUPS}/${id}/members`, {
    identity_ids: [ann.membershipId],
    expires_at: inHours(1),
  });

  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('access_expires_at')]);
  expect(await membersOf(id)).toEqual([]);
});

it.each([
  ['half a minute ahead', 0.5 / 60],
  ['in the past', -1],
  ['more than ten years ahead', 24 * 3654],
])('an end %s is refused with 400, and nothing changes', async (_, hours) => {
  const id = await userGroup(org);
  const granted = await groupWith(org, EDITOR);
  const end = inHours(hours);

  const replies = [
    await addUntil(end, id, ann),
    await grantUntil(org.admin, end, id),
    await moveEnd(org.admin, end, granted),
  ];

  expect(replies.map(codeOf)).toEqual(replies.map(() => [400, 'validation_failed']));
  expect([await membersOf(id), await grantsOf(id)]).toEqual([[], []]);
  expect(await grantsOf(granted)).toMatchObject([{ access_expires_at: null }]);
});
