import { canonicalSearchEmail } from '../../common/email/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { ValidationFailed } from '../../common/errors/validation.errors.js';
import type {
  OrgPendingIdentity,
  OrgPendingIdentityPatch,
  PendingIdentity,
  PendingIdentityCreate,
} from '../../contract/invitations.js';
import type { PendingQuery } from '../../contract/member-lists.js';
import type { AmendmentInput } from './invitation-amendment.js';
import { emailOf, problemsOfInvite } from './invite-problems.js';
import type { InviteOutcome, ExistingMember } from './invite-outcomes.js';
import type { InviteRow } from './invite-rights.js';
import type { PendingListQuery, PendingMember } from './pending-member-directory.js';

type Invitable = Omit<PendingIdentityCreate, 'read_only'>;
type Locate = (row: number) => Problem['loc'];

/**
 * `targetId` is the inviting workspace.
 *
 * @throws ValidationFailed naming every unusable row
 */
export function fromInvites(bodies: readonly Invitable[], locate: Locate, targetId?: string): InviteRow[] {
  const problems: Problem[] = [];
  const rows = bodies.map((body) => ({
    email: emailOf(body.email, [], problems),
    orgRoleId: body.role_id ?? null,
    workspaceIds: [...new Set([...(targetId ? [targetId] : []), ...(body.workspace_ids ?? [])])],
    workspaceRoleId: body.workspace_role_id ?? null,
    fullName: body.full_name ?? null,
    password: body.password ?? null,
  }));
  if (problems.length > 0)
    throw new ValidationFailed(bodies.flatMap((body, index) => problemsOfInvite(body, locate(index))));
  return rows;
}

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

/**
 * At organization level: all workspaces, and the role in the first
 * (docs/contract/invitations.md#one-invitation-per-address).
 */
export const toOrgPending = (pendingMember: PendingMember): OrgPendingIdentity => ({
  ...shared(pendingMember),
  access_scope: 'organization',
  tenant_id: null,
  workspace_ids: pendingMember.grants.map(({ workspaceId }) => workspaceId),
  tenant_ids: pendingMember.grants.map(({ workspaceId }) => workspaceId),
  workspace_role_id: pendingMember.grants[0]?.roleId ?? null,
});

/** At workspace level: only the grant for that workspace. */
export const toWorkspacePending =
  (workspaceId: string) =>
  (pendingMember: PendingMember): PendingIdentity => ({
    ...shared(pendingMember),
    access_scope: 'workspace',
    tenant_id: workspaceId,
    workspace_ids: [workspaceId],
    workspace_role_id:
      pendingMember.grants.find((grant) => grant.workspaceId === workspaceId)?.roleId ?? null,
  });

export const toInviteOutcome = (outcome: InviteOutcome): PendingIdentity => {
  if (outcome.kind === 'member') return toExistingMember(outcome);
  return outcome.fromWorkspaceId
    ? toWorkspacePending(outcome.fromWorkspaceId)(outcome)
    : toOrgPending(outcome);
};

/**
 * `role_id` of a pending row is the org role (docs/contract/members.md#identity-rows). Neither a password nor a
 * `user_id` is shown: the inviter must not learn whether the address has an account.
 */
const shared = (pendingMember: PendingMember) => ({
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
});

/**
 * An existing member in the shape of a pending row, with the id of the membership and `user_id`
 * (docs/contract/invitations.md#batches).
 */
const toExistingMember = ({
  id,
  user,
  membership,
  orgRole,
  workspace,
  workspaces,
}: ExistingMember): PendingIdentity => ({
  id,
  email: user.email,
  full_name: user.fullName,
  user_id: user.id,
  organization_id: membership.orgId,
  created_at: (workspace?.membership ?? membership).createdAt.toISOString(),
  access_scope: workspace ? 'workspace' : 'organization',
  tenant_id: workspace?.membership.workspaceId ?? null,
  workspace_ids: workspaces.map((visible) => visible.membership.workspaceId),
  workspace_role_id: workspaces[0]?.role.id ?? null,
  role_id: orgRole.id,
  role_name: orgRole.displayName,
  org_role_id: orgRole.id,
  org_role_name: orgRole.displayName,
  password: null,
  read_only: false,
});
