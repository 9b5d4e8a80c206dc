import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import type { PendingIdentity, PendingIdentityCreate } from '../../../contract/invitations.js';
import { toOrgPending, toWorkspacePending } from '../core/pending-member.mapper.js';
import type { RowLocator } from '../core/row-location.js';
import type { InviteRow } from '../rights/invite-rights.js';
import type { ExistingMember, InviteOutcome } from './invite-outcomes.js';
import { emailOf, problemsOfInvite } from './invite-problems.js';

type Invitable = Omit<PendingIdentityCreate, 'read_only'>;

/**
 * `targetId` is the inviting workspace.
 *
 * @throws ValidationFailed naming every unusable row
 */
export function fromInvites(
  bodies: readonly Invitable[],
  locate: RowLocator,
  targetId?: string,
): InviteRow[] {
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

export const toInviteOutcome = (outcome: InviteOutcome): PendingIdentity => {
  if (outcome.kind === 'member') return toExistingMember(outcome);
  return outcome.fromWorkspaceId
    ? toWorkspacePending(outcome.fromWorkspaceId)(outcome)
    : toOrgPending(outcome);
};

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
