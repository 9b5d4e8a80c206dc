import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { insertUnlessTaken, mapViolations } from '../../database/transactions/constraint-violation.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { RoleInUse, RoleNameTaken } from './errors.js';
import { Role, RoleRestriction } from './entities.js';

const NAME_TAKEN = { roles_display_name_is_unique_in_org: () => new RoleNameTaken() };

const IN_USE = {
  workspace_memberships_role_id_fkey: () => new RoleInUse('a member'),
  workspace_memberships_reverts_to_role_id_fkey: () =>
    new RoleInUse('a member, at the end of a temporary role'),
  invitation_workspaces_role_id_fkey: () => new RoleInUse('an invitation'),
  api_keys_workspace_role_id_fkey: () => new RoleInUse('a service key'),
  service_account_workspaces_role_id_fkey: () => new RoleInUse('a service account'),
  user_groups_role_id_fkey: () => new RoleInUse('a user group'),
  scim_groups_role_id_fkey: () => new RoleInUse('a SCIM group'),
  sso_settings_default_workspace_role_id_fkey: () =>
    new RoleInUse('the single sign-on settings, as the default role of new users'),
};

const LIST_RESTRICTED = named('role_restrictions_list')`
  select role_id as "roleId" from role_restrictions where org_id = $1`;

/** The system roles (of no organization) and the organization's custom roles. */
@Injectable()
export class RolesRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(Role);
  }

  listForOrg(orgId: string): Promise<Role[]> {
    return this.rows.find({
      where: [{ orgId: IsNull() }, { orgId }],
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /** The ids of the roles whose assignment the organization restricts. */
  async listRestricted(orgId: string): Promise<ReadonlySet<string>> {
    const found = await this.sql.rows<Pick<RoleRestriction, 'roleId'>>(LIST_RESTRICTED, [orgId]);
    return new Set(found.map(({ roleId }) => roleId));
  }

  /** Idempotent. */
  async restrict(orgId: string, roleId: string): Promise<void> {
    await this.transaction.manager.upsert(
      RoleRestriction,
      { orgId, roleId },
      { conflictPaths: ['orgId', 'roleId'], skipUpdateIfNoValuesChanged: true },
    );
  }

  async lift(orgId: string, roleId: string): Promise<void> {
    await this.transaction.manager.delete(RoleRestriction, { orgId, roleId });
  }

  listCustom(orgId: string, ids: readonly string[]): Promise<Role[]> {
    return this.rows.findBy({ orgId, id: In([...ids]) });
  }

  async insert(role: Omit<Role, 'createdAt'>): Promise<void> {
    if (!(await insertUnlessTaken(this.rows, role))) throw new RoleNameTaken();
  }

  /** False if the organization has no such custom role. */
  async update(orgId: string, id: string, changes: Partial<Role>): Promise<boolean> {
    const { affected } = await mapViolations(this.rows.update({ id, orgId }, changes), NAME_TAKEN);
    return affected === 1;
  }

  async remove(orgId: string, id: string): Promise<boolean> {
    const { affected } = await mapViolations(this.rows.delete({ id, orgId }), IN_USE);
    return affected === 1;
  }

  async upsertSystemRoles(roles: Role[]): Promise<void> {
    await this.rows.upsert(roles, ['id']);
  }
}
