import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import { auditOf } from '../support/audit.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  EDITOR,
  GROUPS,
  grantTo,
  groupWith,
  userGroup,
  VIEWER,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

const REQUESTS = '/api/v1/orgs/current/access-requests';
const KEYS = '/api/v1/orgs/current/service-keys';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';

let t: TestApp;
let org: OrgWithAdmin;
let ann: Member;
let lead: Member;
beforeAll(async () => {
  t = await startTestApp({ CALLER_CACHE: 'off' }); // queries show how far a request has come
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  [ann, lead] = [
    await t.fixtures.member(org, {}),
    await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
  ];
  await letAsk(org.workspaceId);
});

const codeOf = ({ status, headers }: Reply) => [status, headers.get('x-error-code')];
const letAsk = (workspaceId: string, requestable: boolean | null = true) =>
  org.admin.api.patch(`/api/v1/workspaces/${workspaceId}`, { requestable });
const letAskForGroup = (id: string) => org.admin.api.patch(`${GROUPS}/${id}`, { requestable: true });

/** Most requesters are in no workspace, so that their clients must not name one. */
const inOrg = ({ api }: Pick<Member, 'api'>) => api.as({ workspaceId: '' });
const ask = (who: Pick<Member, 'api'>, fields: object = {}) =>
  inOrg(who).post(REQUESTS, { workspace_id: org.workspaceId, reason: 'On call', ...fields });
async function asked(who: Pick<Member, 'api'> = ann, fields: object = {}): Promise<string> {
  const { status, body } = await ask(who, fields);
  if (status !== 201) throw new Error(`asking: ${status} ${JSON.stringify(body)}`);
  return body.id;
}
const approve = (who: Pick<Member, 'api'>, id: string, body: object = {}) =>
  inOrg(who).post(`${REQUESTS}/${id}/approval`, body);
const decline = (who: Pick<Member, 'api'>, id: string, reason = 'Not now') =>
  inOrg(who).post(`${REQUESTS}/${id}/decline`, { reason });
const withdraw = (who: Pick<Member, 'api'>, id: string) => inOrg(who).delete(`${REQUESTS}/${id}`);
const listed = async (who: Pick<Member, 'api'>, query = ''): Promise<string[]> =>
  (await inOrg(who).get(`${REQUESTS}?${query}`)).body.items.map(({ id }: { id: string }) => id);
const roleOf = async ({ userId }: Member, workspaceId = org.workspaceId) =>
  (
    await t.sql<{ role: string }>(
      'select role_id as role from workspace_memberships where workspace_id = $1 and user_id = $2',
      [workspaceId, userId],
    )
  )[0]?.role ?? null;
const targetsOf = async (who: Member) => (await inOrg(who).get(`${REQUESTS}/targets`)).body.items;

