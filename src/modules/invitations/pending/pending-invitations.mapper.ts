import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import type { PendingIdentityPatch } from '../../../contract/invitations.js';
import type { PendingQuery } from '../../../contract/lists.js';
import type { PendingListQuery } from '../core/pending-member.statements.js';
import { assertNamesRole, type RoleReference } from '../../roles/index.js';

/** @throws InvalidRoleReference if the body names no role */
export function fromPendingPatch({
  role_id: id = null,
  role_name: name = null,
}: PendingIdentityPatch): RoleReference {
  const role = { id, name };
  assertNamesRole(role);
  return role;
}

export const fromPendingQuery = (query: PendingQuery): PendingListQuery => ({
  limit: query.limit ?? null,
  offset: query.offset ?? 0,
  emails: (query.emails ?? []).map(canonicalSearchEmail),
  q: query.q || null,
  sortBy: query.sort_by ?? 'created_at',
  descending: query.sort_by_desc ?? true,
});
