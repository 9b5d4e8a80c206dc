import { first } from '../../common/collections.js';
import { normalizeAddress } from '../../common/http/network-addresses.js';
import type {
  AuditLogEnrichments,
  AuditLogMessage,
  OCSFApiActivity,
  OCSFEndpoint,
  OCSFPerson,
} from '../../contract/audit-log/audit-logs.js';
import { type AuditEntry, REQUEST_ID, RESOURCE_OWNER } from './entries/entities.js';
import { type AuditNames, ownerOf } from './entries/audit-names.repository.js';

/** OCSF 1.7.0, class 6003 "API Activity": https://schema.ocsf.io/1.7.0/classes/api_activity */
const ACTIVITIES = {
  create: { activity_id: 1, type_uid: 600301, activity_name: 'Create' },
  read: { activity_id: 2, type_uid: 600302, activity_name: 'Read' },
  update: { activity_id: 3, type_uid: 600303, activity_name: 'Update' },
  delete: { activity_id: 4, type_uid: 600304, activity_name: 'Delete' },
  other: { activity_id: 99, type_uid: 600399, activity_name: 'Other' },
} as const;

/** By the first word of an operation; others, such as `login` and `invite_…`, are "other". */
const VERBS: Record<string, keyof typeof ACTIVITIES> = {
  create: 'create',
  read: 'read',
  get: 'read',
  list: 'read',
  update: 'update',
  delete: 'delete',
};

const PRODUCT = { name: 'Tenantry', vendor_name: 'Tenantry' };

export type Activity = OCSFApiActivity;

/** An entry in the OCSF format; the row itself is in `unmapped`. Without `names`, people are their ids. */
export function toOcsf(entry: AuditEntry, names: AuditNames = new Map()): OCSFApiActivity {
  const verb = VERBS[first(entry.operation.split('_', 1))] ?? 'other';
  const personOf = (id: string | null) => toPerson(names.get(id ?? ''));
  return {
    class_uid: 6003,
    class_name: 'API Activity',
    category_uid: 6,
    category_name: 'Application Activity',
    severity_id: 99,
    ...ACTIVITIES[verb],
    ...(entry.succeeded ? { status_id: 1, status: 'Success' } : { status_id: 2, status: 'Failure' }),
    time: entry.createdAt.getTime(), // epoch milliseconds (docs/contract/audit.md#format)
    metadata: { uid: entry.id, product: PRODUCT },
    api: { operation: entry.operation },
    // Published as not nullable; only actions of the server itself have no request.
    http_request: { http_method: entry.requestMethod ?? '', url: { path: entry.requestPath ?? '' } },
    http_response: { code: entry.responseStatus },
    actor: { user: { uid: entry.userId, credential_uid: keyOf(entry), ...personOf(entry.userId) } },
    src_endpoint: toSourceEndpoint(entry),
    resources: entry.resourceIds.map((uid) => {
      const owner = personOf(uid) ?? personOf(ownerOf(entry));
      return owner ? { uid, owner } : { uid };
    }),
    unmapped: { original_audit_log: toAuditLogMessage(entry) },
  };
}

const toPerson = (named: ReturnType<AuditNames['get']>): OCSFPerson | undefined =>
  named && { ...(named.name === null ? {} : { name: named.name }), email_addr: named.email };

/** An admin cannot look up or revoke sessions by id, so they are omitted. */
const keyOf = ({ credentialKind, credentialId }: AuditEntry): string | null =>
  credentialKind === 'session' ? null : credentialId;

/** The client address and the X-Forwarded-For addresses; the header is set by the sender and unverified. */
const toSourceEndpoint = ({ clientHost, clientPort, forwardedFor }: AuditEntry): OCSFEndpoint => ({
  ip: clientHost,
  port: clientPort,
  intermediate_ips: forwardedFor === null ? null : addressesIn(forwardedFor),
});

const addressesIn = (header: string): string[] =>
  header
    .split(',')
    .map(normalizeAddress)
    .filter((hop) => hop !== null);

const toAuditLogMessage = (entry: AuditEntry): AuditLogMessage => ({
  id: entry.id,
  operation_name: entry.operation,
  operation_succeeded: entry.succeeded,
  request_time: entry.createdAt.toISOString(),
  api_key_id: keyOf(entry),
  user_id: entry.userId,
  ls_user_id: entry.userId,
  organization_id: entry.orgId,
  workspace_id: entry.workspaceId,
  enrichments: {
    ...(entry.requestMethod === null ? {} : { request_method: entry.requestMethod }),
    ...(entry.requestPath === null ? {} : { request_path: entry.requestPath }),
    client_host: entry.clientHost,
    client_port: entry.clientPort,
    x_forwarded_for: entry.forwardedFor,
    response_status_code: entry.responseStatus,
    resource_ids: entry.resourceIds,
    ...contentsOfDetails(entry),
  },
});

function contentsOfDetails({ details }: AuditEntry): AuditLogEnrichments {
  const { [REQUEST_ID]: requestId, [RESOURCE_OWNER]: ownerId, ...others } = details ?? {};
  return {
    ...(typeof ownerId === 'string' ? { resource_owner_ls_user_id: ownerId } : {}),
    ...(typeof requestId === 'string' ? { request_id: requestId } : {}),
    ...(Object.keys(others).length > 0 ? { details: others } : {}),
  };
}