describe('what may be asked for', () => {
  it('is what an admin has switched on, and nothing else exists', async () => {
    const other = await anotherWorkspace(org);
    const group = await userGroup(org, { name: 'Analysts' });
    await letAskForGroup(group);
    const quiet = await userGroup(org);
    const foreign = await t.fixtures.orgWithAdmin();

    expect(await targetsOf(ann)).toMatchObject([
      { kind: 'group', id: group, name: 'Analysts', is_member: false },
      { kind: 'workspace', id: org.workspaceId, is_member: false, role_id: null, open_request_id: null },
    ]);
    const place = { workspace_id: undefined };
    for (const fields of [
      { workspace_id: other },
      { workspace_id: foreign.workspaceId },
      { ...place, user_group_id: quiet },
      { role_id: role('ORGANIZATION_ADMIN') },
      { role_id: role('ORGANIZATION_OPERATOR') },
    ])
      expect(codeOf(await ask(ann, fields))).toEqual([404, 'access_target_not_found']);
  });

  it('is shown only where it is on, and null leaves it', async () => {
    const path = `/api/v1/workspaces/${org.workspaceId}`;
    expect((await letAsk(org.workspaceId, null)).status).toBe(422);
    expect(
      (await org.admin.api.patch(path, { display_name: 'Renamed', requestable: null })).body,
    ).toMatchObject({
      display_name: 'Renamed',
      requestable: true,
    });
    expect((await org.admin.api.get('/api/v1/workspaces')).body).toMatchObject([{ requestable: true }]);
    expect((await letAsk(org.workspaceId, false)).body).not.toHaveProperty('requestable');
    expect((await org.admin.api.get(path)).body).not.toHaveProperty('requestable');
    const group = await userGroup(org);
    expect((await letAskForGroup(group)).body).toMatchObject({ requestable: true });
    expect((await org.admin.api.patch(`${GROUPS}/${group}`, { requestable: false })).body).not.toHaveProperty(
      'requestable',
    );
  });

  it('is no restricted role, and no user group that gives one', async () => {
    const restricted = await customRole(org, ['runs:read']);
    const group = await groupWith(org, restricted);
    await letAskForGroup(group);
    expect((await ask(ann, { role_id: restricted })).status).toBe(201);
    const restriction = `/api/v1/orgs/current/roles/${restricted}/restriction`;
    expect((await org.admin.api.put(restriction, { is_restricted: true })).status).toBe(200);

    const ben = await t.fixtures.member(org, {});
    expect(codeOf(await ask(ben, { role_id: restricted }))).toEqual([404, 'access_target_not_found']);
    expect(codeOf(await ask(ben, { workspace_id: undefined, user_group_id: group }))[0]).toBe(404);
    expect(await targetsOf(ben)).toHaveLength(1);
  });

  it('is no user group where the organization has none', async () => {
    const group = await userGroup(org);
    await letAskForGroup(group);
    expect(await targetsOf(ann)).toHaveLength(2);

    await t.sql('update organizations set can_use_user_groups = false where id = $1', [org.orgId]);

    expect(await targetsOf(ann)).toMatchObject([{ kind: 'workspace', id: org.workspaceId }]);
    const refused = await ask(ann, { workspace_id: undefined, user_group_id: group });
    expect(codeOf(refused)).toEqual([404, 'access_target_not_found']);
  });
});

