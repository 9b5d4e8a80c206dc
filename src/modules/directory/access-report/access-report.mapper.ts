import type { AccessGrant, AuditLogHead } from '../../../contract/access-report.js';
import { type ChainEnd, formatHead } from '../../audit/index.js';
import type { Grant, ReportedAccess } from './export-access-report.js';

/** The members in the order of the columns in CSV. */
export const toAccessGrant = (grant: Grant): AccessGrant => ({
  kind: grant.kind,
  id: grant.id ?? null,
  state: grant.state,
  user_id: grant.userId ?? null,
  email: grant.email ?? null,
  full_name: grant.fullName ?? null,
  organization_role_id: grant.orgRoleId ?? null,
  organization_role_name: grant.orgRoleName ?? null,
  workspace_id: grant.workspaceId ?? null,
  workspace_name: grant.workspaceName ?? null,
  workspace_role_id: grant.workspaceRoleId ?? null,
  workspace_role_name: grant.workspaceRoleName ?? null,
  user_group_id: grant.userGroupId ?? null,
  user_group_name: grant.userGroupName ?? null,
  short_key: grant.shortKey ?? null,
  description: grant.description ?? null,
  source: grant.source ?? null,
  created_at: grant.createdAt.toISOString(),
  given_by_user_id: grant.givenByUserId ?? null,
  given_by_email: grant.givenByEmail ?? null,
  given_by_credential_id: grant.givenByCredentialId ?? null,
  role_changed_at: toTime(grant.roleChangedAt),
  role_changed_by_user_id: grant.roleChangedByUserId ?? null,
  role_changed_by_email: grant.roleChangedByEmail ?? null,
  role_changed_by_credential_id: grant.roleChangedByCredentialId ?? null,
  last_used_at: toTime(grant.lastUsedAt),
  expires_at: toTime(grant.expiresAt),
  access_expires_at: toTime(grant.accessExpiresAt),
  reverts_to_role_id: grant.revertsToRoleId ?? null,
  reverts_to_role_name: grant.revertsToRoleName ?? null,
});

const toTime = (time: Date | null | undefined): string | null => time?.toISOString() ?? null;

export const toAuditLogHead = (head: ChainEnd | null): AuditLogHead | null =>
  head && { position: head.through, seal: formatHead(head) };

const GRANT_COLUMNS = Object.keys(
  toAccessGrant({ kind: 'organization_membership', state: 'active', createdAt: new Date(0) }),
);

export const CSV_COLUMNS = [...GRANT_COLUMNS, 'audit_log_position', 'audit_log_seal'];

/** The first row of the table, which `npm run admin -- audit:verify --export FILE` reads. */
export function headRow({ orgId, createdAt, head }: ReportedAccess): (string | null)[] {
  const log = toAuditLogHead(head);
  const cells: Record<string, string | null> = {
    kind: 'audit_log_head',
    id: orgId,
    created_at: createdAt.toISOString(),
    audit_log_position: log?.position ?? null,
    audit_log_seal: log?.seal ?? null,
  };
  return CSV_COLUMNS.map((name) => cells[name] ?? null);
}
