import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../../common/access/access-limits.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { RolesService } from '../../roles/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { AssignmentsForbidden, AssignmentsNotFound } from './core/errors.js';

export type Assignment = { workspaceId: string; roleId: string };

/**
 * Limits the workspace roles that a caller may give to a new service account to what the caller holds there
 * (docs/contract/members.md#no-escalation).
 */
@Injectable()
export class Assignments {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly limits: AccessLimits,
  ) {}

  /**
   * Reports all invalid rows. A workspace or role of another organization counts as not found.
   *
   * @throws AssignmentsForbidden or AssignmentsNotFound, in the order of docs/contract/http.md#order-of-checks
   */
  async assertGrantable(principal: OrgPrincipal, assignments: readonly Assignment[]): Promise<void> {
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
      return excess ? [forbidden(row, excess.message)] : missing;
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

const notFound = (row: number, field: string, resource: string): Problem => ({
  loc: ['body', 'workspaces', row, field],
  msg: `There is no such ${resource} here`,
  type: 'not_found',
});

const forbidden = (row: number, msg: string): Problem => ({
  loc: ['body', 'workspaces', row, 'role_id'],
  msg,
  type: 'forbidden',
});
