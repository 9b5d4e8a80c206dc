import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { type HeldOrgRole, OrgMembersService, ProvisionedRoles } from '../../members/index.js';
import { TokenReach } from '../token-reach.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { type GivingGroup, rolesFrom } from './group-roles.js';
import { roleChanges, type RoleChanges } from './role-changes.js';

/** Gives people what their groups give, after something changed: who is in a group, or what the group gives. */
@Injectable()
export class ApplyGroupRoles {
  constructor(
    private readonly groupMembers: GroupMembersRepository,
    private readonly roles: ProvisionedRoles,
    private readonly members: OrgMembersService,
    private readonly reach: TokenReach,
  ) {}

  /**
   * By ids of SCIM users; a few statements however many. How many roles changed. `by` null: no token did it. Throws
   * LastAdminMustStay.
   */
  async run(by: ScimPrincipal | null, orgId: string, scimUserIds: readonly string[]): Promise<number> {
    if (scimUserIds.length === 0) return 0;
    const given = await this.groupMembers.givenTo(orgId, scimUserIds);
    const held = await this.roles.heldBy(orgId, [...given.keys()]);
    const {
      orgRoles,
      given: places,
      taken,
    } = roleChanges(held, (userId) => rolesFrom(groupsOf(given, userId)));
    if (by) this.reach.assertGives(by, rolesTouched(held.orgRoles, orgRoles));
    await this.roles.giveInOrg(orgId, orgRoles);
    await this.roles.giveInWorkspaces(orgId, places);
    await this.roles.takePlaces(orgId, taken);
    if (orgRoles.length > 0) await this.members.assertAdminRemains(orgId);
    return orgRoles.length + places.length + taken.length;
  }
}

/** What these people are, and what they will be. */
function rolesTouched(held: readonly HeldOrgRole[], given: RoleChanges['orgRoles']): string[] {
  const changed = new Set(given.map(({ userId }) => userId));
  return [...held.filter(({ userId }) => changed.has(userId)), ...given].map(({ roleId }) => roleId);
}

const groupsOf = (given: ReadonlyMap<string, GivingGroup[]>, userId: string): GivingGroup[] =>
  given.get(userId) ?? [];
