import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../../common/access/access-limits.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { RolesService } from '../../roles/index.js';
import { type ServiceAccount, ServiceAccountsRepository } from '../../service-accounts/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { AssignmentsForbidden, AssignmentsNotFound, ServiceAccountNotFound } from './core/errors.js';

type Assignment = { workspaceId: string; roleId: string };
export type NewServiceAccount = { name: string; assignments: Assignment[] };

/** Named principals of an organization. The published API does not relate them to service keys. */
@Injectable()
export class ServiceAccountsService {
  constructor(
    private readonly accounts: ServiceAccountsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly limits: AccessLimits,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  list(orgId: string): Promise<ServiceAccount[]> {
    return this.accounts.list(orgId);
  }

  /** Under the roster lock, so that workspaces, roles and the caller's rights cannot change before the insert. */
  create(principal: OrgPrincipal, { name, assignments }: NewServiceAccount): Promise<ServiceAccount> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      await this.assertGrantable(principal, assignments);
      const defaultWorkspaceId = assignments[0]?.workspaceId ?? null;
      const named = { id: newId(), orgId, name, identityId: newId(), defaultWorkspaceId };
      const account = await this.accounts.insert(
        named,
        assignments.map((assignment) => ({ ...assignment, orgId, serviceAccountId: named.id })),
      );
      await this.audit.record(principal, 'create_service_account', [account.id]);
      return account;
    });
  }

  /** Returns the deleted account. Allowed with any of its roles, because deletion grants nothing. */
  remove(principal: OrgPrincipal, id: string): Promise<ServiceAccount> {
    return this.transaction.as(principal, async () => {
      const account = await this.accounts.find(principal.orgId, id);
      if (!account || !(await this.accounts.remove(principal.orgId, id))) throw new ServiceAccountNotFound();
      await this.audit.record(principal, 'delete_service_account', [id]);
      return account;
    });
  }

  /**
   * Limits what the caller gives to what they hold in each workspace (docs/contract/members.md#no-escalation). Reports all invalid rows.
   *
   * @throws AssignmentsForbidden or AssignmentsNotFound, in the order of docs/contract/http.md#order-of-checks
   */
  private async assertGrantable(principal: OrgPrincipal, assignments: readonly Assignment[]): Promise<void> {
    if (assignments.length === 0) return;
    const { orgId } = principal;
    const workspaceIds = assignments.map(({ workspaceId }) => workspaceId);
    const workspaces = await this.workspaces.findByIds(orgId, workspaceIds);
    const roles = await this.roles.findByIds(orgId, unique(assignments.map(({ roleId }) => roleId)));
    const hasRole = ({ roleId }: Assignment) => roles.get(roleId)?.accessScope === 'workspace';
    const excessOf = await this.limits.load(principal, assignments.filter(hasRole).map(toChange));
    const problems = assignments.flatMap((assignment, row) => {
      const missing = [
        ...(workspaces.has(assignment.workspaceId) ? [] : [notFound(row, 'workspace_id', 'workspace')]),
        ...(hasRole(assignment) ? [] : [notFound(row, 'role_id', 'workspace role')]),
      ];
      const excess = missing.length === 0 ? excessOf(toChange(assignment)) : null;
      return excess ? [problemOf(row, 'role_id', excess.message, 'forbidden')] : missing;
    });
    if (problems.length === 0) return;
    const isForbidden = problems.some(({ type }) => type === 'forbidden');
    throw isForbidden ? new AssignmentsForbidden(problems) : new AssignmentsNotFound(problems);
  }
}

const toChange = ({ workspaceId, roleId }: Assignment) => ({
  subject: { roleId: null, name: 'the service account' },
  workspaceId,
  roleId,
});

const notFound = (row: number, field: string, resource: string): Problem =>
  problemOf(row, field, `There is no such ${resource} here`, 'not_found');

export const problemOf = (row: number, field: string, msg: string, type: string): Problem => ({
  loc: ['body', 'workspaces', row, field],
  msg,
  type,
});
