import type { AuditOperation } from '../../audit/index.js';
import type { LocatedRows } from '../core/row-location.js';
import type { InviteRights, InviteRow } from '../rights/invite-rights.js';

/** What differs between the invitation routes. */
type InviteRoute = {
  operation: AuditOperation;
  /**
   * 409 for an existing member or pending invitation, instead of the existing row
   * (docs/contract/invitations.md#batches).
   */
  onlyNewUsers: boolean;
};

export type InviteBatch = InviteRoute &
  LocatedRows<InviteRow> & {
    rights: InviteRights;
    /** The inviting workspace; null at organization level. */
    fromWorkspaceId: string | null;
  };

export const SINGLE_INVITE: InviteRoute = {
  operation: 'invite_user_to_org',
  onlyNewUsers: true,
};
export const ORG_BATCH: InviteRoute = {
  operation: 'invite_users_to_org_batch',
  onlyNewUsers: false,
};
export const WORKSPACE_BATCH: InviteRoute = {
  operation: 'add_members_to_workspace_batch',
  onlyNewUsers: false,
};