describe('a request', () => {
  it('is made, seen by its requester and by whoever could grant it, and withdrawn', async () => {
    const reply = await ask(ann, { role_id: EDITOR, duration_seconds: 3600 });

    expect(reply.status).toBe(201);
    const person = ({ userId, email }: Member) => ({ ls_user_id: userId, email, full_name: null });
    expect(reply.body).toEqual({
      id: expect.any(String),
      kind: 'workspace',
      workspace_id: org.workspaceId,
      workspace_name: 'Workspace 1',
      role_id: EDITOR,
      role_name: 'Editor',
      from_role_name: null,
      user_group_id: null,
      user_group_name: null,
      reason: 'On call',
      duration_seconds: 3600,
      state: 'pending',
      requester: person(ann),
      is_own: true,
      can_decide: false,
      created_at: expect.any(String),
      expires_at: expect.any(String),
      decided_at: null,
      decided_by: null,
      decided_role_id: null,
      decided_role_name: null,
      access_expires_at: null,
      decline_reason: null,
    });
    const { id, created_at, expires_at } = reply.body;
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(14 * 86_400_000);
    expect(await targetsOf(ann)).toMatchObject([{ open_request_id: id }]);
    expect((await lead.api.get(`${REQUESTS}/${id}`)).body).toMatchObject({ is_own: false, can_decide: true });
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    expect(codeOf(await editor.api.get(`${REQUESTS}/${id}`))).toEqual([404, 'access_request_not_found']);
    expect((await withdraw(lead, id)).status).toBe(404);

    expect((await withdraw(ann, id)).status).toBe(204);

    expect(codeOf(await withdraw(ann, id))).toEqual([409, 'access_request_closed']);
    expect(codeOf(await approve(lead, id))).toEqual([409, 'access_request_closed']);
    expect((await inOrg(ann).get(`${REQUESTS}/${id}`)).body.state).toBe('withdrawn');
  });

  it('is listed in pages, newest first, by state, to its requester and to those who could grant it', async () => {
    const workspaceId = await anotherWorkspace(org);
    await letAsk(workspaceId);
    const first = await asked(ann);
    const second = await asked(ann, { workspace_id: workspaceId });
    const own = await asked(lead, { workspace_id: workspaceId });

    expect(await listed(ann)).toEqual([second, first]);
    expect(await listed(lead)).toEqual([own, first]);
    expect(await listed(lead, 'to_decide=true')).toEqual([first]);
    expect(await listed(lead, 'mine=true')).toEqual([own]);
    expect(await listed(org.admin)).toEqual([own, second, first]);
    const { body } = await org.admin.api.get(`${REQUESTS}?limit=2`);
    expect(await listed(org.admin, `limit=2&cursor=${body.next_cursor}`)).toEqual([first]);
    await decline(lead, first);
    expect(await listed(lead, 'state=declined')).toEqual([first]);
    expect(await listed(lead, 'to_decide=true')).toEqual([]);
    expect(await listed(await t.fixtures.member(org, {}))).toEqual([]);
  });

  it('is one for each target, ten at a time and twenty a day', async () => {
    await asked();
    expect(codeOf(await ask(ann, { role_id: EDITOR }))).toEqual([409, 'access_request_open']);
    const workspaces: string[] = [];
    for (let count = 0; count < 10; count++) {
      workspaces.push(await anotherWorkspace(org));
      await letAsk(workspaces[count]!);
    }
    for (const id of workspaces.slice(0, 9)) await asked(ann, { workspace_id: id });
    expect(codeOf(await ask(ann, { workspace_id: workspaces[9] }))).toEqual([
      409,
      'too_many_access_requests',
    ]);

    for (const id of await listed(ann, 'limit=100')) await withdraw(ann, id);
    for (const id of workspaces) await asked(ann, { workspace_id: id });
    const refused = await ask(ann);

    expect(codeOf(refused)).toEqual([429, 'access_requests_of_day_exhausted']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(86_000);
    expect(await listed(ann, 'limit=100')).toHaveLength(20);
  });

  it('is made once by two requests at a time', async () => {
    const replies = await Promise.all([ask(ann), ask(ann), ask(ann, { role_id: EDITOR })]);

    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it('is refused for what the member has, and with a token', async () => {
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    expect(codeOf(await ask(editor, { role_id: EDITOR }))).toEqual([409, 'access_already_held']);
    expect(codeOf(await ask(org.admin))).toEqual([409, 'access_already_held']);
    const { body } = await ann.api.as({ workspaceId: '' }).post(TOKENS, {});
    const token = t.api.as({ key: body.key, orgId: org.orgId });
    expect(codeOf(await ask({ api: token }))).toEqual([403, 'session_required']);
    for (const fields of [
      { user_group_id: org.workspaceId },
      { workspace_id: undefined },
      { workspace_id: undefined, user_group_id: org.workspaceId, role_id: VIEWER },
      { reason: '' },
      { reason: 'x'.repeat(501) },
      { duration_seconds: 10 },
    ])
      expect((await ask(ann, fields)).status).toBe(422);
  });

  it('expires by the clock of the database, and can then be made again', async () => {
    const id = await asked();
    await t.sql(`update access_requests set expires_at = now() - interval '1 second' where id = $1`, [id]);

    expect(codeOf(await approve(lead, id))).toEqual([409, 'access_request_closed']);
    expect(codeOf(await withdraw(ann, id))).toEqual([409, 'access_request_closed']);
    expect(await listed(ann, 'state=expired')).toEqual([id]);
    expect(await listed(lead, 'to_decide=true')).toEqual([]);
    const again = await asked();
    expect(await listed(ann, 'state=pending')).toEqual([again]);
  });

  it('is refused where the identity provider manages the access', async () => {
    const group = await userGroup(org);
    await org.admin.api.patch(`${GROUPS}/${group}`, {
      requestable: true,
      idp_group_name: 'analysts',
      idp_sync_enabled: true,
    });
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await t.sql(`update workspace_memberships set source = 'scim' where user_id = $1`, [viewer.userId]);

    const asGroup = { workspace_id: undefined, user_group_id: group };
    expect(codeOf(await ask(ann, asGroup))).toEqual([409, 'access_managed_by_provider']);
    expect(codeOf(await ask(viewer, { role_id: EDITOR }))).toEqual([409, 'access_managed_by_provider']);
  });
});

describe('an approval', () => {
  it('gives the role with the provenance and the entries of giving it directly', async () => {
    const id = await asked(ann, { role_id: EDITOR });

    const reply = await approve(lead, id);

    expect(reply.body).toMatchObject({
      state: 'approved',
      can_decide: false,
      decided_by: { ls_user_id: lead.userId },
      decided_role_id: EDITOR,
      decided_role_name: 'Editor',
      access_expires_at: null,
    });
    expect(await roleOf(ann)).toBe(EDITOR);
    const entries = await auditOf(t, org.orgId, [
      'create_access_request',
      'add_member_to_workspace',
      'approve_access_request',
    ]);
    expect(entries.map(({ operation }) => operation)).toEqual([
      'create_access_request',
      'add_member_to_workspace',
      'approve_access_request',
    ]);
    const { body } = await org.admin.api.get('/api/v1/orgs/current/events');
    const events = body.items.filter(({ type }: { type: string }) => type.startsWith('access_request'));
    expect(events).toMatchObject([
      { type: 'access_request.created', data: { user_id: ann.userId, role_id: EDITOR } },
      { type: 'access_request.approved', data: { user_id: ann.userId, workspace_id: org.workspaceId } },
    ]);
    expect(codeOf(await approve(org.admin, id))).toEqual([409, 'access_request_closed']);
  });

  it('changes the role of a member, and puts a member into a user group', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const group = await groupWith(org, EDITOR);
    await letAskForGroup(group);
    const [asEditor, inGroup] = [
      await asked(viewer, { role_id: EDITOR }),
      await asked(viewer, { workspace_id: undefined, user_group_id: group }),
    ];

    expect((await approve(lead, asEditor)).body).toMatchObject({ kind: 'role', from_role_name: 'Viewer' });
    expect((await approve(lead, inGroup)).status).toBe(404); // a lead manages no groups of the organization
    expect((await approve(org.admin, inGroup)).body).toMatchObject({ kind: 'group', state: 'approved' });

    expect(await roleOf(viewer)).toBe(EDITOR);
    const { body } = await org.admin.api.get(`${GROUPS}/${group}/members`);
    expect(body.items).toMatchObject([{ user_id: viewer.userId }]);
  });

  it('gives less, and never more than was asked for', async () => {
    const id = await asked(ann, { role_id: EDITOR });

    expect(codeOf(await approve(lead, id, { role_id: WORKSPACE_ADMIN }))).toEqual([
      422,
      'approval_exceeds_request',
    ]);
    expect((await approve(lead, id, { role_id: role('ORGANIZATION_ADMIN') })).status).toBe(422);
    expect(await roleOf(ann)).toBeNull();
    expect((await approve(lead, id, { role_id: VIEWER })).body).toMatchObject({
      role_name: 'Editor',
      decided_role_name: 'Viewer',
    });
    expect(await roleOf(ann)).toBe(VIEWER);
  });

  it.each([3600, null])('does not give the role that the requester has, for %s seconds', async (duration) => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const id = await asked(viewer, { role_id: EDITOR, duration_seconds: duration });

    expect(codeOf(await approve(org.admin, id, { role_id: VIEWER }))).toEqual([409, 'access_already_held']);
    expect((await approve(org.admin, id)).status).toBe(200);
    expect(await roleOf(viewer)).toBe(EDITOR);
  });

  it('gives access until the end of the duration, then the role before, or nothing', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const group = await groupWith(org, EDITOR);
    await letAskForGroup(group);
    const hour = { duration_seconds: 3600 };
    const requests = [
      await asked(ann, hour),
      await asked(viewer, { role_id: EDITOR, ...hour }),
      await asked(ann, { workspace_id: undefined, user_group_id: group, ...hour }),
    ];
    const inTwoHours = new Date(Date.now() + 7_200_000).toISOString();
    for (const end of [null, inTwoHours])
      expect(codeOf(await approve(lead, requests[0]!, { access_expires_at: end }))).toEqual([
        422,
        'approval_exceeds_request',
      ]);
    const soon = new Date(Date.now() + 600_000).toISOString();

    const ends = [
      await approve(lead, requests[0]!, { access_expires_at: soon }),
      await approve(lead, requests[1]!),
      await approve(org.admin, requests[2]!),
    ].map(({ body }) => body.access_expires_at);

    expect(ends[0]).toBe(soon);
    const away = Date.parse(ends[1]) - Date.now();
    expect(Math.abs(away - 3_600_000)).toBeLessThan(60_000);
    const stored = await t.sql(
      `select user_id as "userId", role_id as role, reverts_to_role_id as next, (extract(epoch from access_expires_at) * 1000)::float8 as end
       from workspace_memberships where access_expires_at is not null and org_id = $1 order by access_expires_at`,
      [org.orgId],
    );
    expect(stored).toEqual([
      { userId: ann.userId, role: VIEWER, next: null, end: Date.parse(ends[0]) },
      { userId: viewer.userId, role: EDITOR, next: VIEWER, end: expect.any(Number) },
    ]);
    expect((await org.admin.api.get(`${GROUPS}/${group}/members`)).body.items).toMatchObject([
      { user_id: ann.userId, access_expires_at: ends[2] },
    ]);
    expect(codeOf(await ask(viewer, { role_id: WORKSPACE_ADMIN }))).toEqual([409, 'access_is_temporary']);
  });

  it('is refused to the requester, and with what they own or made', async () => {
    const own = await asked(ann, { role_id: EDITOR });
    await org.admin.api.patch(`/api/v1/orgs/current/members/${ann.membershipId}`, {
      role_id: role('ORGANIZATION_ADMIN'),
    });
    const { body: token } = await ann.api.as({ workspaceId: '' }).post(TOKENS, {});
    const { body: key } = await ann.api.post(KEYS, { workspaces: [org.workspaceId] });
    const withKey = (secret: string) => t.api.as({ key: secret, orgId: org.orgId });
    const { body: made } = await withKey(token.key).post(KEYS, { workspaces: [org.workspaceId] });
    const { body: others } = await org.admin.api.post(KEYS, { workspaces: [org.workspaceId] });

    for (const api of [ann.api, ...[token.key, key.key, made.key].map(withKey)]) {
      expect(codeOf(await approve({ api }, own))).toEqual([403, 'own_access_request']);
      expect(codeOf(await decline({ api }, own))).toEqual([403, 'own_access_request']);
    }
    await t.sql('update api_keys set created_by_user_id = null where id = $1', [key.id]);
    expect(codeOf(await approve({ api: withKey(key.key) }, own))).toEqual([403, 'own_access_request']);
    expect((await approve({ api: withKey(others.key) }, own)).status).toBe(200);
  });

  it('is compared with what the caller holds at that moment', async () => {
    const weak = await customRole(org, ['workspaces:read', 'workspaces:manage-members', 'runs:read']);
    const manager = await t.fixtures.member(org, { workspace: weak });
    const within = await customRole(org, ['runs:read']);
    const ben = await t.fixtures.member(org, {});
    const [tooMuch, fine] = [await asked(ann, { role_id: EDITOR }), await asked(ben, { role_id: within })];

    expect(await listed(manager, 'to_decide=true')).toEqual([fine]);
    expect(codeOf(await approve(manager, tooMuch))).toEqual([404, 'access_request_not_found']);

    const strong = await userGroup(org);
    await addTo(org.admin, strong, ben);
    await grantTo(org.admin, strong, org.workspaceId, EDITOR);
    expect(codeOf(await approve(manager, fine))).toEqual([403, 'change_exceeds_rights']); // it would switch the group on
    expect(await roleOf(ben)).toBeNull();
    expect((await manager.api.get(`${REQUESTS}/${fine}`)).body.state).toBe('pending');
  });

  it('is for those who could give the role of the user group in each of its workspaces', async () => {
    const elsewhere = await anotherWorkspace(org);
    const group = await groupWith(org, EDITOR);
    expect((await grantTo(org.admin, group, elsewhere, EDITOR)).status).toBe(201);
    await letAskForGroup(group);
    const operator = { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' } as const;
    const [ofOne, ofBoth] = [await t.fixtures.member(org, operator), await t.fixtures.member(org, operator)];
    const membership = { user_id: ofBoth.userId, role_id: WORKSPACE_ADMIN };
    const added = org.admin.api
      .as({ workspaceId: elsewhere })
      .post('/api/v1/workspaces/current/members', membership);
    expect((await added).status).toBe(200);
    const id = await asked(ann, { workspace_id: undefined, user_group_id: group });

    expect(await listed(ofOne, 'to_decide=true')).toEqual([]);
    expect(codeOf(await approve(ofOne, id))).toEqual([404, 'access_request_not_found']);
    expect(await listed(ofBoth, 'to_decide=true')).toEqual([id]);
    expect((await approve(ofBoth, id)).status).toBe(200);
  });

  it.each(['workspace', 'user group'])(
    'is refused when the membership of the requester has ended: %s',
    async (where) => {
      const group = await userGroup(org);
      await letAskForGroup(group);
      const id = await asked(
        ann,
        where === 'workspace' ? {} : { workspace_id: undefined, user_group_id: group },
      );
      const sql = `update org_memberships set access_expires_at = now() - interval '1 second' where user_id = $1`;
      await t.sql(sql, [ann.userId]);

      expect(codeOf(await approve(org.admin, id))).toEqual([409, 'access_request_outdated']);
    },
  );

  it('is refused after the situation has changed', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const [asEditor, withdrawnTarget] = [await asked(viewer, { role_id: EDITOR }), await asked(ann)];
    await t.sql('update workspace_memberships set role_id = $2 where user_id = $1', [
      viewer.userId,
      WORKSPACE_ADMIN,
    ]);

    expect(codeOf(await approve(lead, asEditor))).toEqual([409, 'access_request_outdated']);
    expect(await roleOf(viewer)).toBe(WORKSPACE_ADMIN);
    await letAsk(org.workspaceId, false);
    expect(codeOf(await approve(lead, withdrawnTarget))).toEqual([409, 'access_request_outdated']);
    expect((await decline(lead, withdrawnTarget, 'See http://example.com')).body).toMatchObject({
      state: 'declined',
      decline_reason: 'See http://example.com',
      decided_by: { email: lead.email },
    });
  });
});

