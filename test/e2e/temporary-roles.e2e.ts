import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { policy, SHARE } from '../support/access-policies.js';
import type { Api, Reply } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  EDITOR,
  grantTo,
  groupWith,
  regrant,
  VIEWER,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';

const ORG_MEMBERS = '/api/v1/orgs/current/members';
const IN_WORKSPACE = '/api/v1/workspaces/current/members';
const [ADMIN, OPERATOR, USER] = [
  role('ORGANIZATION_ADMIN'),
  role('ORGANIZATION_OPERATOR'),
  role('ORGANIZATION_USER'),
];
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
});

type By = { api: Api };
const inOrg = ({ api }: By) => api.as({ workspaceId: undefined });
const patch = (by: By, { membershipId }: Pick<Member, 'membershipId'>, body: object) =>
  inOrg(by).patch(`${ORG_MEMBERS}/${membershipId}`, body);
const admin = () => t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
const code = ({ status, headers }: Reply) => [status, headers.get('x-error-code')];

/** A member of the workspace, with the id of the membership there. */
async function inWorkspace(workspace: string): Promise<Member & { workspaceMembershipId: string }> {
  const member = await t.fixtures.member(org, { workspace });
  const [row] = await t.sql<{ id: string }>('select id from workspace_memberships where user_id = $1', [
    member.userId,
  ]);
  return { ...member, workspaceMembershipId: row!.id };
}
const patchIn = ({ api }: By, member: { workspaceMembershipId: string }, body: object) =>
  api.patch(`${IN_WORKSPACE}/${member.workspaceMembershipId}`, body);
const entryOf = async (operation: string) =>
  (
    await t.sql<{ details: any }>(
      'select details from audit_entries where org_id = $1 and operation = $2 order by created_at desc, id desc limit 1',
      [org.orgId, operation],
    )
  )[0]?.details;

