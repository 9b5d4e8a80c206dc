import { Injectable } from '@nestjs/common';
import { columnsOf } from '../../common/collections.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { OrgMembership } from './core/entities.js';
import type { MembershipSource } from './core/provenance.js';

export type OrgRoleGrant = { readonly userId: string; readonly roleId: string };

const SET_ORG_ROLES = named('provisioned_roles_set_org_roles')`
  update org_memberships m set role_id = given.role_id, source = 'scim'
  from unnest($2::uuid[], $3::uuid[]) as given (user_id, role_id)
  where m.org_id = $1 and m.user_id = given.user_id`;

const CHANGE_WORKSPACE_ROLES = named('memberships_change_sourced_roles')`
  update workspace_memberships m set role_id = given.role_id
  from unnest($3::uuid[], $4::uuid[]) as given (id, role_id)
  where m.org_id = $1 and m.source = $2 and m.id = given.id`;

const REMOVE_FROM_WORKSPACES = named('memberships_remove_sourced')`
  delete from workspace_memberships where org_id = $1 and source = $2 and id = any($3)`;

const REMOVE = named('memberships_remove')`
  delete from org_memberships where org_id = $1 and user_id = $2 returning role_id as "roleId"`;

const DISABLE = named('memberships_disable')`
  update org_memberships set is_disabled = true where org_id = $1 and user_id = any($2) and not is_disabled
  returning user_id as "userId"`;

@Injectable()
export class SourcedMembershipsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  /** Takes over the memberships for SCIM. */
  async setOrgRoles(orgId: string, grants: readonly OrgRoleGrant[]): Promise<void> {
    await this.sql.affected(SET_ORG_ROLES, [orgId, ...columnsOf(grants, 'userId', 'roleId')]);
  }

  async changeWorkspaceRoles(
    orgId: string,
    source: MembershipSource,
    rows: readonly { id: string; roleId: string }[],
  ): Promise<void> {
    await this.sql.affected(CHANGE_WORKSPACE_ROLES, [orgId, source, ...columnsOf(rows, 'id', 'roleId')]);
  }

  async removeFromWorkspaces(orgId: string, source: MembershipSource, ids: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_FROM_WORKSPACES, [orgId, source, ids]);
  }

  /** False if the source of the membership is not `from`. */
  async changeOrgRole(
    orgId: string,
    id: string,
    roleId: string,
    { from, to }: { from: MembershipSource; to: MembershipSource },
  ): Promise<boolean> {
    const criteria = { orgId, id, source: from };
    const { affected } = await this.transaction.manager.update(OrgMembership, criteria, {
      roleId,
      source: to,
    });
    return affected === 1;
  }

  /** Returns the users who were active members before. */
  async disable(orgId: string, userIds: readonly string[]): Promise<string[]> {
    const disabled = await this.sql.rows<{ userId: string }>(DISABLE, [orgId, userIds]);
    return disabled.map(({ userId }) => userId);
  }

  async enable(orgId: string, userId: string): Promise<void> {
    await this.transaction.manager.update(OrgMembership, { orgId, userId }, { isDisabled: false });
  }

  /** The role that the user had; null if the user was not a member. */
  async remove(orgId: string, userId: string): Promise<string | null> {
    return (await this.sql.row<{ roleId: string }>(REMOVE, [orgId, userId]))?.roleId ?? null;
  }
}
