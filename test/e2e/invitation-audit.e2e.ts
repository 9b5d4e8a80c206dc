import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  invitation,
  ORG_MEMBERS,
  updateOrg,
  WORKSPACE_BATCH,
} from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/** Sends the request and returns the audit entries that it wrote, without those of the preparation. */
async function recorded(request: () => Promise<{ status: number }>): Promise<Record<string, unknown>[]> {
  const [{ now }] = (await t.sql<{ now: string }>('select clock_timestamp()::text as now')) as [
    { now: string },
  ];
  await request();
  return t.sql(
    `select operation, succeeded, org_id, workspace_id, user_id, credential_kind, credential_id, resource_ids,
       request_method, request_path, host(client_host) as client_host, client_port, response_status
     from audit_entries where created_at >= $1 order by created_at, id`,
    [now],
  );
}

const by = ({ userId }: Person, { orgId, workspaceId }: OrgWithAdmin) => ({
  ...{ user_id: userId, credential_kind: 'session', credential_id: expect.any(String) },
  ...{ org_id: orgId, workspace_id: workspaceId },
  ...{ client_host: '127.0.0.1', client_port: expect.any(Number) },
});
const done = { succeeded: true, response_status: 200 };

/** An invited user, the id of the invitation, and a member without permissions to invite. */
async function scene() {
  const org = await t.fixtures.orgWithAdmin();
  const stranger = await t.fixtures.userWithoutOrg();
  const id = await invitation(org, { email: stranger.email, workspace_ids: [org.workspaceId] });
  const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
  return { org, stranger, id, viewer };
}
type Scene = Awaited<ReturnType<typeof scene>>;
type Call = { method: 'POST' | 'DELETE'; path: (scene: Scene) => string; body?: () => unknown };

const WORKSPACE_MEMBERS = '/api/v1/workspaces/current/members';
const one = () => ({ email: t.fixtures.email() });
const ADMIN_CALLS: [string, Call][] = [
  ['invite_user_to_org', { method: 'POST', path: () => ORG_MEMBERS, body: one }],
  ['invite_users_to_org_batch', { method: 'POST', path: () => `${ORG_MEMBERS}/batch`, body: () => [one()] }],
  ['add_members_to_workspace_batch', { method: 'POST', path: () => WORKSPACE_BATCH, body: () => [one()] }],
  [
    'add_basic_auth_users_to_org',
    { method: 'POST', path: () => `${ORG_MEMBERS}/basic/batch`, body: () => [one()] },
  ],
  ['invite_user_to_org', { method: 'POST', path: ({ id }) => `${ORG_MEMBERS}/${id}/pending/resend` }],
  ['delete_org_pending_member', { method: 'DELETE', path: ({ id }) => `${ORG_MEMBERS}/${id}/pending` }],
  [
    'delete_workspace_pending_member',
    { method: 'DELETE', path: ({ id }) => `${WORKSPACE_MEMBERS}/${id}/pending` },
  ],
];