describe('PATCH of a member with an end', () => {
  it('sets, moves and clears the end, answers it, and names it in the audit entry', async () => {
    const member = await t.fixtures.member(org, {});
    const [soon, later] = [inDays(1), inDays(2)];

    const set = await patch(org.admin, member, { access_expires_at: soon });
    const moved = await patch(org.admin, member, { access_expires_at: later });
    const kept = await patch(org.admin, member, { role_id: role('ORGANIZATION_VIEWER') });
    const listed = await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${member.email}`);
    const details = await entryOf('update_org_member');
    const cleared = await patch(org.admin, member, { access_expires_at: null });

    expect([set.body, moved.body, kept.body, listed.body[0], cleared.body]).toMatchObject([
      { access_expires_at: soon, reverts_to_role_id: null, role_id: USER },
      { access_expires_at: later },
      { access_expires_at: later, role_id: role('ORGANIZATION_VIEWER') },
      { access_expires_at: later },
      { access_expires_at: null },
    ]);
    expect(details).toMatchObject({ org_roles_changed: expect.anything() });
    expect(await entryOf('update_org_member')).toMatchObject({ access_expires_at: null });
  });

  it('sets and moves the end of a membership in a workspace with a date alone, and keeps its roles', async () => {
    const [plain, temporary] = [await inWorkspace('WORKSPACE_VIEWER'), await inWorkspace('WORKSPACE_VIEWER')];
    const [soon, later] = [inDays(1), inDays(2)];
    const reversion = { access_expires_at: soon, reverts_to_role_id: VIEWER };
    await patchIn(org.admin, temporary, { role_id: EDITOR, ...reversion });

    const set = await patchIn(org.admin, plain, { access_expires_at: soon });
    const moved = await patchIn(org.admin, temporary, { access_expires_at: later });
    const cleared = await patchIn(org.admin, plain, { access_expires_at: null });

    expect([set.body, moved.body, cleared.body]).toMatchObject([
      { role_id: VIEWER, access_expires_at: soon, reverts_to_role_id: null },
      { role_id: EDITOR, access_expires_at: later, reverts_to_role_id: VIEWER },
      { role_id: VIEWER, access_expires_at: null },
    ]);
  });

  it('makes a temporary admin, whose end goes with the role', async () => {
    const member = await t.fixtures.member(org, {});
    const until = inDays(3);
    const raised = await patch(org.admin, member, {
      role_id: ADMIN,
      access_expires_at: until,
      reverts_to_role_id: USER,
    });
    expect(raised.body).toMatchObject({ role_id: ADMIN, access_expires_at: until, reverts_to_role_id: USER });

    const lowered = await patch(org.admin, member, { role_id: OPERATOR });

    expect(lowered.body).toMatchObject({
      role_id: OPERATOR,
      access_expires_at: null,
      reverts_to_role_id: null,
    });
  });

  it('keeps the end and the role after it with another temporary role, if it names them as they are', async () => {
    const member = await inWorkspace('WORKSPACE_VIEWER');
    const end = { access_expires_at: inDays(3) };
    const [inOrganization, inTheWorkspace] = [
      { ...end, reverts_to_role_id: USER },
      { ...end, reverts_to_role_id: VIEWER },
    ];
    await patch(org.admin, member, { role_id: ADMIN, ...inOrganization });
    const lowered = await patch(org.admin, member, { role_id: OPERATOR, ...inOrganization });
    await patchIn(org.admin, member, { role_id: WORKSPACE_ADMIN, ...inTheWorkspace });
    const byThemselves = await patchIn(member, member, { role_id: EDITOR, ...inTheWorkspace });

    expect([lowered.status, byThemselves.status]).toEqual([200, 200]);
    expect(lowered.body).toMatchObject({ role_id: OPERATOR, ...inOrganization });
    expect(byThemselves.body).toMatchObject({ role_id: EDITOR, ...inTheWorkspace });
  });

  it.each([
    ['less than a minute ahead', () => ({ access_expires_at: inDays(0.0005) }), 'access_expires_at'],
    ['more than ten years ahead', () => ({ access_expires_at: inDays(3655) }), 'access_expires_at'],
    ['without an offset', () => ({ access_expires_at: '2027-01-01' }), 'access_expires_at'],
    ['with a reversion alone', () => ({ reverts_to_role_id: USER }), 'reverts_to_role_id'],
    [
      'with a reversion to the same role',
      () => ({ access_expires_at: inDays(1), reverts_to_role_id: USER }),
      'reverts_to_role_id',
    ],
    [
      'with a reversion to a higher role',
      () => ({ access_expires_at: inDays(1), reverts_to_role_id: ADMIN }),
      'reverts_to_role_id',
    ],
  ])('returns 422 %s, and changes nothing', async (_what, body, field) => {
    const member = await t.fixtures.member(org, {});

    const refused = await patch(org.admin, member, body());

    expect(refused.status).toBe(422);
    expect(refused.body.detail).toMatchObject([{ loc: ['body', field] }]);
    const listed = await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${member.email}`);
    expect(listed.body[0]).toMatchObject({ access_expires_at: null, role_id: USER });
  });

  it('returns 409 where an identity provider gives the role', async () => {
    const member = await inWorkspace('WORKSPACE_VIEWER');
    await t.sql(`update org_memberships set source = 'scim' where user_id = $1`, [member.userId]);
    await t.sql(`update workspace_memberships set source = 'sso_group' where user_id = $1`, [member.userId]);
    const end = { access_expires_at: inDays(1) };

    for (const refused of [
      await patch(org.admin, member, end),
      await patchIn(org.admin, member, { role_id: VIEWER, ...end }),
    ])
      expect(code(refused)).toEqual([409, 'access_end_managed_by_provider']);
  });

  it('returns 409 for the last permanent admin, by themselves or by a temporary one', async () => {
    const temporary = await admin();
    expect((await patch(org.admin, temporary, { access_expires_at: inDays(1) })).status).toBe(200);

    for (const by of [org.admin, temporary])
      expect(code(await patch(by, org.admin, { access_expires_at: inDays(9) }))).toEqual([
        409,
        'last_admin_required',
      ]);
  });
});

describe('a temporary admin', () => {
  let temporary: Member;
  beforeEach(async () => {
    temporary = await admin();
    const body = { access_expires_at: inDays(5), reverts_to_role_id: USER };
    expect((await patch(org.admin, temporary, body)).status).toBe(200);
  });

  it.each([
    ['put it off', () => ({ access_expires_at: inDays(6) })],
    ['remove it', () => ({ access_expires_at: null })],
    ['take another role for good', () => ({ role_id: OPERATOR })],
    ['choose another role for the time after it', () => ({ reverts_to_role_id: OPERATOR })],
  ])('returns 403 to those who %s themselves, also with a key that they have made', async (_what, body) => {
    const { key } = (await inOrg(temporary).post('/api/v1/orgs/current/service-keys', ORG_KEY)).body;

    for (const by of [temporary, { api: t.api.as({ key }) }])
      expect(code(await patch(by, temporary, body()))).toEqual([403, 'own_access_end']);
  });

  it('may leave the role before its time', async () => {
    const left = await patch(temporary, temporary, { role_id: USER });

    expect(left.body).toMatchObject({ role_id: USER, access_expires_at: null, reverts_to_role_id: null });
  });
});

