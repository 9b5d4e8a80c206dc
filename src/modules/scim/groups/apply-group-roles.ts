import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import {
  type HeldOrgRole,
  type HeldPlace,
  OrgMembersService,
  ProvisionedRoles,
} from '../../members/index.js';
import { type RolesTouched, TokenReach } from '../token-reach.js';
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
   * LastAdminMustStay, and what `TokenReach.assertGives` throws.
   */
  async run(by: ScimPrincipal | null, orgId: string, scimUserIds: readonly string[]): Promise<number> {
    if (scimUserIds.length === 0) return 0;
    const given = await this.groupMembers.givenTo(orgId, scimUserIds);
    const held = await this.roles.heldBy(orgId, [...given.keys()]);
    const changes = roleChanges(held, (userId) => rolesFrom(groupsOf(given, userId)));
    const { orgRoles, given: places, taken } = changes;
    if (by) await this.reach.assertGives(by, rolesTouched(held, changes));
    await this.roles.giveInOrg(orgId, orgRoles);
    await this.roles.giveInWorkspaces(orgId, places);
    await this.roles.takePlaces(orgId, taken);
    if (orgRoles.length > 0) await this.members.assertAdminRemains(orgId);
    return orgRoles.length + places.length + taken.length;
  }
}

/** What the people whose roles change hold in the organization, and what is given and taken away, old and new. */
function rolesTouched(
  held: { orgRoles: readonly HeldOrgRole[]; places: readonly HeldPlace[] },
  { orgRoles, given, taken }: RoleChanges,
): RolesTouched {
  const takenIds = new Set(taken);
  const replaced = new Set(given.map(({ userId, workspaceId }) => `${userId} ${workspaceId}`));
  const lost = held.places.filter(
    ({ id, userId, workspaceId }) => takenIds.has(id) || replaced.has(`${userId} ${workspaceId}`),
  );
  const people = new Set([...orgRoles, ...given, ...lost].map(({ userId }) => userId));
  const ofPeople = held.orgRoles.filter(({ userId }) => people.has(userId));
  return {
    orgRoleIds: [...ofPeople, ...orgRoles].map(({ roleId }) => roleId),
    workspaceRoles: [...given, ...lost],
  };
}

const groupsOf = (given: ReadonlyMap<string, GivingGroup[]>, userId: string): GivingGroup[] =>
  given.get(userId) ?? [];
