import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  MemberAccess,
  MemberAccessQuery,
  type AccessActor,
  type AccessChange,
  type GroupAccess,
  type GroupMembership,
  type HeldMembership,
  type WorkspaceAccess,
} from '../../../contract/directory.js';
import {
  MemberAccessReport,
  type ChangeActor,
  type ExplainedGroup,
  type ExplainedMember,
  type ExplainedMembership,
  type ExplainedWorkspace,
  type JoinedGroup,
} from './member-access-report.read-model.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class MemberAccessController {
  constructor(private readonly report: MemberAccessReport) {}

  /** Access of another member requires `organization:manage`. */
  @Get(':identity_id/access')
  @OrgQuery('organization:read', MemberAccess)
  @Refuses('member_not_found')
  async explainMemberAccess(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') membershipId: string,
    @Query() part: MemberAccessQuery,
  ) {
    return toMemberAccess(await this.report.explain(principal, membershipId), part);
  }
}

function toMemberAccess(member: ExplainedMember, part: MemberAccessQuery): MemberAccess {
  const permitted = (permissions: readonly string[]) => (member.isDisabled ? [] : [...permissions]);
  return {
    identity_id: member.id,
    user_id: member.userId,
    email: member.email,
    full_name: member.fullName,
    is_disabled: member.isDisabled,
    permissions: permitted(member.membership.permissions),
    membership: toHeldMembership(member.membership),
    workspaces: partOf(member.workspaces, part).map((workspace) => toWorkspaceAccess(workspace, permitted)),
    workspace_count: member.workspaces.length,
    user_groups: member.groups.map(toGroupMembership),
    audit_target_ids: [
      member.userId,
      ...idsOf(member.membership),
      ...member.workspaces.flatMap(idsInWorkspace),
    ],
  };
}

const partOf = (workspaces: readonly ExplainedWorkspace[], { limit, offset }: MemberAccessQuery) =>
  limit === undefined
    ? workspaces.slice(offset)
    : workspaces.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(offset, offset + limit);

/** The first end in milliseconds; then what is permanent, then what an organization admin has by the role alone. */
function rankOf({ isByOrgRole, membership, groups, policies }: ExplainedWorkspace): number {
  if (isByOrgRole) return policies.length > 0 ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE;
  const ends = [membership?.endsAt, ...groups.map(({ roleEndsAt }) => roleEndsAt)];
  return Math.min(...ends.map((end) => end?.getTime() ?? Number.MAX_SAFE_INTEGER));
}

const idsOf = ({ id, invitationId }: ExplainedMembership) => (invitationId ? [id, invitationId] : [id]);

const idsInWorkspace = ({ membership }: ExplainedWorkspace) => (membership ? idsOf(membership) : []);

const toWorkspaceAccess = (
  { groups, membership, policies, ...workspace }: ExplainedWorkspace,
  permitted: (permissions: readonly string[]) => string[],
): WorkspaceAccess => ({
  workspace_id: workspace.id,
  workspace_name: workspace.name,
  role_id: workspace.roleId,
  role_name: workspace.roleName,
  reason: workspace.isByOrgRole ? 'organization_admin' : 'membership',
  permissions: permitted(
    unique([...workspace.permissions, ...groups.flatMap(({ permissions }) => permissions)]),
  ),
  membership: membership && toHeldMembership(membership),
  user_groups: groups.map(toGroupAccess),
  access_policies: policies.map((policy) => ({
    access_policy_id: policy.id,
    access_policy_name: policy.name,
    effect: policy.effect,
    user_group_id: policy.userGroupId,
  })),
});

const toGroupAccess = (group: ExplainedGroup): GroupAccess => ({
  ...toGroupMembership(group),
  role_id: group.roleId,
  role_name: group.roleName,
  access_expires_at: group.roleEndsAt?.toISOString() ?? null,
});

const toGroupMembership = (group: JoinedGroup): GroupMembership => ({
  user_group_id: group.id,
  user_group_name: group.name,
  source: group.source,
  added_at: group.addedAt.toISOString(),
  access_expires_at: group.endsAt?.toISOString() ?? null,
});

const toHeldMembership = (membership: ExplainedMembership): HeldMembership => ({
  identity_id: membership.id,
  role_id: membership.roleId,
  role_name: membership.roleName,
  source: membership.source,
  created_at: membership.createdAt.toISOString(),
  by: membership.by && toActor(membership.by),
  invitation_id: membership.invitationId,
  invited_at: membership.invitedAt?.toISOString() ?? null,
  audit_log_id: membership.entryId,
  role_changed: toChange(membership),
  access_expires_at: membership.endsAt?.toISOString() ?? null,
  access_expires_set_by: membership.endSetBy && toActor(membership.endSetBy),
  reverts_to_role_id: membership.revertsToRoleId,
  reverts_to_role_name: membership.revertsToRoleName,
});

const toChange = ({ changeId, changedAt, changedBy }: ExplainedMembership): AccessChange | null =>
  changeId && changedAt && changedBy
    ? { at: changedAt.toISOString(), by: toActor(changedBy), audit_log_id: changeId }
    : null;

const toActor = ({ userId, email, credentialId }: ChangeActor): AccessActor => ({
  user_id: userId,
  email,
  credential_id: credentialId,
});
