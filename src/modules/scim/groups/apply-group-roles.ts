import { Injectable } from '@nestjs/common';
import { OrgMembersService, ProvisionedRoles } from '../../members/index.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { type GivingGroup, rolesFrom } from './group-roles.js';
import { roleChanges } from './role-changes.js';

/** Gives people what their groups give, after something changed: who is in a group, or what the group gives. */
@Injectable()
export class ApplyGroupRoles {
  constructor(
    private readonly groupMembers: GroupMembersRepository,
    private readonly roles: ProvisionedRoles,
    private readonly members: OrgMembersService,
  ) {}

  /** By ids of SCIM users; a few statements however many. How many roles changed. Throws LastAdminMustStay. */
  async run(orgId: string, scimUserIds: readonly string[]): Promise<number> {
    if (scimUserIds.length === 0) return 0;
    const given = await this.groupMembers.givenTo(orgId, scimUserIds);
    const held = await this.roles.heldBy(orgId, [...given.keys()]);
    const {
      orgRoles,
      given: places,
      taken,
    } = roleChanges(held, (userId) => rolesFrom(groupsOf(given, userId)));
    await this.roles.giveInOrg(orgId, orgRoles);
    await this.roles.giveInWorkspaces(orgId, places);
    await this.roles.takePlaces(orgId, taken);
    if (orgRoles.length > 0) await this.members.assertAdminRemains(orgId);
    return orgRoles.length + places.length + taken.length;
  }
}

const groupsOf = (given: ReadonlyMap<string, GivingGroup[]>, userId: string): GivingGroup[] =>
  given.get(userId) ?? [];
