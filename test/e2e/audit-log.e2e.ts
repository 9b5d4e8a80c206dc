import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_LOGS, type Activity, auditIds, auditPage, EVER, fillAuditLog } from '../support/audit-log.js';
import { runAdmin } from '../support/audit-seals.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, ORG_MEMBERS } from '../support/invitations.js';
import { scimOf, USER } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const makeWorkspace = ({ admin }: OrgWithAdmin, display_name: string, headers = {}) =>
  admin.api.post('/api/v1/workspaces', { display_name }, { headers });
const operations = ({ items }: { items: Activity[] }) => items.map(({ api }) => api.operation);

describe('an audit entry', () => {
  it('contains actor, operation, time, address and resources of an operation', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { body: workspace } = await makeWorkspace(org, 'Research', {
      'x-forwarded-for': '203.0.113.7, unknown, [2001:db8::1]:443, 198.51.100.2:5678',
    });

    const { items } = await auditPage(org.admin.api, 'operations=create_workspace');

    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      class_uid: 6003,
      type_uid: 600301,
      activity_id: 1,
      activity_name: 'Create',
      status_id: 1,
      status: 'Success',
      severity_id: 99,
      metadata: { product: { name: 'Tenantry', vendor_name: 'Tenantry' } },
      http_request: { http_method: 'POST', url: { path: '/api/v1/workspaces' } },
      actor: { user: { uid: org.admin.userId, credential_uid: null } },
      src_endpoint: {
        ip: '127.0.0.1',
        port: expect.any(Number),
        intermediate_ips: ['203.0.113.7', '2001:db8::1', '198.51.100.2'],
      },
      resources: [{ uid: workspace.id }],
      unmapped: {
        original_audit_log: {
          operation_name: 'create_workspace',
          operation_succeeded: true,
          organization_id: org.orgId,
          ls_user_id: org.admin.userId,
          api_key_id: null,
          enrichments: { request_method: 'POST', resource_ids: [workspace.id] },
        },
      },
    });
    expect(Math.abs(items[0]!.time - Date.now())).toBeLessThan(60_000);
  });

  it('names the API key that authenticated the request', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { body: key } = await org.admin.api.post('/api/v1/api-key/current', { description: 'script' });
    const withKey = { ...org, admin: { ...org.admin, api: t.api.as({ key: key.key }) } };
    expect((await makeWorkspace(withKey, 'By key')).status).toBe(200);

    const { items } = await auditPage(org.admin.api, 'operations=create_workspace');

    expect(items).toMatchObject([{ actor: { user: { uid: org.admin.userId, credential_uid: key.id } } }]);
  });

  it('contains the status of the response to a change', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await makeWorkspace(org, 'Answered');
    await org.admin.api.post('/v1/platform/orgs/current/scim/tokens', {});

    const { items } = await auditPage(
      org.admin.api,
      'operations=create_workspace&operations=create_scim_token',
    );

    expect(items).toMatchObject([
      {
        http_response: { code: 201 },
        unmapped: { original_audit_log: { enrichments: { response_status_code: 201 } } },
      },
      { http_response: { code: 200 } },
    ]);
  });

  it('contains the status of a refused request', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const user = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    expect((await user.api.post('/api/v1/workspaces', { display_name: 'Mine' })).status).toBe(403);

    const { items } = await auditPage(org.admin.api, 'operations=create_workspace');

    expect(items).toMatchObject([
      {
        status_id: 2,
        status: 'Failure',
        http_response: { code: 403 },
        actor: { user: { uid: user.userId } },
      },
    ]);
  });
});

describe('the list of audit entries', () => {
  it('lists entries newest first in pages, of which the last has no cursor', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, org.orgId, 25);

    const first = await auditPage(org.admin.api, 'operations=update_workspace');
    const ids = await auditIds(org.admin.api, 'operations=update_workspace');
    const whole = await auditPage(org.admin.api, 'operations=update_workspace&limit=25');

    expect(first.items).toHaveLength(10);
    expect(ids).toHaveLength(25);
    expect(new Set(ids).size).toBe(25);
    expect(whole.cursor).toBeNull();
    expect(whole.items.map(({ metadata }) => metadata.uid)).toEqual(ids);
    expect(whole.items.map(({ time }) => time)).toEqual(
      whole.items.map(({ time }) => time).sort((a, b) => b - a),
    );
  });

  it('includes the entries at both ends of the period', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, org.orgId, 3);
    const { items } = await auditPage(org.admin.api, 'operations=update_workspace');
    const [newest, middle, oldest] = items.map(({ time }) => new Date(time).toISOString());
    const within = async (from: string, to: string) =>
      (await org.admin.api.get(`${AUDIT_LOGS}?start_time=${from}&end_time=${to}`)).body.items.length;

    expect(await within(oldest!, newest!)).toBe(3);
    expect(await within(middle!, middle!)).toBe(1);
    expect(await within(newest!, oldest!)).toBe(0);
  });

  it('filters entries by workspace and by several operations', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { body: made } = await makeWorkspace(org, 'One');
    const path = `/api/v1/workspaces/${made.id}`;
    await org.admin.api.as({ workspaceId: made.id }).patch(path, { display_name: 'Two' });
    await org.admin.api.post('/api/v1/orgs/current/roles', {
      display_name: 'Reader',
      description: '',
      permissions: ['workspaces:read'],
    });

    const two = await auditPage(org.admin.api, 'operations=create_workspace&operations=create_role');
    const there = await auditPage(org.admin.api, `workspace_id=${made.id}`);

    expect(operations(two)).toEqual(['create_role', 'create_workspace']);
    expect(operations(there)).toContain('update_workspace');
    expect(operations(there)).not.toContain('create_role');
  });

  it('accepts the first and the last year of the calendar in a period', async () => {
    const { admin, orgId } = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, orgId, 1);

    const { status, body } = await admin.api.get(
      `${AUDIT_LOGS}?start_time=0100-01-01T00:00:00Z&end_time=9999-12-31T23:59:59.999Z`,
    );

    expect(status).toBe(200);
    expect(body.items).toHaveLength(1);
  });

  it('lists no entries for an operation that is published but never written', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, org.orgId, 1);

    expect(await auditPage(org.admin.api, 'operations=delete_dataset')).toEqual({ cursor: null, items: [] });
  });
});

