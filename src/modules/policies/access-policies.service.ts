import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail, unchangedFacts } from '../audit/index.js';
import { RoleNotFound, RolesService } from '../roles/index.js';
import { AccessPolicyLimitReached, AccessPolicyNotFound, InvalidAccessPolicy } from './errors.js';
import {
  AccessPoliciesRepository,
  type AttachedPolicy,
  type PolicyContent,
} from './access-policies.repository.js';

/** Lists are not paged, and a decision evaluates all policies of a role, so their number is limited. */
const POLICIES_PER_ORG = 100;

const ROLE_IN_PATH = () => ['path', 'role_id'];
const NO_WORKSPACE_ROLE = { msg: 'Policies are attached to workspace roles only', type: 'value_error' };

@Injectable()
export class AccessPoliciesService {
  constructor(
    private readonly policies: AccessPoliciesRepository,
    private readonly roles: RolesService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  list(orgId: string): Promise<AttachedPolicy[]> {
    return this.policies.list(orgId);
  }

  async get(orgId: string, id: string): Promise<AttachedPolicy> {
    const [found] = await this.policies.listByIds(orgId, [id]);
    if (!found) throw new AccessPolicyNotFound();
    return found;
  }

  /** Returns the id of the new policy. The roster lock enforces the limit for concurrent requests. */
  create(principal: OrgPrincipal, input: PolicyContent, roleIds: readonly string[]): Promise<string> {
    const { orgId } = principal;
    const id = newId();
    return this.transaction.as(principal, async () => {
      if ((await this.policies.count(orgId)) >= POLICIES_PER_ORG)
        throw new AccessPolicyLimitReached(POLICIES_PER_ORG);
      await this.assertWorkspaceRoles(orgId, roleIds, (index) => ['body', 'role_ids', index]);
      await this.policies.insert({ ...input, id, orgId });
      if (roleIds.length > 0) await this.policies.attach([id], roleIds);
      await this.audit.record(principal, 'create_access_policy', [id]);
      return id;
    });
  }

  /** Replaces the given parts; the attachments stay. */
  update(principal: OrgPrincipal, id: string, changes: Partial<PolicyContent>): Promise<AttachedPolicy> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      if (!(await this.policies.update(orgId, id, changes))) throw new AccessPolicyNotFound();
      await this.audit.record(principal, 'update_access_policy', [id]);
      return this.get(orgId, id);
    });
  }

  attach(principal: OrgPrincipal, roleId: string, policyIds: readonly string[]): Promise<void> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      await this.assertWorkspaceRoles(orgId, [roleId], ROLE_IN_PATH);
      const found = await this.policies.listByIds(orgId, policyIds);
      if (found.length < new Set(policyIds).size) throw new AccessPolicyNotFound();
      const attached = await this.policies.attach(policyIds, [roleId]);
      await this.audit.record(principal, 'attach_access_policies', [roleId, ...policyIds], {
        details: unchangedFacts(policyIds, attached),
      });
    });
  }

  /** Does nothing for policies that are not attached to the role. */
  detach(principal: OrgPrincipal, roleId: string, policyIds: readonly string[]): Promise<void> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      await this.assertWorkspaceRoles(orgId, [roleId], ROLE_IN_PATH);
      const detached = await this.policies.detach(orgId, policyIds, roleId);
      if (detached.length === 0) return;
      await this.audit.record(principal, 'detach_access_policies', [roleId, ...detached]);
    });
  }

  /** Does nothing if the policy does not exist: the published operation has no 404. */
  async remove(principal: OrgPrincipal, id: string): Promise<void> {
    await this.transaction.as(principal, async () => {
      if (!(await this.policies.remove(principal.orgId, id))) return;
      await this.audit.record(principal, 'delete_access_policy', [id]);
    });
  }

  /** Organization roles hold no permission in workspaces, so no policy can be attached to them. */
  private async assertWorkspaceRoles(
    orgId: string,
    ids: readonly string[],
    locOf: (index: number) => Problem['loc'],
  ): Promise<void> {
    const roles = await this.roles.findByIds(orgId, ids);
    const unknown = ids.find((id) => !roles.has(id));
    if (unknown !== undefined) throw new RoleNotFound(unknown);
    const problems = ids.flatMap((id, index) =>
      roles.get(id)?.accessScope === 'workspace' ? [] : [{ loc: locOf(index), ...NO_WORKSPACE_ROLE }],
    );
    if (problems.length > 0) throw new InvalidAccessPolicy(problems);
  }
}
