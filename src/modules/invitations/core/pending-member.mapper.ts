import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import type { InvitationMail } from '../../../contract/enums.js';
import type {
  OrgPendingIdentity,
  PendingIdentity,
  PendingIdentityPatch,
} from '../../../contract/invitations.js';
import type { OrgPendingQuery, PendingQuery } from '../../../contract/lists.js';
import { assertNamesRole, mayGrantOrgAdmin, type RoleReference } from '../../roles/index.js';
import type { PendingListQuery, PendingMember } from './pending-member-directory.read-model.js';

type Caller = Parameters<typeof mayGrantOrgAdmin>[0];

/**
 * At organization level: all workspaces, and the role in the first
 * (docs/contract/invitations.md#one-invitation-per-address).
 */
export const toOrgPending =
  (caller: Caller) =>
  (pendingMember: PendingMember): OrgPendingIdentity => ({
    ...shared(pendingMember, caller),
    access_scope: 'organization',
    tenant_id: null,
    workspace_ids: pendingMember.grants.map(({ workspaceId }) => workspaceId),
    tenant_ids: pendingMember.grants.map(({ workspaceId }) => workspaceId),
    ...workspaceRole(pendingMember.grants[0]),
  });

/** At workspace level: only the grant for that workspace. */
export const toWorkspacePending =
  (caller: Caller, workspaceId: string) =>
  (pendingMember: PendingMember): PendingIdentity => ({
    ...shared(pendingMember, caller),
    access_scope: 'workspace',
    tenant_id: workspaceId,
    workspace_ids: [workspaceId],
    ...workspaceRole(pendingMember.grants.find((grant) => grant.workspaceId === workspaceId)),
  });

const workspaceRole = (grant: PendingMember['grants'][number] | undefined) => ({
  workspace_role_id: grant?.roleId ?? null,
  workspace_role_name: grant?.roleName ?? null,
});

/** Which mail the person was sent; for responses of operations that send some. */
export const mailOf = ({ isMailed }: PendingMember): InvitationMail =>
  isMailed ? 'queued' : 'not_configured';

/** Whether lists say so: to those who may make password links (docs/contract/invitations.md#mails). */
export const seesDelivery = (caller: Caller): boolean => mayGrantOrgAdmin(caller);

const deliveryFor = (caller: Caller, pendingMember: PendingMember) =>
  seesDelivery(caller)
    ? { mail: mailOf(pendingMember), link_made_at: pendingMember.linkMadeAt?.toISOString() ?? null }
    : { mail: null, link_made_at: null };

/**
 * `role_id` of a pending row is the org role (docs/contract/members.md#identity-rows). Neither a password nor a
 * `user_id` is shown: the inviter must not learn whether the address has an account.
 */
const shared = (pendingMember: PendingMember, caller: Caller) => ({
  id: pendingMember.id,
  email: pendingMember.email,
  full_name: pendingMember.fullName,
  user_id: null,
  organization_id: pendingMember.orgId,
  created_at: pendingMember.createdAt.toISOString(),
  role_id: pendingMember.orgRoleId,
  role_name: pendingMember.orgRoleName,
  org_role_id: pendingMember.orgRoleId,
  org_role_name: pendingMember.orgRoleName,
  password: null,
  read_only: false,
  is_expired: pendingMember.isExpired,
  expires_at: pendingMember.expiresAt?.toISOString() ?? null,
  ...deliveryFor(caller, pendingMember),
});

/** @throws InvalidRoleReference if the body names no role */
export function fromPendingPatch({
  role_id: id = null,
  role_name: name = null,
}: PendingIdentityPatch): RoleReference {
  const role = { id, name };
  assertNamesRole(role);
  return role;
}

export const fromPendingQuery = (query: PendingQuery & Partial<OrgPendingQuery>): PendingListQuery => ({
  limit: query.limit ?? null,
  offset: query.offset ?? 0,
  emails: (query.emails ?? []).map(canonicalSearchEmail),
  q: query.q || null,
  waitingForLink: query.waiting_for_link ?? false,
  sortBy: query.sort_by ?? 'created_at',
  descending: query.sort_by_desc ?? true,
  roleIds: query.role_ids ?? [],
  isExpired: query.is_expired ?? null,
});