describe('a temporary admin, in workspaces and user groups', () => {
  it('gives themselves nothing that stays, but may give up a role', async () => {
    const temporary = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const [held] = await t.sql<{ id: string }>('select id from workspace_memberships where user_id = $1', [
      temporary.userId,
    ]);
    const own = { workspaceMembershipId: held!.id };
    const until = { role_id: ADMIN, access_expires_at: inDays(5), reverts_to_role_id: USER };
    expect((await patch(org.admin, temporary, until)).status).toBe(200);
    const other = (await inOrg(org.admin).post('/api/v1/workspaces', { display_name: 'x' })).body.id;
    const add = (by: By, userId: string) =>
      by.api.as({ workspaceId: other }).post(IN_WORKSPACE, { user_id: userId, role_id: WORKSPACE_ADMIN });
    const group = await groupWith(org, WORKSPACE_ADMIN);
    const REFUSED = [403, 'own_access_end'];

    expect(code(await patchIn(temporary, own, { role_id: WORKSPACE_ADMIN }))).toEqual(REFUSED);
    expect(code(await add(temporary, temporary.userId))).toEqual(REFUSED);
    expect(code(await addTo(temporary, group, temporary))).toEqual(REFUSED);
    const row = { email: temporary.email, workspace_ids: [other], workspace_role_id: WORKSPACE_ADMIN };
    expect(code(await inOrg(temporary).post(`${ORG_MEMBERS}/batch`, [row]))).toEqual(REFUSED);
    expect((await addTo(org.admin, group, temporary)).status).toBe(207);
    expect(code(await grantTo(temporary, group, other, WORKSPACE_ADMIN))).toEqual(REFUSED);
    expect((await regrant(temporary, group, org.workspaceId, EDITOR)).status).toBe(200);
    expect(code(await regrant(temporary, group, org.workspaceId, WORKSPACE_ADMIN))).toEqual(REFUSED);
    expect((await grantTo(org.admin, group, other, WORKSPACE_ADMIN)).status).toBe(201);
    expect((await patchIn(org.admin, own, { role_id: WORKSPACE_ADMIN })).status).toBe(200);
    expect((await patchIn(temporary, own, { role_id: VIEWER })).status).toBe(200);
  });
});

