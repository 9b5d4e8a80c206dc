import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../common/access/permissions.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { EventBus } from '../../common/event-bus.js';
import { awaitAll } from '../../database/transactions/unit-of-work.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type Actor, AuditTrail } from '../audit/index.js';
import { type RoleInput, roleNamed, type RoleReference, validateRoleInput } from './custom-role.js';
import type { Role } from './entities.js';
import type { OrgRole } from './org-roles.js';
import { InvalidRoleReference, RoleCannotBeRestricted, RoleNotFound, SystemRoleIsFixed } from './errors.js';
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
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly events: EventBus,
  ) {}

  async listForOrg(orgId: string): Promise<OrgRole[]> {
    const [roles, restricted] = await awaitAll([
      this.roles.listForOrg(orgId),
      this.roles.listRestricted(orgId),
    ]);
    return roles.map(asRestrictedBy(restricted));
  }

  /** Roles that the organization can use, by id; others are missing. */
  async findByIds(orgId: string, ids: readonly string[]): Promise<Map<string, Role>> {
    const others = ids.filter((id) => !SYSTEM_ROLES_BY_ID.has(id));
    const custom = others.length === 0 ? [] : await this.roles.listCustom(orgId, others);
    const system = ids.flatMap((id) => SYSTEM_ROLES_BY_ID.get(id) ?? []);
    return new Map([...system, ...custom].map((role) => [role.id, role]));
  }

  /** `findByIds` with what the organization says about the assignment of the roles. */
  async findOrgRoles(orgId: string, ids: readonly string[]): Promise<Map<string, OrgRole>> {
    const [restricted, roles] = await awaitAll([
      this.roles.listRestricted(orgId),
      this.findByIds(orgId, ids),
    ]);
    return new Map([...roles.values()].map(asRestrictedBy(restricted)).map((role) => [role.id, role]));
  }

  /** @throws RoleNotFound for an unknown id, another organization's, or one of the other scope. */
  async get(orgId: string, id: string, scope: AccessScope): Promise<Role> {
    const role = (await this.findByIds(orgId, [id])).get(id);
    if (!role || role.accessScope !== scope) throw new RoleNotFound(id);
    return role;
  }

  /**
   * The id of the role; null if the reference is empty. An id alone is not looked up.
   *
   * @throws RoleNotFound for an unknown name, InvalidRoleReference if id and name are of different roles
   */
  async resolve(orgId: string, { id, name }: RoleReference, scope: AccessScope): Promise<string | null> {
    if (name === null) return id;
    const roles = await this.roles.listForOrg(orgId);
    const named = roleNamed(
      roles.filter(({ accessScope }) => accessScope === scope),
      name,
    );
    if (!named) throw new RoleNotFound(name);
    if (id !== null && id !== named.id)
      throw new InvalidRoleReference('role_name', 'role_id is the id of another role');
    return named.id;
  }

  async create(principal: OrgPrincipal, input: RoleInput): Promise<OrgRole> {
    const valid = validateRoleInput(input);
    return this.transaction.as(principal, async () => {
      const { orgId } = principal;
      const id = newId();
      await this.roles.insert({ ...valid, id, orgId, name: 'CUSTOM', accessScope: 'workspace' });
      await this.events.publish(new GroupNamesChanged(orgId, principal));
      await this.audit.record(principal, 'create_role', [id]);
      return this.getOrgRole(orgId, id);
    });
  }

  async update(principal: OrgPrincipal, id: string, input: RoleInput): Promise<OrgRole> {
    const changes = validateRoleInput(input);
    await this.getCustom(principal.orgId, id);
    return this.transaction.as(principal, async () => {
      if (!(await this.roles.update(principal.orgId, id, changes))) throw new RoleNotFound(id);
      await this.events.publish(new GroupNamesChanged(principal.orgId, principal));
      await this.audit.record(principal, 'update_role', [id]);
      return this.getOrgRole(principal.orgId, id);
    });
  }

  /**
   * For system roles, too. Idempotent; roles that are assigned already stay (docs/contract/roles.md#restricted-roles).
   *
   * @throws RoleNotFound or RoleCannotBeRestricted
   */
  setRestriction(principal: OrgPrincipal, id: string, isRestricted: boolean): Promise<OrgRole> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const { accessScope } = await this.getOrgRole(orgId, id);
      if (accessScope !== 'workspace') throw new RoleCannotBeRestricted();
      await (isRestricted ? this.roles.restrict(orgId, id) : this.roles.lift(orgId, id));
      await this.audit.record(principal, 'upsert_role_restriction', [id], {
        details: { is_restricted: isRestricted },
      });
      return this.getOrgRole(orgId, id);
    });
  }

  /** Returns the deleted role. Rejected while it is held; the roster lock prevents a concurrent grant. */
  async remove(principal: OrgPrincipal, id: string): Promise<OrgRole> {
    await this.getCustom(principal.orgId, id);
    return this.transaction.as(principal, async () => {
      const role = await this.getOrgRole(principal.orgId, id);
      if (!(await this.roles.remove(principal.orgId, id))) throw new RoleNotFound(id);
      await this.audit.record(principal, 'delete_role', [id]);
      return role;
    });
  }

  /** Writes the system roles of this version to the database at every start. */
  async installSystemRoles(): Promise<void> {
    await this.roles.upsertSystemRoles([...SYSTEM_ROLES_BY_ID.values()]);
  }

  private async getOrgRole(orgId: string, id: string): Promise<OrgRole> {
    const role = (await this.findOrgRoles(orgId, [id])).get(id);
    if (!role) throw new RoleNotFound(id);
    return role;
  }

  private async getCustom(orgId: string, id: string): Promise<Role> {
    const role = (await this.findByIds(orgId, [id])).get(id);
    if (!role) throw new RoleNotFound(id);
    if (role.orgId === null) throw new SystemRoleIsFixed();
    return role;
  }
}

const asRestrictedBy =
  (restricted: ReadonlySet<string>) =>
  (role: Role): OrgRole => ({ ...role, isRestricted: restricted.has(role.id) });

/** Names of groups may refer to other roles and workspaces now. Published inside the transaction. */
export class GroupNamesChanged {
  constructor(
    readonly orgId: string,
    readonly actor: Actor,
  ) {}
}
