import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { insertUnlessTaken, mapViolations } from '../../database/transactions/constraint-violation.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { RoleNotFound } from '../roles/index.js';
import { AccessPolicyNameTaken, AccessPolicyNotFound } from './errors.js';
import { AccessPolicy, AccessPolicyRole } from './entities.js';

export type PolicyContent = Pick<AccessPolicy, 'name' | 'description' | 'effect' | 'conditionGroups'>;
export type AttachedPolicy = { policy: AccessPolicy; roleIds: string[] };

/** Sets the change time of the policies that were not attached before, and returns their ids. */
const ATTACH = named('access_policies_attach')`
  with attached as (
    insert into access_policy_roles (access_policy_id, role_id)
    select policy_id, role_id from unnest($1::uuid[]) policy_id, unnest($2::uuid[]) role_id
    on conflict do nothing returning access_policy_id)
  update access_policies set updated_at = now() where id in (select access_policy_id from attached)
  returning id`;

/** Sets the change time of the policies that were attached, and returns their ids. */
const DETACH = named('access_policies_detach')`
  with detached as (
    delete from access_policy_roles using access_policies p
    where p.id = access_policy_id and p.org_id = $1 and role_id = $2 and access_policy_id = any($3::uuid[])
    returning access_policy_id)
  update access_policies set updated_at = now() where id in (select access_policy_id from detached)
  returning id`;

/** A foreign key violation: the policy or a role was deleted concurrently. */
const ROLE_DELETED = (roleIds: readonly string[]) => ({
  access_policy_roles_access_policy_id_fkey: () => new AccessPolicyNotFound(),
  access_policy_roles_role_id_fkey: () => new RoleNotFound(roleIds.join(', ')),
});

const NAME_TAKEN = { access_policies_name_is_unique_in_org: () => new AccessPolicyNameTaken() };

const OLDEST_FIRST = { createdAt: 'ASC', id: 'ASC' } as const;

@Injectable()
export class AccessPoliciesRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get policies() {
    return this.transaction.manager.getRepository(AccessPolicy);
  }

  async list(orgId: string): Promise<AttachedPolicy[]> {
    return this.withRoles(await this.policies.find({ where: { orgId }, order: OLDEST_FIRST }));
  }

  async listByIds(orgId: string, ids: readonly string[]): Promise<AttachedPolicy[]> {
    return this.withRoles(await this.policies.findBy({ orgId, id: In([...ids]) }));
  }

  count(orgId: string): Promise<number> {
    return this.policies.countBy({ orgId });
  }

  async insert(policy: Omit<AccessPolicy, 'createdAt' | 'updatedAt'>): Promise<void> {
    if (!(await insertUnlessTaken(this.policies, policy))) throw new AccessPolicyNameTaken();
  }

  /** False if the organization has no such policy. @throws AccessPolicyNameTaken */
  async update(orgId: string, id: string, changes: Partial<PolicyContent>): Promise<boolean> {
    const updated = this.policies.update({ orgId, id }, { ...changes, updatedAt: () => 'now()' });
    return (await mapViolations(updated, NAME_TAKEN)).affected === 1;
  }

  /** Attaches each policy to each role; existing attachments stay. The ids of those that a role did not have. */
  async attach(policyIds: readonly string[], roleIds: readonly string[]): Promise<string[]> {
    const attached = this.sql.rows<{ id: string }>(ATTACH, [policyIds, roleIds]);
    return (await mapViolations(attached, ROLE_DELETED(roleIds))).map(({ id }) => id);
  }

  async detach(orgId: string, policyIds: readonly string[], roleId: string): Promise<string[]> {
    const rows = await this.sql.rows<{ id: string }>(DETACH, [orgId, roleId, policyIds]);
    return rows.map(({ id }) => id);
  }

  /** False if the organization has no such policy. */
  async remove(orgId: string, id: string): Promise<boolean> {
    const { affected } = await this.policies.delete({ orgId, id });
    return affected === 1;
  }

  private async withRoles(policies: AccessPolicy[]): Promise<AttachedPolicy[]> {
    if (policies.length === 0) return [];
    const accessPolicyId = In(policies.map(({ id }) => id));
    const rows = await this.transaction.manager.find(AccessPolicyRole, {
      where: { accessPolicyId },
      order: { createdAt: 'ASC', roleId: 'ASC' },
    });
    const rolesOf = Map.groupBy(rows, (row) => row.accessPolicyId);
    return policies.map((policy) => ({
      policy,
      roleIds: (rolesOf.get(policy.id) ?? []).map(({ roleId }) => roleId),
    }));
  }
}
