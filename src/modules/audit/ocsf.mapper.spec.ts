import { describe, expect, it } from '@jest/globals';
import { AUDIT_LOG_OPERATIONS } from '../../contract/audit-log/audit-log-operations.js';
import { OCSF_TYPES } from '../../contract/audit-log/audit-logs.js';
import type { AuditEntry } from './entries/entities.js';
import { toOcsf } from './ocsf.mapper.js';
import type { AuditOperation } from '../../common/http/operations/audit-operations.js';

const ENTRY: AuditEntry = {
  id: '0198c5a0-0000-7000-8000-000000000001',
  position: '1',
  createdAt: new Date('2026-03-01T10:00:00.123Z'),
  orgId: '0198c5a0-0000-7000-8000-000000000002',
  workspaceId: null,
  operation: 'create_workspace',
  succeeded: true,
  userId: '0198c5a0-0000-7000-8000-000000000003',
  credentialKind: 'session',
  credentialId: '0198c5a0-0000-7000-8000-000000000004',
  resourceIds: ['0198c5a0-0000-7000-8000-000000000005'],
  requestMethod: 'POST',
  requestPath: '/api/v1/workspaces',
  clientHost: '10.0.0.1',
  clientPort: 4711,
  forwardedFor: null,
  responseStatus: null,
  details: null,
};
const mapped = (change: Partial<AuditEntry> = {}) => toOcsf({ ...ENTRY, ...change });

describe('toOcsf activity', () => {
  it.each([
    ['create_workspace', 1, 600301, 'Create'],
    ['update_role', 3, 600303, 'Update'],
    ['delete_org_member', 4, 600304, 'Delete'],
    ['invite_user_to_org', 99, 600399, 'Other'],
    ['claim_pending_workspace_invite', 99, 600399, 'Other'],
    ['login', 99, 600399, 'Other'],
  ] as const)('maps %s to activity %i', (operation, activity_id, type_uid, activity_name) => {
    expect(mapped({ operation })).toMatchObject({ activity_id, type_uid, activity_name, api: { operation } });
  });

  it('maps every reading operation to activity 2', () => {
    for (const name of ['get_audit_logs', 'list_workspaces', 'read_access_policy'])
      expect(mapped({ operation: name as AuditOperation })).toMatchObject({
        activity_id: 2,
        type_uid: 600302,
      });
  });

  it('maps every published operation to a type that matches its activity', () => {
    for (const operation of AUDIT_LOG_OPERATIONS) {
      const { activity_id, type_uid } = mapped({ operation: operation as AuditOperation });
      expect(type_uid).toBe(600300 + activity_id);
      expect(OCSF_TYPES).toContain(type_uid);
    }
  });
});

it('toOcsf names the owner of the resource apart from the other details', () => {
  const details = { resource_owner_ls_user_id: ENTRY.id, reason: 'left' };
  const { enrichments } = mapped({ details }).unmapped.original_audit_log;

  expect(enrichments).toMatchObject({
    resource_owner_ls_user_id: ENTRY.id,
    details: { reason: 'left' },
  });
});

it('toOcsf reports success, and the status code of a failure', () => {
  expect(mapped()).toMatchObject({ status_id: 1, status: 'Success', http_response: { code: null } });
  expect(mapped({ succeeded: false, responseStatus: 403 })).toMatchObject({
    status_id: 2,
    status: 'Failure',
    http_response: { code: 403 },
    unmapped: {
      original_audit_log: { operation_succeeded: false, enrichments: { response_status_code: 403 } },
    },
  });
});

it('toOcsf gives the time in epoch milliseconds, and in the row as an ISO instant', () => {
  expect(mapped().time).toBe(1_772_359_200_123);
  expect(mapped().unmapped.original_audit_log.request_time).toBe('2026-03-01T10:00:00.123Z');
});

it('toOcsf names an API key as the credential, but no session', () => {
  const { credentialId, userId } = ENTRY;
  expect(mapped().actor.user).toEqual({ uid: userId, credential_uid: null });
  expect(mapped({ credentialKind: 'service-key', userId: null }).actor.user).toEqual({
    uid: null,
    credential_uid: credentialId,
  });
});

describe('toOcsf source endpoint', () => {
  it.each([
    [null, null],
    ['203.0.113.7', ['203.0.113.7']],
    ['203.0.113.7, 10.1.1.1:8080', ['203.0.113.7', '10.1.1.1']],
    ['[2001:db8::1]:443,2001:db8::2, [2001:db8::3]', ['2001:db8::1', '2001:db8::2', '2001:db8::3']],
    ["unknown, _hidden, <script>, 999.1.1.1,, ' or 1=1", []],
  ])('parses X-Forwarded-For %j as the addresses %j', (forwardedFor, intermediate_ips) => {
    expect(mapped({ forwardedFor }).src_endpoint).toEqual({ ip: '10.0.0.1', port: 4711, intermediate_ips });
  });

  it('keeps the header unchanged in the row', () => {
    const { enrichments } = mapped({ forwardedFor: 'unknown' }).unmapped.original_audit_log;
    expect(enrichments?.x_forwarded_for).toBe('unknown');
  });
});

it('toOcsf gives a valid event without a request for an action of the server', () => {
  const alone = { requestMethod: null, requestPath: null, clientHost: null, clientPort: null, userId: null };

  const activity = mapped(alone);

  expect(activity.http_request).toEqual({ http_method: '', url: { path: '' } });
  expect(activity.src_endpoint).toEqual({ ip: null, port: null, intermediate_ips: null });
  expect(activity.unmapped.original_audit_log.enrichments).not.toHaveProperty('request_path');
});
