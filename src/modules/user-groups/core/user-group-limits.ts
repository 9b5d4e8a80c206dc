import { Injectable } from '@nestjs/common';
import {
  AccessLimits,
  type GrantedGroup,
  type GroupGrant,
  type RightsChange,
} from '../../../common/access/access-limits.js';
import { ChangeExceedsRights } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { OwnAccessEnd } from '../../members/index.js';
import { AccessPolicyNotGrantable } from '../../policies/index.js';
import { mayGrantOrgAdmin, RoleNotFound, RolesService } from '../../roles/index.js';
import type { UserGroup } from './entities.js';
import { NotAWorkspaceRole } from './errors.js';
import { UserGroupMembersRepository } from './user-group-members.repository.js';
import { UserGroupPoliciesRepository } from './user-group-policies.repository.js';
import { type RoleInWorkspace, UserGroupsRepository } from './user-groups.repository.js';

/**
 * Limits changes of groups to what the caller holds (docs/contract/user-groups.md#guards). Called under the roster lock,
 * before the change, which might give the caller more.
 *
 * @throws UserGroupExceedsRights, RoleIsRestricted or ChangeExceedsRights from each method; AccessPolicyNotGrantable in place
 *   of the first two for a policy; OwnAccessEnd for callers who would have something for longer than before
 */
