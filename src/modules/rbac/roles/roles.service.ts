import { Injectable } from '@nestjs/common';
import type { AccessScope, Permission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/events/event-bus.js';
import { DatabaseClock } from '../../../database/database-clock.js';
import { newId } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { validateRoleInput, type RoleInput } from './custom-role.js';
import { mayGrant } from './may-grant.js';
import { RoleNotGrantable, RoleNotFound, SystemRoleIsFixed } from './rbac.errors.js';
import { RoleNameChanged } from './rbac.events.js';
import type { Role } from './role.entity.js';
import { RolesRepository } from './roles.repository.js';
import { SYSTEM_ROLES } from './system-roles.js';

/** The system roles as rows, which every start writes, so that a look-up by id needs no query. */
const SYSTEM_ROLES_BY_ID: ReadonlyMap<string, Role> = new Map(
  SYSTEM_ROLES.map((role) => [
    role.id,
    { ...role, orgId: null, createdAt: new Date(0), permissions: [...role.permissions] },
  ]),
);

@Injectable()
export class RolesService {
  constructor(
    private readonly roles: RolesRepository,
    private readonly clock: DatabaseClock,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly events: EventBus,
  ) {}

  listForOrg(orgId: string): Promise<Role[]> {
    return this.roles.listForOrg(orgId);
  }

  /** Roles that the organization can use, by id; others are missing. */
  async findByIds(orgId: string, ids: readonly string[]): Promise<Map<string, Role>> {
    const others = ids.filter((id) => !SYSTEM_ROLES_BY_ID.has(id));
    const custom = others.length === 0 ? [] : await this.roles.listCustom(orgId, others);
    const system = ids.flatMap((id) => SYSTEM_ROLES_BY_ID.get(id) ?? []);
    return new Map([...system, ...custom].map((role) => [role.id, role]));
  }

  /** @throws RoleNotFound for an unknown id, another organization's, or one of the other scope. */
  async get(orgId: string, id: string, scope: AccessScope): Promise<Role> {
    const role = (await this.findByIds(orgId, [id])).get(id);
    if (!role || role.accessScope !== scope) throw new RoleNotFound(id);
    return role;
  }

  /** `get` for a workspace role that a principal with these permissions wants to grant. @throws RoleNotGrantable */
  async getGrantable(orgId: string, id: string, held: ReadonlySet<Permission>): Promise<Role> {
    const role = await this.get(orgId, id, 'workspace');
    if (!mayGrant(held, role.permissions)) throw new RoleNotGrantable(role.displayName);
    return role;
  }

  async create(principal: OrgPrincipal, input: RoleInput): Promise<Role> {
    const valid = validateRoleInput(input);
    return this.transaction.runAs(principal, async () => {
      const role: Role = {
        ...valid,
        id: newId(),
        orgId: principal.orgId,
        name: 'CUSTOM',
        accessScope: 'workspace',
        createdAt: await this.clock.now(),
      };
      await this.roles.insert(role);
      await this.events.publish(new RoleNameChanged(principal.orgId, principal));
      await this.audit.record(principal, 'create_role', [role.id]);
      return role;
    });
  }

  async update(principal: OrgPrincipal, id: string, input: RoleInput): Promise<Role> {
    const changes = validateRoleInput(input);
    await this.getCustom(principal.orgId, id);
    return this.transaction.runAs(principal, async () => {
      if (!(await this.roles.update(principal.orgId, id, changes))) throw new RoleNotFound(id);
      await this.events.publish(new RoleNameChanged(principal.orgId, principal));
      await this.audit.record(principal, 'update_role', [id]);
      return this.get(principal.orgId, id, 'workspace');
    });
  }

  /** Returns the deleted role. Rejected while it is held; the roster lock prevents a concurrent grant. */
  async remove(principal: OrgPrincipal, id: string): Promise<Role> {
    const role = await this.getCustom(principal.orgId, id);
    await this.transaction.runAs(principal, async () => {
      if (!(await this.roles.remove(principal.orgId, id))) throw new RoleNotFound(id);
      await this.audit.record(principal, 'delete_role', [id]);
    });
    return role;
  }

  /** Writes the system roles of this version to the database at every start. */
  async installSystemRoles(): Promise<void> {
    await this.roles.upsertSystemRoles([...SYSTEM_ROLES_BY_ID.values()]);
  }

  private async getCustom(orgId: string, id: string): Promise<Role> {
    const role = (await this.findByIds(orgId, [id])).get(id);
    if (!role) throw new RoleNotFound(id);
    if (role.orgId === null) throw new SystemRoleIsFixed();
    return role;
  }
}
