import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_LOGS, auditIds, auditPage, EVER, fillAuditLog } from '../support/audit-log.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

type Row = {
  user_id: string | null;
  credential_id: string | null;
  succeeded: boolean;
  response_status: number | null;
  request_path: string;
  details: Record<string, unknown> | null;
};

/** The entries for reading the organization's audit log, oldest first. */
const readings = (orgId: string) =>
  t.sql<Row>(
    `select user_id, credential_id, succeeded, response_status, request_path, 
        nullif(details - 'request_id', '{}') as details from audit_entries
     where org_id = $1 and operation = 'get_audit_logs' order by created_at, id`,
    [orgId],
  );

describe('reading the audit log', () => {
  it('writes one entry with the reader, the period and the filter when the log is read', async () => {
    const { orgId, workspaceId, admin } = await t.fixtures.orgWithAdmin();

    await auditPage(admin.api, `operations=login&operations=create_role&workspace_id=${workspaceId}`);

    expect(await readings(orgId)).toMatchObject([
      {
        user_id: admin.userId,
        succeeded: true,
        request_path: AUDIT_LOGS,
        details: {
          event: 'list',
          from: '2000-01-01T00:00:00.000Z',
          to: '2100-01-01T00:00:00.000Z',
          operations: ['login', 'create_role'],
          workspace_id: workspaceId,
        },
      },
    ]);
  });

  it('writes one entry for all pages of a reading, which none of these pages contains', async () => {
    const { orgId, admin } = await t.fixtures.orgWithAdmin();
    await fillAuditLog(t, orgId, 25);

    const ids = await auditIds(admin.api, 'limit=5');

    expect(ids.length).toBeGreaterThanOrEqual(25);
    const left = await t.sql<{ id: string }>(
      `select id from audit_entries where org_id = $1 and operation = 'get_audit_logs'`,
      [orgId],
    );
    expect(left).toHaveLength(1);
    expect(ids).not.toContain(left[0]!.id);
    expect((await auditPage(admin.api, 'operations=get_audit_logs')).items).toMatchObject([
      { metadata: { uid: left[0]!.id }, activity_name: 'Read', status: 'Success' },
    ]);
  });

  it('writes an entry for a forged cursor, and for one of another filter or another reader', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { orgId, admin } = org;
    await fillAuditLog(t, orgId, 25);
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });
    const { cursor } = await auditPage(admin.api, 'limit=5&operations=update_workspace');
    const sent = encodeURIComponent(cursor!);
    const madeUp = btoa(
      '{"created_at":"2099-01-01T00:00:00.000Z","id":"ffffffff-ffff-ffff-ffff-ffffffffffff"}',
    );
    const count = async () => (await readings(orgId)).length;
    const before = await count();

    await auditPage(admin.api, `limit=20&operations=update_workspace&cursor=${sent}`);
    expect(await count()).toBe(before); // the next page, whatever its length

    await auditPage(admin.api, `cursor=${sent}`);
    expect(await count()).toBe(before + 1);
    await auditPage(operator.api, `operations=update_workspace&cursor=${sent}`);
    expect(await count()).toBe(before + 2);
    await auditPage(admin.api, `operations=update_workspace&client_hosts=192.0.2.7&cursor=${sent}`);
    expect(await count()).toBe(before + 3);
    const whole = await auditPage(admin.api, `limit=100&cursor=${encodeURIComponent(madeUp)}`);
    expect(whole.items.length).toBeGreaterThan(25);
    expect(await count()).toBe(before + 4);
    const { proof, ...place } = JSON.parse(atob(cursor!));
    const newest = { created_at: '2099-01-01T00:00:00.000Z', id: place.id };
    const sameTime = { ...place, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
    const another = randomBytes(16).toString('base64url');
    const forged = [
      { ...newest, proof },
      { ...sameTime, proof },
      { ...place, proof: another },
    ];
    for (const [index, one] of forged.entries()) {
      const made = encodeURIComponent(btoa(JSON.stringify(one)));
      await auditPage(admin.api, `operations=update_workspace&cursor=${made}`);
      expect(await count()).toBe(before + 5 + index);
    }
  });

  it('writes an entry for the cursor of another organization of the same session', async () => {
    const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    await t.fixtures.addMember(other, org.admin, { org: 'ORGANIZATION_ADMIN' });
    await fillAuditLog(t, org.orgId, 5);
    const { cursor } = await auditPage(org.admin.api, 'limit=2');

    const elsewhere = org.admin.api.as({ orgId: other.orgId, workspaceId: '' });
    await auditPage(elsewhere, `limit=2&cursor=${encodeURIComponent(cursor!)}`);

    expect(await readings(other.orgId)).toMatchObject([{ user_id: org.admin.userId, succeeded: true }]);
  });

  it('writes an entry when a key reads the log and when a caller without permission tries to', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { body: key } = await org.admin.api.post('/api/v1/api-key/current', { description: 'collector' });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    await auditPage(t.api.as({ key: key.key }));
    for (const path of [AUDIT_LOGS, `${AUDIT_LOGS}/export`])
      expect((await lead.api.get(`${path}?${EVER}`)).status).toBe(403);

    expect(await readings(org.orgId)).toMatchObject([
      { user_id: org.admin.userId, credential_id: key.id, succeeded: true },
      { user_id: lead.userId, succeeded: false, response_status: 403, request_path: AUDIT_LOGS },
      { user_id: lead.userId, succeeded: false, response_status: 403, request_path: `${AUDIT_LOGS}/export` },
    ]);
  });

  it('returns no entries if the entry for the reading cannot be written', async () => {
    const { orgId, admin } = await t.fixtures.orgWithAdmin();
    await t.sql(`create function refuse_reading() returns trigger language plpgsql as
      $$ begin if new.operation = 'get_audit_logs' and new.org_id = '${orgId}' then raise 'refused'; end if; return new; end $$`);
    await t.sql(
      'create trigger refuse_reading before insert on audit_entries for each row execute function refuse_reading()',
    );

    const authorization = `Bearer ${await t.fixtures.login(admin.email, admin.password)}`;
    const responses = await Promise.all(
      [AUDIT_LOGS, `${AUDIT_LOGS}/export`].map((path) =>
        fetch(`${t.url}${path}?${EVER}`, { headers: { authorization } }),
      ),
    );
    await t.sql('drop trigger refuse_reading on audit_entries');

    expect(responses.map(({ status }) => status)).toEqual([500, 500]);
    for (const response of responses)
      expect(await response.json()).toEqual({ detail: 'Internal Server Error' });
  });
});

it('writes one entry for an export of the audit log, which the export does not contain', async () => {
  const { orgId, admin } = await t.fixtures.orgWithAdmin();
  await fillAuditLog(t, orgId, 1200);

  const { status, body } = await admin.api.get(`${AUDIT_LOGS}/export?${EVER}`);

  expect(status).toBe(200);
  expect(String(body).split('\n').length).toBeGreaterThan(1200);
  expect(body).not.toContain('get_audit_logs');
  expect(await readings(orgId)).toMatchObject([
    {
      user_id: admin.userId,
      succeeded: true,
      request_path: `${AUDIT_LOGS}/export`,
      details: { event: 'export', from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' },
    },
  ]);
});
