import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../common/collections.js';
import { awaitAll } from '../../database/transactions/await-all.js';
import { EventBus } from '../../common/event-bus.js';
import { isOrdinaryRole, isPromotion } from '../roles/index.js';
import { MembersPromoted } from './members.events.js';
import type { Provenance } from './provenance.js';
import {
  type HeldOrgRole,
  type HeldWorkspaceRole,
  type OrgRoleGrant,
  type WorkspaceRoleGrant,
  ProvisionedRolesRepository,
} from './provisioned-roles.repository.js';

/**
 * Roles that an identity provider grants through SCIM: they override all other sources
 * (docs/contract/members.md#provenance) and take over the membership. The caller holds the roster lock and records
 * the change.
 */
@Injectable()
export class ProvisionedRoles {
  constructor(
    private readonly roles: ProvisionedRolesRepository,
    private readonly events: EventBus,
  ) {}

  /** The roles that these members hold, in the organization and in its workspaces. */
  async findHeldRoles(
    orgId: string,
    userIds: readonly string[],
  ): Promise<{ orgRoles: HeldOrgRole[]; workspaceRoles: HeldWorkspaceRole[] }> {
    const [orgRoles, workspaceRoles] = await awaitAll([
      this.roles.listOrgRoles(orgId, userIds),
      this.roles.listWorkspaceRoles(orgId, userIds),
    ]);
    return { orgRoles, workspaceRoles };
  }

  async grantOrgRoles(orgId: string, grants: readonly OrgRoleGrant[]): Promise<void> {
    if (grants.length === 0) return;
    const promoted = await this.promotedBy(orgId, grants);
    await this.roles.setOrgRoles(orgId, grants);
    if (promoted.length > 0) await this.events.publish(new MembersPromoted(orgId, promoted));
  }

  async grantWorkspaceRoles(
    orgId: string,
    grants: readonly WorkspaceRoleGrant[],
    provenance: Provenance,
  ): Promise<void> {
    if (grants.length > 0) await this.roles.setWorkspaceRoles(orgId, grants, provenance);
  }

  private async promotedBy(orgId: string, grants: readonly OrgRoleGrant[]): Promise<string[]> {
    const reserved = grants.filter(({ roleId }) => !isOrdinaryRole(roleId));
    if (reserved.length === 0) return [];
    const wanted = new Map(reserved.map(({ userId, roleId }) => [userId, roleId]));
    const held = await this.roles.listOrgRoles(orgId, [...wanted.keys()]);
    return held.flatMap(({ userId, roleId }) =>
      isPromotion(roleId, getOrThrow(wanted, userId)) ? [userId] : [],
    );
  }

  /** Only memberships with source `scim`. */
  async revokeWorkspaceRoles(orgId: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.roles.removeWorkspaceRoles(orgId, ids);
  }
}