@Injectable()
export class UserGroupLimits {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly members: UserGroupMembersRepository,
    private readonly policies: UserGroupPoliciesRepository,
    private readonly limits: AccessLimits,
    private readonly roles: RolesService,
  ) {}

  /** Identities that are not members yet get what the group gives. */
  async assertMayAdd(
    principal: OrgPrincipal,
    group: UserGroup,
    identityIds: readonly string[],
  ): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    const joining = await this.members.listJoining(group, identityIds);
    const granted = await this.listOwn(group);
    const rows = joining.flatMap(({ identityId, memberId }) =>
      granted.map((given) => ({
        change: changeFor({ memberId }, given, { after: given }),
        loc: ['body', 'identity_ids', identityIds.indexOf(identityId)],
      })),
    );
    await this.limits.assertWithin(
      principal,
      rows.map(({ change }) => change),
      rows.map(({ loc }) => loc),
    );
  }

  /** Callers do not prolong what they have by these groups, unless they have everything anyway. */
  async assertIsNotOwn(principal: OrgPrincipal, groupIds: readonly string[]): Promise<void> {
    if (!mayGrantOrgAdmin(principal) && (await this.members.isInOneOf(principal, groupIds)))
      throw new OwnAccessEnd();
  }

  /** `memberId`: the id of the user or of the service account. */
  assertMayRemoveMember(principal: OrgPrincipal, group: UserGroup, memberId: string): Promise<void> {
    return this.assertOwn(principal, group, (taken) => changeFor({ memberId }, taken, { before: taken }));
  }

  /** Leaves the choice of members to the identity provider, or keeps those whom it could take back. */
  assertMayFill(principal: OrgPrincipal, group: UserGroup): Promise<void> {
    const subject = { roleId: null, name: 'whoever the identity provider adds' };
    return this.assertOwn(principal, group, (given) => changeFor(subject, given, { after: given }));
  }

  /** A role in a workspace in which the group has none. @throws RoleNotFound, NotAWorkspaceRole */
  async assertMayGrant(principal: OrgPrincipal, group: UserGroup, given: RoleInWorkspace): Promise<void> {
    await this.assertWorkspaceRole(principal, given);
    if (mayGrantOrgAdmin(principal)) return;
    const policyIds = await this.policies.listForAllWorkspaces(group);
    const after = { ...given, id: group.id, name: group.name, policyIds };
    await this.limits.assertWithin(principal, [changeFor({ memberOf: [group.id] }, after, { after })]);
  }

  /** Another role in a workspace, or the present one. @throws RoleNotFound, NotAWorkspaceRole */
  async assertMayRegrant(principal: OrgPrincipal, group: UserGroup, given: RoleInWorkspace): Promise<void> {
    await this.assertWorkspaceRole(principal, given);
    await this.assertForMembers(principal, group, given.workspaceId, (before) => ({
      before,
      after: { ...before, roleId: given.roleId },
    }));
  }

  /** The role that it has in a workspace, for longer. */
  assertMayProlong(principal: OrgPrincipal, group: UserGroup, given: RoleInWorkspace): Promise<void> {
    return this.assertForMembers(principal, group, given.workspaceId, (before) => ({
      before: null,
      after: { ...before, roleId: given.roleId },
    }));
  }

  /** Now or at an end. `workspaceId`: null for all of the group's workspaces. */
  assertMayRevoke(principal: OrgPrincipal, group: UserGroup, workspaceId: string | null): Promise<void> {
    return this.assertForMembers(principal, group, workspaceId, (before) => ({ before, after: null }));
  }

  assertMayAttach(principal: OrgPrincipal, group: UserGroup, policyId: string): Promise<void> {
    return this.assertPolicies(principal, group, (ids) => [...ids.filter((id) => id !== policyId), policyId]);
  }

  assertMayDetach(principal: OrgPrincipal, group: UserGroup, policyId: string): Promise<void> {
    return this.assertPolicies(principal, group, (ids) => ids.filter((id) => id !== policyId));
  }

  private async assertPolicies(
    principal: OrgPrincipal,
    group: UserGroup,
    policiesAfter: (ids: readonly string[]) => string[],
  ): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    const changes = (await this.listOwn(group)).map((before) => {
      const after = { ...before, policyIds: policiesAfter(before.policyIds) };
      return changeFor({ memberOf: [group.id] }, before, { before, after });
    });
    const excessOf = await this.limits.load(principal, changes);
    const excess = changes.map(excessOf).find((one) => one !== null);
    if (excess?.reason === 'deny-policy-of-caller') throw new ChangeExceedsRights(excess.message);
    if (excess) throw new AccessPolicyNotGrantable(excess.message);
  }

  /** The members of the children have their roles from the same grants. */
  private async assertForMembers(
    principal: OrgPrincipal,
    group: UserGroup,
    workspaceId: string | null,
    changeOf: (granted: GrantedGroup) => { before: GroupGrant | null; after: GroupGrant | null },
  ): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    const granted = (await this.groups.listGranted(group)).filter(
      (one) => workspaceId === null || one.workspaceId === workspaceId,
    );
    const changes = [...Map.groupBy(granted, (one) => one.workspaceId)].map(([id, inWorkspace]) => ({
      subject: { memberOf: inWorkspace.map((one) => one.id) },
      workspaceId: id,
      groups: inWorkspace.map((one) => ({ id: one.id, name: one.name, ...changeOf(one) })),
    }));
    await this.limits.assertWithin(principal, changes);
  }

  private async assertWorkspaceRole({ orgId }: OrgPrincipal, { roleId }: RoleInWorkspace): Promise<void> {
    const role = (await this.roles.findByIds(orgId, [roleId])).get(roleId);
    if (!role) throw new RoleNotFound(roleId);
    if (role.accessScope !== 'workspace') throw new NotAWorkspaceRole();
  }

  private async assertOwn(
    principal: OrgPrincipal,
    group: UserGroup,
    changeOf: (granted: GrantedGroup) => RightsChange,
  ): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    await this.limits.assertWithin(principal, (await this.listOwn(group)).map(changeOf));
  }

  /** What the group gives itself, without its children. */
  private async listOwn(group: UserGroup): Promise<GrantedGroup[]> {
    return (await this.groups.listGranted(group)).filter(({ id }) => id === group.id);
  }
}

/** What a subject gets from a group in a workspace, or loses. */
function changeFor(
  subject: RightsChange['subject'],
  { id, name, workspaceId }: GrantedGroup,
  { before = null, after = null }: { before?: GroupGrant | null; after?: GroupGrant | null },
): RightsChange {
  return { subject, workspaceId, groups: [{ id, name, before, after }] };
}
