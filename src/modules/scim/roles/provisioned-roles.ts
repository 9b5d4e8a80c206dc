import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import {
  type MembershipChanges,
  OrgMembersService,
  type Provenance,
  SourcedMemberships,
} from '../../members/index.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import { combineRoles, membershipChanges, roleChanges, rolesTouched } from './group-roles.js';
import type { GivenRole } from './role-values.js';
import { UserRolesRepository } from './user-roles.repository.js';

/** The roles that the groups and the attribute `roles` of SCIM users give together. Callers hold the roster lock. */
@Injectable()
export class ProvisionedRoles {
  constructor(
    private readonly userRoles: UserRolesRepository,
    private readonly memberships: SourcedMemberships,
    private readonly members: OrgMembersService,
    private readonly tokenScope: ScimTokenScope,
  ) {}

  /**
   * Gives and takes what has changed, and returns that with its number. `principal` is null if no SCIM token caused the change.
   * @throws LastAdminRequired, and the errors of `ScimTokenScope.assertMayGrant`
   */
  async update(
    principal: ScimPrincipal | null,
    orgId: string,
    scimUserIds: readonly string[],
    provenanceOf: (userId: string) => Provenance,
  ): Promise<{ count: number; changes: MembershipChanges }> {
    if (scimUserIds.length === 0) return { count: 0, changes: {} };
    const given = await this.userRoles.listGiven(orgId, scimUserIds);
    const { held, changes } = await this.compare(orgId, scimUserIds, given);
    const { orgRoles, granted, revoked } = changes;
    if (principal) await this.tokenScope.assertMayGrant(principal, rolesTouched(held, changes));
    await this.memberships.grantOrgRoles(orgId, orgRoles);
    await this.memberships.grantWorkspaceRoles(orgId, granted, provenanceOf);
    await this.memberships.removeFromWorkspaces(
      orgId,
      'scim',
      revoked.map(({ id }) => id),
    );
    if (orgRoles.length > 0) await this.members.assertAdminRemains(orgId);
    const count = orgRoles.length + granted.length + revoked.length;
    return { count, changes: membershipChanges(held, changes) };
  }

  /** What `update` would change if the attribute gave these roles. */
  async preview(
    orgId: string,
    scimUserIds: readonly string[],
    given: ReadonlyMap<string, readonly GivenRole[]>,
  ): Promise<MembershipChanges> {
    if (scimUserIds.length === 0) return {};
    const { held, changes } = await this.compare(orgId, scimUserIds, given);
    return membershipChanges(held, changes);
  }

  private async compare(
    orgId: string,
    scimUserIds: readonly string[],
    given: ReadonlyMap<string, readonly GivenRole[]>,
  ) {
    const groups = await this.userRoles.listGrantingGroups(orgId, scimUserIds);
    const held = await this.memberships.findHeldRoles(orgId, [...groups.keys()]);
    const changes = roleChanges(held, (userId) =>
      combineRoles(groups.get(userId) ?? [], given.get(userId) ?? []),
    );
    return { held, changes };
  }
}
