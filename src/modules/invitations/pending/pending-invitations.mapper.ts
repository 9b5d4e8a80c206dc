import { canonicalSearchEmail } from '../../../common/email/canonical-email.js';
import type { OrgPendingIdentityPatch } from '../../../contract/invitations.js';
import type { PendingQuery } from '../../../contract/member-lists.js';
import type { PendingListQuery } from '../core/pending-member.statements.js';
import type { AmendmentInput } from './invitation-amendment.js';

export const fromPendingPatch = (body: OrgPendingIdentityPatch): AmendmentInput => ({
  orgRoleId: body.role_id ?? null,
  workspaceIds: body.workspace_ids ?? null,
  workspaceRoleId: body.workspace_role_id ?? null,
});

export const fromPendingQuery = (query: PendingQuery): PendingListQuery => ({
  limit: query.limit ?? null,
  offset: query.offset ?? 0,
  emails: (query.emails ?? []).map(canonicalSearchEmail),
  q: query.q || null,
  sortBy: query.sort_by ?? 'created_at',
  descending: query.sort_by_desc ?? true,
});