/** Who is named in the entries of an operation, newest first: the actor, and the person of each resource. */
async function namesIn({ admin: { api } }: OrgWithAdmin, operation: string, query = '') {
  const { items } = await auditPage(api, `operations=${operation}${query}`);
  return items.map(({ actor, resources }) => ({
    actor: actor.user.email_addr ?? null,
    people: resources.map(({ owner }) => owner?.email_addr ?? null),
  }));
}

describe('names in the audit log', () => {
  const rename = (member: { userId: string }, name: string) =>
    t.sql('update users set full_name = $2 where id = $1', [member.userId, name]);
  const remove = ({ admin }: OrgWithAdmin, { membershipId }: { membershipId: string }) =>
    admin.api.delete(`${ORG_MEMBERS}/${membershipId}`);

  it('are those of members and, after they have left, those that the organization last knew', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    await rename(member, 'Grace Hopper');
    await member.api.post('/api/v1/workspaces', { display_name: 'Compilers' });
    const named = { actor: { user: { uid: member.userId, name: 'Grace Hopper', email_addr: member.email } } };
    expect((await auditPage(org.admin.api, 'operations=create_workspace')).items).toMatchObject([named]);

    expect((await remove(org, member)).status).toBe(200);
    await rename(member, 'Called Otherwise Elsewhere');

    expect((await auditPage(org.admin.api, 'operations=create_workspace')).items).toMatchObject([named]);
    expect((await auditPage(org.admin.api, 'operations=delete_org_member')).items).toMatchObject([
      {
        actor: { user: { uid: org.admin.userId, email_addr: org.admin.email } },
        resources: [{ uid: member.membershipId, owner: { name: 'Grace Hopper', email_addr: member.email } }],
      },
    ]);
    const { body: lines } = await org.admin.api.get(`${AUDIT_LOGS}/export?${EVER}`);
    expect(String(lines)).toContain('"name":"Grace Hopper"');
  });

  it('are shown in no organization that did not know the person', async () => {
    const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const refused = await member.api
      .as({ orgId: other.orgId })
      .post('/api/v1/workspaces', { display_name: 'X' });
    expect(refused.status).toBe(403);
    await t.sql(
      `insert into audit_entries (id, org_id, operation, succeeded, user_id, resource_ids)
       values (gen_random_uuid(), $1, 'login', false, $2, array[$3::uuid])`,
      [other.orgId, member.userId, member.membershipId],
    );
    const unnamed = [{ actor: null, people: [null] }];

    expect(await namesIn(other, 'login', `&actor_ls_user_ids=${member.userId}`)).toEqual(unnamed);
    await remove(org, member);
    expect(await namesIn(other, 'login', `&actor_ls_user_ids=${member.userId}`)).toEqual(unnamed);
  });

  it('are those of invitations, also after they were declined or revoked', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const invited = await t.fixtures.userWithoutOrg();
    const viewer = role('ORGANIZATION_VIEWER');
    await invitation(org, { email: invited.email, role_id: viewer });
    const revoked = t.fixtures.email();
    const id = await invitation(org, { email: revoked, role_id: viewer });

    await invited.api.delete(`/api/v1/orgs/pending/${org.orgId}`);
    await org.admin.api.delete(`${ORG_MEMBERS}/${id}/pending`);

    expect(await namesIn(org, 'delete_pending_organization_invite')).toEqual([
      { actor: invited.email, people: [invited.email] },
    ]);
    expect(await namesIn(org, 'delete_org_pending_member')).toEqual([
      { actor: org.admin.email, people: [revoked] },
    ]);
  });

  it('are those of users that SCIM has removed with their account', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const scim = await scimOf(org.admin.api);
    const userName = t.fixtures.email();
    const { body } = await scim.post('/Users', { schemas: [USER], userName, displayName: 'Ada Lovelace' });

    expect((await scim.delete(`/Users/${body.id}`)).status).toBe(204);

    expect(await namesIn(org, 'delete_scim_user')).toEqual([{ actor: null, people: [userName, userName] }]);
  });

  it('are forgotten by a command, but not those of members', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const other = await t.fixtures.orgWithAdmin();
    const [member, elsewhere] = [await t.fixtures.member(org, {}), await t.fixtures.member(org, {})];
    await t.fixtures.addMember(other, elsewhere, {});
    const forget = (id: string) => runAdmin(t, 'audit:forget', '--org', org.orgId, '--user', id);
    expect(await forget(member.userId)).toMatchObject({ code: 1 });
    for (const one of [member, elsewhere]) await remove(org, one);
    await t.fixtures.addMember(org, member, {});
    expect(await forget(member.userId)).toMatchObject({ code: 1 });
    const [again] = await t.sql<{ id: string }>(
      'select id from org_memberships where org_id = $1 and user_id = $2',
      [org.orgId, member.userId],
    );
    expect(await remove(org, { membershipId: again!.id })).toMatchObject({ status: 200 });

    expect(await forget(member.userId)).toMatchObject({ code: 0 });
    expect(await forget(elsewhere.email)).toMatchObject({ code: 0 });
    expect(await forget(elsewhere.email)).toMatchObject({ code: 1 });

    const unnamed = { actor: org.admin.email, people: [null] };
    expect(await namesIn(org, 'delete_org_member')).toEqual([unnamed, unnamed, unnamed]);
    expect(await namesIn(org, 'forget_person')).toEqual([
      { actor: null, people: [null] },
      { actor: null, people: [null] },
    ]);
    expect(
      await t.sql('select id from users where id = any($1)', [[member.userId, elsewhere.userId]]),
    ).toEqual([{ id: elsewhere.userId }]);
  });
});

