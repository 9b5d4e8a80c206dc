import { canonicalSearchEmail } from '../../../common/email/canonical-email.js';
import type { OrgPendingIdentityPatch, PendingIdentityPatch } from '../../../contract/invitations.js';
import type { PendingQuery } from '../../../contract/member-lists.js';
import type { PendingListQuery } from '../core/pending-member.statements.js';
import { assertNamesRole, type RoleReference } from '../../rbac/index.js';
import type { RequestedAmendment } from './amend-invitation.js';

/** @throws InvalidRoleReference if the body names no role, and changes no workspaces either */
export function fromOrgPendingPatch(body: OrgPendingIdentityPatch): RequestedAmendment {
  const orgRole = toReference(body);
  const changesWorkspaces = body.workspace_ids !== undefined || body.workspace_role_id !== undefined;
  if (!changesWorkspaces) assertNamesRole(orgRole);
  return {
    orgRole,
    workspaceIds: body.workspace_ids ?? null,
    workspaceRoleId: body.workspace_role_id ?? null,
  };
}

/** @throws InvalidRoleReference if the body names no role */
export function fromPendingPatch(body: PendingIdentityPatch): RoleReference {
  const role = toReference(body);
  assertNamesRole(role);
  return role;
}

const toReference = ({
  role_id: id = null,
  role_name: name = null,
}: PendingIdentityPatch): RoleReference => ({
  id,
  name,
});

export const fromPendingQuery = (query: PendingQuery): PendingListQuery => ({
  limit: query.limit ?? null,
  offset: query.offset ?? 0,
  emails: (query.emails ?? []).map(canonicalSearchEmail),
  q: query.q || null,
  sortBy: query.sort_by ?? 'created_at',
  descending: query.sort_by_desc ?? true,
});
