import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import {
  type HeldOrgRole,
  type HeldWorkspaceRole,
  OrgMembersService,
  type Provenance,
  ProvisionedRoles,
} from '../../members/index.js';
import { type RolesTouched, ScimTokenScope } from '../tokens/scim-token-scope.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { type GrantingGroup, combineGroupRoles, roleChanges, type RoleChanges } from './group-roles.js';

/** Updates the roles of users after a change of a group's members or of its grant. */
@Injectable()
export class ApplyGroupRoles {
  constructor(
    private readonly groupMembers: GroupMembersRepository,
    private readonly roles: ProvisionedRoles,
    private readonly members: OrgMembersService,
    private readonly tokenScope: ScimTokenScope,
  ) {}

  /**
   * Number of changed roles; a fixed number of statements. `principal` is null if no SCIM token caused the change;
   * `provenance` is that of memberships that the change creates.
   * @throws LastAdminRequired, and the errors of `ScimTokenScope.assertMayGrant`
   */
  async run(
    principal: ScimPrincipal | null,
    orgId: string,
    scimUserIds: readonly string[],
    provenance: Provenance,
  ): Promise<number> {
    if (scimUserIds.length === 0) return 0;
    const granted = await this.groupMembers.listGrantingGroups(orgId, scimUserIds);
    const held = await this.roles.findHeldRoles(orgId, [...granted.keys()]);
    const changes = roleChanges(held, (userId) => combineGroupRoles(groupsOf(granted, userId)));
    const { orgRoles, granted: workspaceRoles, revoked } = changes;
    if (principal) await this.tokenScope.assertMayGrant(principal, rolesTouched(held, changes));
    await this.roles.grantOrgRoles(orgId, orgRoles);
    await this.roles.grantWorkspaceRoles(orgId, workspaceRoles, provenance);
    await this.roles.revokeWorkspaceRoles(orgId, revoked);
    if (orgRoles.length > 0) await this.members.assertAdminRemains(orgId);
    return orgRoles.length + workspaceRoles.length + revoked.length;
  }
}

/**
 * Roles that the affected users hold in the organization, before and after, and what they get and lose in workspaces.
 */
function rolesTouched(
  held: { orgRoles: readonly HeldOrgRole[]; workspaceRoles: readonly HeldWorkspaceRole[] },
  { orgRoles, granted, revoked }: RoleChanges,
): RolesTouched {
  const revokedIds = new Set(revoked);
  const lost = held.workspaceRoles.filter(({ id }) => revokedIds.has(id));
  const userIds = new Set([...orgRoles, ...granted, ...lost].map(({ userId }) => userId));
  const affected = held.orgRoles.filter(({ userId }) => userIds.has(userId));
  return {
    orgRoleIds: [...affected, ...orgRoles].map(({ roleId }) => roleId),
    inWorkspaces: [...granted, ...lost.map((membership) => ({ ...membership, roleId: null }))].map(
      ({ userId, workspaceId, roleId }) => ({ subject: { memberId: userId }, workspaceId, roleId }),
    ),
  };
}

const groupsOf = (granted: ReadonlyMap<string, GrantingGroup[]>, userId: string): GrantingGroup[] =>
  granted.get(userId) ?? [];
