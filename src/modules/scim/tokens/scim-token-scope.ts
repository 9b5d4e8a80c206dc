import { Injectable } from '@nestjs/common';
import type { Permission } from '../../../common/access/permissions.js';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { PendingInvitationLookup } from '../../invitations/index.js';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import { isOrdinaryRole, mayGrant, type PossibleGrant, RolesService, systemRole } from '../../rbac/index.js';
import { type HeldPermissions, WorkspacePermissions } from '../../user-groups/index.js';
import {
  TokenMayNotGiveWorkspaceRole,
  TokenMayNotManageAdmins,
  TokenMayNotReassignAccount,
  TokenMayNotTouchInvitation,
} from './scim-token-scope.errors.js';

/** A role in a workspace; null = a workspace that does not exist. With what policies allow or deny beside the role. */
export type WorkspaceRole = {
  readonly workspaceId: string | null;
  readonly roleId: string;
  readonly policyPermissions?: readonly Permission[];
};

/** The organization and workspace roles that a change gives and takes away. */
export type RolesTouched = {
  readonly orgRoleIds: readonly string[];
  readonly workspaceRoles: readonly WorkspaceRole[];
};

/**
 * A token that an operator created may do nothing that its creator could not do directly with their current rights
 * (docs/contract/scim.md#tokens). Tokens of Organization Admins are not limited. Callers hold the roster lock.
 */
@Injectable()
export class ScimTokenScope {
  constructor(
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly rights: WorkspacePermissions,
    private readonly roles: RolesService,
    private readonly waiting: PendingInvitationLookup,
  ) {}

  /** @throws TokenMayNotManageAdmins if one of these members is an Organization Admin or Operator. */
  async assertMayChange({ orgId, makesAdmins }: ScimPrincipal, userIds: readonly string[]): Promise<void> {
    if (makesAdmins) return;
    const found = await this.members.findByUsers(orgId, userIds);
    assertOrdinary([...found.values()].map(({ roleId }) => roleId));
  }

  /** @throws TokenMayNotManageAdmins, TokenMayNotGiveWorkspaceRole */
  async assertMayGrant(
    principal: ScimPrincipal,
    { orgRoleIds, workspaceRoles }: RolesTouched,
  ): Promise<void> {
    if (principal.makesAdmins) return;
    assertOrdinary(orgRoleIds);
    if (!(await this.holds(principal, workspaceRoles))) throw new TokenMayNotGiveWorkspaceRole();
  }

  /** Called before another user could come to sign in as this member. @throws TokenMayNotReassignAccount */
  async assertMayReassign(principal: ScimPrincipal, userId: string): Promise<void> {
    if (principal.makesAdmins) return;
    const roles = await this.workspaceMembers.listWorkspaceMemberships(principal.orgId, [userId]);
    if (!(await this.holds(principal, roles))) throw new TokenMayNotReassignAccount();
  }

  /**
   * Called before users with these addresses join, which accepts or revokes their invitations.
   * @throws TokenMayNotTouchInvitation
   */
  async assertMayAccept(principal: ScimPrincipal, emails: readonly string[]): Promise<void> {
    if (principal.makesAdmins) return;
    const offers = await this.waiting.listOffers(principal.orgId, emails);
    const isWithinReach =
      offers.every(({ orgRoleId }) => isOrdinaryRole(orgRoleId)) &&
      (await this.holds(
        principal,
        offers.flatMap(({ workspaceRoles }) => workspaceRoles),
      ));
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
    const inWorkspaces = grants.filter((grant) => grant.kind === 'workspace');
    if (inWorkspaces.length < grants.length) return false;
    if (!inWorkspaces.every(({ orgRole }) => isOrdinaryRole(systemRole(orgRole).id))) return false;
    const known = inWorkspaces.flatMap(({ workspaceId, roleId }) =>
      roleId === null ? [] : [{ workspaceId, roleId }],
    );
    return this.holds(principal, known);
  }

  private async holds(
    { orgId, madeByUserId }: ScimPrincipal,
    wanted: readonly WorkspaceRole[],
  ): Promise<boolean> {
    if (wanted.length === 0) return true;
    const held = madeByUserId ? await this.rights.heldByMember(orgId, madeByUserId) : NOTHING_HELD;
    const roles = await this.roles.findByIds(orgId, [...new Set(wanted.map(({ roleId }) => roleId))]);
    return wanted.every(({ workspaceId, roleId, policyPermissions = [] }) => {
      const [own, role] = [workspaceId && held.get(workspaceId), roles.get(roleId)];
      return own && role ? mayGrant(own, [...role.permissions, ...policyPermissions]) : false;
    });
  }
}

const NOTHING_HELD: ReadonlyMap<string, HeldPermissions> = new Map();

function assertOrdinary(orgRoleIds: readonly string[]): void {
  if (!orgRoleIds.every(isOrdinaryRole)) throw new TokenMayNotManageAdmins();
}