describe('permission to read the audit log', () => {
  it('lets admins and operators read the audit log and refuses other members, workspace admins included', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect(await operator.api.get(`${AUDIT_LOGS}?${EVER}`)).toMatchObject({ status: 200 });
    expect((await lead.api.get(`${AUDIT_LOGS}?${EVER}`)).status).toBe(403);
    expect((await lead.api.get(`${AUDIT_LOGS}/export?${EVER}`)).status).toBe(403);
    expect((await t.api.get(`${AUDIT_LOGS}?${EVER}`)).status).toBe(401);
  });

  it('shows no entries of another organization for its cursor, its workspace or its id', async () => {
    const [mine, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    for (const { orgId } of [mine, other]) await fillAuditLog(t, orgId, 5);
    const { workspaceId, admin } = other;
    await admin.api.patch(`/api/v1/workspaces/${workspaceId}`, { display_name: 'Theirs' });
    const filled = 'operations=update_workspace'; // each reading writes an entry of its own
    const { cursor } = await auditPage(other.admin.api, `limit=1&${filled}`);

    const ids = await auditIds(mine.admin.api, filled, cursor);
    const there = await auditPage(mine.admin.api, `workspace_id=${other.workspaceId}`);
    const named = await mine.admin.api.as({ orgId: other.orgId }).get(`${AUDIT_LOGS}?${EVER}`);

    expect(ids).toHaveLength(5);
    expect(ids).toEqual(await auditIds(mine.admin.api, filled));
    expect(there.items).toEqual([]);
    expect((await auditPage(admin.api, `workspace_id=${workspaceId}&${filled}`)).items).toHaveLength(1);
    expect(named.status).toBe(403);
  });
});

describe('malformed queries of the audit log', () => {
  it.each([
    ['without a start', 'end_time=2026-01-01T00:00:00Z', 'start_time'],
    ['without an end', 'start_time=2026-01-01T00:00:00Z', 'end_time'],
    ['with a malformed start', `start_time=yesterday&end_time=2026-01-01T00:00:00Z`, 'start_time'],
    ['with an end on 30 February', 'start_time=2026-01-01T00:00Z&end_time=2026-02-30T00:00Z', 'end_time'],
    ['with limit 0', `${EVER}&limit=0`, 'limit'],
    ['with a limit above the maximum', `${EVER}&limit=101`, 'limit'],
    ['with a user that is no id', `${EVER}&actor_ls_user_ids=me`, 'actor_ls_user_ids'],
    ['with a key that is no id', `${EVER}&actor_api_key_ids=mine`, 'actor_api_key_ids'],
    ['with a workspace that is no id', `${EVER}&workspace_id=main`, 'workspace_id'],
    ['with a cursor of another format', `${EVER}&cursor=bm9wZQ`, 'cursor'],
    ['with a cursor of other JSON', `${EVER}&cursor=${btoa('{"created_at":1,"id":"x"}')}`, 'cursor'],
  ])('returns 422 that names the field for a query %s', async (_, query, field) => {
    const { admin } = await t.fixtures.defaultOrg();

    const { status, body } = await admin.api.get(`${AUDIT_LOGS}?${query}`);

    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: string[] }) => loc)).toEqual([['query', field]]);
  });
});