describe('what is created by a role that ends', () => {
  const create = async (by: Member): Promise<string> =>
    (await inOrg(by).post('/api/v1/workspaces', { display_name: 'Research' })).body.id;
  const ownIn = async (by: Member, workspaceId: string) =>
    (await org.admin.api.as({ workspaceId }).get(`${IN_WORKSPACE}/active?emails=${by.email}`)).body[0];
  const created = async (by: Member, path: string, body: object = {}) => {
    const { status, body: made } = await inOrg(by).post(path, { description: 'x', ...body });
    return status < 300 ? made.expires_at : [status, made.detail];
  };

  it('ends with the role of a temporary admin: service keys and SCIM tokens, but not their own tokens', async () => {
    const temporary = await admin();
    const until = inDays(5);
    const body = { access_expires_at: until, reverts_to_role_id: USER };
    expect((await patch(org.admin, temporary, body)).status).toBe(200);
    const keys = '/api/v1/orgs/current/service-keys';

    expect(await created(temporary, keys, ORG_KEY)).toBe(until);
    expect(await created(temporary, keys, { ...ORG_KEY, expires_at: inDays(4) })).not.toBe(until);
    const tooLong = await created(temporary, keys, { ...ORG_KEY, expires_at: inDays(6) });
    expect(tooLong[0]).toBe(422);
    expect(await created(temporary, '/api/v1/platform/orgs/current/scim/tokens')).toBe(until);
    expect(await created(temporary, '/api/v1/api-key/current')).toBeNull();
    expect(await created(org.admin, keys, ORG_KEY)).toBeNull();
    const permanent = (await inOrg(org.admin).post(keys, ORG_KEY)).body.id;
    const rotated = await inOrg(temporary).post(`${keys}/${permanent}/rotate`, {});
    expect(code(rotated)).toEqual([403, 'rotation_outlives_caller']);
  });

  it('ends with the role of a temporary admin: the membership of the creator of a workspace', async () => {
    const temporary = await admin();
    const until = inDays(5);
    const body = { access_expires_at: until, reverts_to_role_id: USER };
    expect((await patch(org.admin, temporary, body)).status).toBe(200);
    const workspaceId = await create(temporary);

    const own = await ownIn(temporary, workspaceId);
    expect(own).toMatchObject({ role_id: WORKSPACE_ADMIN, access_expires_at: until });
    expect(await entryOf('create_workspace')).toMatchObject({ access_expires_at: until });
    const [{ setBy }] = (await t.sql<{ setBy: string }>(
      'select access_expires_set_by_user_id as "setBy" from workspace_memberships where workspace_id = $1',
      [workspaceId],
    )) as [{ setBy: string }];
    expect(setBy).toBe(org.admin.userId);
    const inIt = { api: temporary.api.as({ workspaceId }) };
    const stay = await patchIn(
      inIt,
      { workspaceMembershipId: own.id },
      { role_id: WORKSPACE_ADMIN, access_expires_at: null },
    );
    expect(code(stay)).toEqual([403, 'own_access_end']);
    expect(await ownIn(org.admin, await create(org.admin))).toMatchObject({ access_expires_at: null });
  });

  it('ends earlier with the role of a temporary admin: the membership of the creator, not one that was given for longer', async () => {
    const temporary = await admin();
    const until = { role_id: ADMIN, access_expires_at: inDays(5), reverts_to_role_id: USER };
    expect((await patch(org.admin, temporary, until)).status).toBe(200);
    const [made, extended] = [await create(temporary), await create(temporary)];
    const [own] = [await ownIn(temporary, extended)];
    const byAdmin = { api: org.admin.api.as({ workspaceId: extended }) };
    const longer = { role_id: WORKSPACE_ADMIN, access_expires_at: inDays(9) };
    expect((await patchIn(byAdmin, { workspaceMembershipId: own.id }, longer)).status).toBe(200);

    const earlier = inDays(2);
    expect((await patch(org.admin, temporary, { access_expires_at: earlier })).status).toBe(200);

    expect(await ownIn(temporary, made)).toMatchObject({ access_expires_at: earlier });
    expect(await ownIn(temporary, extended)).toMatchObject({ access_expires_at: longer.access_expires_at });
    expect(await entryOf('update_org_member')).toMatchObject({ workspaces_ending_with_role: [made] });
    const changes = '/api/v1/orgs/current/events?types=workspace_membership.end_changed&wait=10';
    expect((await inOrg(org.admin).get(changes)).body.items.at(-1)).toMatchObject({
      subject: { kind: 'user', id: temporary.userId },
      data: { workspace_id: made, access_expires_at: earlier },
    });

    expect((await patch(org.admin, temporary, { access_expires_at: inDays(7) })).status).toBe(200);
    expect(await ownIn(temporary, made)).toMatchObject({ access_expires_at: earlier });
  });

  it('ends with a temporary role in the workspace of the key', async () => {
    const member = await inWorkspace('WORKSPACE_ADMIN');
    const until = inDays(5);
    const end = { role_id: WORKSPACE_ADMIN, access_expires_at: until };
    expect((await patchIn(org.admin, member, end)).status).toBe(200);
    const key = { role_id: EDITOR, workspaces: [org.workspaceId] };

    expect(await created(member, '/api/v1/orgs/current/service-keys', key)).toBe(until);
  });
});

