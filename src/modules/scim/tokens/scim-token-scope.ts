import { Injectable } from '@nestjs/common';
import { AccessLimits, type Excess, type RightsChange } from '../../../common/access/access-limits.js';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import { PendingInvitationLookup } from '../../invitations/index.js';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import { isOrdinaryRole, type PossibleGrant, systemRole } from '../../roles/index.js';
import { UserGroupRolesRepository } from '../../user-groups/index.js';
import {
  TokenMayNotGiveWorkspaceRole,
  TokenMayNotManageAdmins,
  TokenMayNotReassignAccount,
  TokenMayNotTouchInvitation,
} from './errors.js';

/** The organization roles that a change gives and takes away, and what it does in workspaces. */
export type RolesTouched = {
  readonly orgRoleIds: readonly string[];
  readonly inWorkspaces: readonly RightsChange[];
};

/** A new member is in no group. */
const JOINING = { roleId: null, name: 'a new member' };

/**
 * A token that an operator created may do nothing that its creator could not do directly with their current rights
 * (docs/contract/scim.md#tokens). Tokens of Organization Admins are not limited. Callers hold the roster lock.
 */
@Injectable()
export class ScimTokenScope {
  constructor(
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly groupRoles: UserGroupRolesRepository,
    private readonly limits: AccessLimits,
    private readonly waiting: PendingInvitationLookup,
  ) {}

  /** @throws TokenMayNotManageAdmins if one of these members is an Organization Admin or Operator. */
  async assertMayChange({ orgId, makesAdmins }: ScimPrincipal, userIds: readonly string[]): Promise<void> {
    if (makesAdmins) return;
    const found = await this.members.findByUsers(orgId, userIds);
    assertOrdinary([...found.values()].map(({ roleId }) => roleId));
  }

  /** @throws TokenMayNotManageAdmins, TokenMayNotGiveWorkspaceRole */
  async assertMayGrant(principal: ScimPrincipal, { orgRoleIds, inWorkspaces }: RolesTouched): Promise<void> {
    if (principal.makesAdmins) return;
    assertOrdinary(orgRoleIds);
    const excess = await this.findExcess(principal, inWorkspaces);
    if (excess) throw new TokenMayNotGiveWorkspaceRole(excess.message);
  }

  /** Called before another user could come to sign in as this member. @throws TokenMayNotReassignAccount */
  async assertMayReassign(principal: ScimPrincipal, userId: string): Promise<void> {
    if (principal.makesAdmins) return;
    const excess = await this.findExcess(principal, await this.listAllOf(principal.orgId, userId));
    if (excess) throw new TokenMayNotReassignAccount(excess.message);
  }

  /** Called before users with these addresses join, which accepts or revokes their invitations. @throws TokenMayNotTouchInvitation */
  async assertMayAccept(principal: ScimPrincipal, emails: readonly string[]): Promise<void> {
    if (principal.makesAdmins) return;
    const offers = await this.waiting.listOffers(principal.orgId, emails);
    const given = offers
      .flatMap(({ workspaceRoles }) => workspaceRoles)
      .map(({ workspaceId, roleId }) => ({ subject: JOINING, workspaceId, roleId }));
    const isWithinReach =
      offers.every(({ orgRoleId }) => isOrdinaryRole(orgRoleId)) &&
      (await this.findExcess(principal, given)) === null;
    if (!isWithinReach) throw new TokenMayNotTouchInvitation();
  }

  /** Called before the pending invitations of these addresses are revoked. @throws TokenMayNotTouchInvitation */
  async assertMayRevoke(principal: ScimPrincipal, emails: readonly string[]): Promise<void> {
    if (principal.makesAdmins) return;
    const offers = await this.waiting.listOffers(principal.orgId, emails);
    if (!offers.every(({ orgRoleId }) => isOrdinaryRole(orgRoleId))) throw new TokenMayNotTouchInvitation();
  }

  /** Whether the token may give every role that the group could grant. A role that does not exist grants nothing. */
  async mayGiveAll(principal: ScimPrincipal, grants: readonly PossibleGrant[]): Promise<boolean> {
    if (principal.makesAdmins) return true;
    const given: RightsChange[] = [];
    for (const grant of grants) {
      if (grant.kind === 'admin' || !isOrdinaryRole(systemRole(grant.orgRole).id)) return false;
      const { workspaceId, roleId } = grant;
      if (roleId === null) continue;
      if (workspaceId === null) return false;
      given.push({ subject: JOINING, workspaceId, roleId });
    }
    return (await this.findExcess(principal, given)) === null;
  }

  /** As if the member lost all that they have, also by groups in workspaces of which they are not a member. */
  private async listAllOf(orgId: string, userId: string): Promise<RightsChange[]> {
    const roles = await this.workspaceMembers.listWorkspaceMemberships(orgId, [userId]);
    const memberOf = new Set(roles.map(({ workspaceId }) => workspaceId));
    const byWorkspace = Map.groupBy(
      await this.groupRoles.listGranted(orgId, userId),
      ({ workspaceId }) => workspaceId,
    );
    return unique([...memberOf, ...byWorkspace.keys()]).map((workspaceId) => ({
      subject: { memberId: userId },
      workspaceId,
      ...(memberOf.has(workspaceId) && { roleId: null }),
      groups: (byWorkspace.get(workspaceId) ?? []).map((before) => ({ ...before, before, after: null })),
    }));
  }

  private async findExcess(
    principal: ScimPrincipal,
    changes: readonly RightsChange[],
  ): Promise<Excess | null> {
    const excessOf = await this.limits.load(principal, changes);
    return changes.map(excessOf).find((excess) => excess !== null) ?? null;
  }
}

function assertOrdinary(orgRoleIds: readonly string[]): void {
  if (!orgRoleIds.every(isOrdinaryRole)) throw new TokenMayNotManageAdmins();
}
