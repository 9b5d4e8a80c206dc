import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_LOGS, type Activity, auditIds, auditPage, EVER, fillAuditLog } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
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