describe('requests at the same time', () => {
  /** Starts `first`, then `second`, which passes its guards before `first` ends: both wait for the lock of the test. */
  async function inOrder(first: () => Promise<Reply>, second: () => Promise<Reply>): Promise<Reply[]> {
    return onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const before = first();
      await waitForBlockedQuery(t);
      const after = second();
      await untilOthersWait(t);
      await client.query('commit');
      return Promise.all([before, after]);
    });
  }
  const statuses = (replies: Reply[]) => replies.map(({ status }) => status);

  it('do not approve for an approver who is demoted meanwhile', async () => {
    const id = await asked(ann, { role_id: EDITOR });
    const [membership] = await t.sql<{ id: string }>(
      'select id from workspace_memberships where workspace_id = $1 and user_id = $2',
      [org.workspaceId, lead.userId],
    );
    const demote = () =>
      org.admin.api.patch(`/api/v1/workspaces/current/members/${membership!.id}`, { role_id: VIEWER });

    expect(statuses(await inOrder(demote, () => approve(lead, id)))).toEqual([200, 404]);
    expect(await roleOf(ann)).toBeNull();
  });

  it('approve a request once, with one entry', async () => {
    const id = await asked(ann);

    expect(
      statuses(
        await inOrder(
          () => approve(lead, id),
          () => approve(org.admin, id),
        ),
      ),
    ).toEqual([200, 409]);
    const entries = await auditOf(t, org.orgId, ['add_member_to_workspace']);
    expect(entries).toHaveLength(1);
  });

  it('withdraw or approve, whichever is first', async () => {
    const first = await asked(ann);
    expect(
      statuses(
        await inOrder(
          () => withdraw(ann, first),
          () => approve(lead, first),
        ),
      ),
    ).toEqual([204, 409]);
    expect(await roleOf(ann)).toBeNull();

    const second = await asked(ann);
    expect(
      statuses(
        await inOrder(
          () => approve(lead, second),
          () => withdraw(ann, second),
        ),
      ),
    ).toEqual([200, 409]);
    expect(await roleOf(ann)).toBe(VIEWER);
  });
});