describe('audit entries of invitations', () => {
  it.each(ADMIN_CALLS)('records actor, context, address and resources of %s', async (operation, call) => {
    const given = await scene();
    const { admin } = given.org;
    const path = call.path(given);
    let response: unknown;

    const rows = await recorded(async () => {
      const reply = await admin.api.send(call.method, path, call.body?.());
      response = reply.body;
      return reply;
    });

    const touched = [response].flat().map((row) => (row as { id?: string } | null)?.id ?? given.id);
    expect(rows).toEqual([
      {
        ...by(admin, given.org),
        ...{ operation, ...done, resource_ids: touched, request_method: call.method, request_path: path },
      },
    ]);
  });

  it.each(ADMIN_CALLS)('records a refused %s in the audit log', async (operation, call) => {
    const given = await scene();
    const path = call.path(given);

    const rows = await recorded(() => given.viewer.api.send(call.method, path, call.body?.()));

    expect(rows).toEqual([
      {
        ...by(given.viewer, given.org),
        ...{ operation, succeeded: false, response_status: 403, resource_ids: [] },
        ...{ request_method: call.method, request_path: path },
      },
    ]);
  });

  it.each<[string, Call & { inWorkspace?: true }]>([
    [
      'claim_pending_organization_invite',
      { method: 'POST', path: ({ org }) => `/api/v1/orgs/pending/${org.orgId}/claim` },
    ],
    [
      'delete_pending_organization_invite',
      { method: 'DELETE', path: ({ org }) => `/api/v1/orgs/pending/${org.orgId}` },
    ],
    [
      'claim_pending_workspace_invite',
      {
        method: 'POST',
        path: ({ org }) => `/api/v1/workspaces/pending/${org.workspaceId}/claim`,
        inWorkspace: true,
      },
    ],
    [
      'delete_pending_workspace_invite',
      {
        method: 'DELETE',
        path: ({ org }) => `/api/v1/workspaces/pending/${org.workspaceId}`,
        inWorkspace: true,
      },
    ],
  ])(
    'records %s by the invited user, and a refused one',
    async (operation, { method, path, inWorkspace }) => {
      const given = await scene();
      const { org, stranger, id } = given;
      const otherUser = await t.fixtures.userWithoutOrg();

      const refused = await recorded(() => otherUser.api.send(method, path(given), undefined));
      const rows = await recorded(() => stranger.api.send(method, path(given), undefined));

      expect(refused).toMatchObject([
        { operation, succeeded: false, response_status: 404, user_id: otherUser.userId, resource_ids: [] },
      ]);
      expect(rows).toEqual([
        {
          ...by(stranger, org),
          ...{ workspace_id: inWorkspace ? org.workspaceId : null, operation, ...done, resource_ids: [id] },
          ...{ request_method: method, request_path: path(given) },
        },
      ]);
    },
  );

  it('records a refused claim in the inviting organization, and one without an invitation in none', async () => {
    const { org, stranger } = await scene();
    const elsewhere = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(elsewhere, stranger, {});
    const claim = `/api/v1/orgs/pending/${org.orgId}/claim`;
    await updateOrg(org, { invites_enabled: false });

    const known = await recorded(() => stranger.api.post(claim));
    const unknown = await recorded(() => elsewhere.admin.api.post(claim));

    const refused = { operation: 'claim_pending_organization_invite', succeeded: false, workspace_id: null };
    expect(known).toMatchObject([{ ...refused, response_status: 403, org_id: org.orgId }]);
    expect(unknown).toMatchObject([{ ...refused, response_status: 404, org_id: null }]);
  });

  it('records every kind of refused batch, including one that the caller may not send', async () => {
    const { org } = await scene();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const refusal = async (api: Person['api'], rows: unknown) =>
      (await recorded(() => api.post(WORKSPACE_BATCH, rows))).map(({ operation, response_status }) => [
        operation,
        response_status,
      ]);
    const operation = 'add_members_to_workspace_batch';

    expect(await refusal(lead.api, [one()])).toEqual([[operation, 403]]);
    expect(await refusal(lead.api, [{ email: 'not-an-address' }])).toEqual([[operation, 422]]);
    expect(await refusal(org.admin.api, [{ ...one(), role_id: role('WORKSPACE_USER') }])).toEqual([
      [operation, 404],
    ]);
    expect(await refusal(t.api, [one()])).toEqual([]);
  });

  it('names the API key that sent an invitation in the audit entry', async () => {
    const { org } = await scene();
    const { body } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const token = t.api.as({ key: body.key, workspaceId: org.workspaceId });

    const rows = await recorded(() => token.post(WORKSPACE_BATCH, [one()]));

    expect(rows).toMatchObject([
      { credential_kind: 'personal-access-token', credential_id: body.id, user_id: org.admin.userId },
    ]);
  });

  it('names the workspace that the request acts in when the caller has several', async () => {
    const { org } = await scene();
    const workspaceId = await anotherWorkspace(org);

    const rows = await recorded(() => org.admin.api.as({ workspaceId }).post(WORKSPACE_BATCH, [one()]));

    expect(rows).toMatchObject([{ workspace_id: workspaceId }]);
  });

  it('writes no e-mail, password or key into audit entries of invitations', async () => {
    const { org, stranger } = await scene();
    const email = t.fixtures.email('secretive');
    const password = 'Correct-Horse-Battery';
    await org.admin.api.post(ORG_MEMBERS, { email, password });
    await org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, [
      { email: t.fixtures.email('secretive'), password },
    ]);
    await org.admin.api.post(ORG_MEMBERS, { email, password });
    await org.admin.api.get(`${ORG_MEMBERS}/pending?emails=${email}`);
    await org.admin.api.delete(`${ORG_MEMBERS}/${org.admin.membershipId}?email=${email}`);
    await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim?email=${email}`);
    await t.fixtures.login(stranger.email, stranger.password);
    await expect(t.fixtures.login(stranger.email, password)).rejects.toThrow('401');

    const [{ log }] = (await t.sql<{ log: string }>(
      `select coalesce(string_agg(e::text, ' '), '') as log from audit_entries e`,
    )) as [{ log: string }];

    for (const operation of ['claim_pending_organization_invite', 'login']) expect(log).toContain(operation);
    for (const secret of ['secretive', '@example.com', password, stranger.password, 'lsv2_', 'Bearer'])
      expect(log).not.toContain(secret);
  });
});