describe('a key that stays longer than the role by which it is changed', () => {
  const KEYS = '/api/v1/orgs/current/service-keys';
  const change = (by: By, id: string, body: object) => inOrg(by).patch(`${KEYS}/${id}`, body);
  const REFUSED = [403, 'change_outlives_caller'];

  it('gets no further workspace or permission, and may lose some', async () => {
    const member = await inWorkspace('WORKSPACE_ADMIN');
    const other = (await inOrg(org.admin).post('/api/v1/workspaces', { display_name: 'x' })).body.id;
    const key = { description: 'x', role_id: EDITOR, workspaces: [org.workspaceId] };
    const { id } = (await inOrg(member).post(KEYS, key)).body;
    const inOther = { user_id: member.userId, role_id: WORKSPACE_ADMIN, access_expires_at: inDays(5) };
    expect((await org.admin.api.as({ workspaceId: other }).post(IN_WORKSPACE, inOther)).status).toBe(200);

    const wider = { workspaces: [org.workspaceId, other] };
    expect(code(await change(member, id, wider))).toEqual(REFUSED);
    expect((await change(member, id, { role_id: WORKSPACE_ADMIN })).status).toBe(200);
    const end = { role_id: WORKSPACE_ADMIN, access_expires_at: inDays(5) };
    expect((await patchIn(org.admin, member, end)).status).toBe(200);
    expect((await change(member, id, { role_id: VIEWER })).status).toBe(200);
    expect(code(await change(member, id, { role_id: EDITOR }))).toEqual(REFUSED);
    expect((await change(org.admin, id, wider)).status).toBe(200);
  });

  it('is no admin of the organization by a temporary admin, or by a key of theirs', async () => {
    const temporary = await admin();
    const { id } = (await inOrg(temporary).post(KEYS, { ...ORG_KEY, org_role_id: USER })).body;
    const until = { access_expires_at: inDays(5), reverts_to_role_id: USER };
    expect((await patch(org.admin, temporary, until)).status).toBe(200);
    const { key } = (await inOrg(temporary).post(KEYS, ORG_KEY)).body;

    expect(code(await change(temporary, id, { org_role_id: ADMIN }))).toEqual(REFUSED);
    expect(code(await change({ api: t.api.as({ key }) }, id, { org_role_id: ADMIN }))).toEqual(REFUSED);
    expect((await change(org.admin, id, { org_role_id: ADMIN })).status).toBe(200);
  });
});

const ORG_KEY = { description: 'x', role_id: WORKSPACE_ADMIN, org_role_id: ADMIN };

describe('the end of a role in a workspace, set by a caller who holds less', () => {
  let lead: Member;
  beforeEach(async () => {
    const leads = await customRole(org, ['workspaces:manage-members', 'workspaces:read', 'runs:read']);
    lead = await t.fixtures.member(org, { workspace: leads });
  });

  it('is taken: an earlier end, and given: a later one or another role after it', async () => {
    const [weak, strong] = [await inWorkspace('WORKSPACE_VIEWER'), await inWorkspace('WORKSPACE_USER')];
    const reads = await customRole(org, ['runs:read']);
    await t.sql('update workspace_memberships set role_id = $2 where id = $1', [
      weak.workspaceMembershipId,
      reads,
    ]);
    const of = (member: typeof weak, roleId: string, at: string | null, next?: string) =>
      patchIn(lead, member, { role_id: roleId, access_expires_at: at, reverts_to_role_id: next });

    expect((await of(weak, reads, inDays(1))).status).toBe(200);
    expect((await of(weak, reads, inDays(2))).status).toBe(200);
    expect((await of(weak, reads, null)).status).toBe(200);
    expect((await of(strong, EDITOR, inDays(1))).status).toBe(403);
    await patchIn(org.admin, strong, { role_id: EDITOR, access_expires_at: inDays(5) });
    expect((await of(strong, EDITOR, inDays(6))).status).toBe(403);
    expect((await of(strong, EDITOR, null)).status).toBe(403);
    expect((await patchIn(org.admin, strong, { role_id: EDITOR, access_expires_at: inDays(6) })).status).toBe(
      200,
    );
    expect((await of(strong, EDITOR, inDays(6), VIEWER)).status).toBe(403);
  });

  it('is given with the policies of the role after it, by callers who hold those only', async () => {
    const [during, plain, shared] = [
      await customRole(org, ['workspaces:read', 'runs:read']),
      await customRole(org, ['runs:read']),
      await customRole(org, ['runs:read']),
    ];
    await policy(org, { condition_groups: [SHARE], role_ids: [shared] });
    const member = await inWorkspace(plain);
    const temporary = { role_id: during, access_expires_at: inDays(1) };
    const until = (reverts_to_role_id: string) => ({ ...temporary, reverts_to_role_id });
    expect((await patchIn(lead, member, temporary)).status).toBe(200);

    expect(code(await patchIn(lead, member, until(shared)))).toEqual([403, 'role_not_grantable']);
    expect((await patchIn(lead, member, until(plain))).status).toBe(200);
    expect((await patchIn(org.admin, member, until(shared))).status).toBe(200);
  });

  it('holds the role after it against deletion', async () => {
    const reads = await customRole(org, ['workspaces:read']);
    const member = await inWorkspace('WORKSPACE_USER');
    const body = { role_id: EDITOR, access_expires_at: inDays(1), reverts_to_role_id: reads };
    expect((await patchIn(org.admin, member, body)).body).toMatchObject({ reverts_to_role_id: reads });

    const refused = await org.admin.api.delete(`/api/v1/orgs/current/roles/${reads}`);

    expect(code(refused)).toEqual([409, 'role_in_use']);
  });
});
