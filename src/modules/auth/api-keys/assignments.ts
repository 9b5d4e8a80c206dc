import { Injectable } from '@nestjs/common';
import { AccessLimits, type ExcessOf } from '../../../common/access/access-limits.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { type Role, RolesService } from '../../roles/index.js';
import { type Workspace, WorkspacesService } from '../../workspaces/index.js';
import { AssignmentsForbidden, AssignmentsNotFound } from './core/errors.js';

export type Assignment = { workspaceId: string; roleId: string };

type Refusal = { kind: 'forbidden' | 'not-found'; problem: Problem };
type AssignmentContext = {
  workspaces: ReadonlyMap<string, Workspace>;
  roles: ReadonlyMap<string, Role>;
  excessOf: ExcessOf;
};

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
    const context = await this.load(principal, assignments);
    const refusals = assignments.flatMap((assignment, row) => refusalsOf(assignment, row, context));
    if (refusals.length === 0) return;
    const problems = refusals.map(({ problem }) => problem);
    const isForbidden = refusals.some(({ kind }) => kind === 'forbidden');
    throw isForbidden ? new AssignmentsForbidden(problems) : new AssignmentsNotFound(problems);
  }

  private async load(
    principal: OrgPrincipal,
    assignments: readonly Assignment[],
  ): Promise<AssignmentContext> {
    const workspaceIds = assignments.map(({ workspaceId }) => workspaceId);
    const roleIds = [...new Set(assignments.map(({ roleId }) => roleId))];
    const roles = await this.roles.findByIds(principal.orgId, roleIds);
    const known = assignments.filter(({ roleId }) => roles.has(roleId));
    return {
      workspaces: await this.workspaces.findByIds(principal.orgId, workspaceIds),
      roles,
      excessOf: await this.limits.load(principal, known.map(toChange)),
    };
  }
}

const toChange = ({ workspaceId, roleId }: Assignment) => ({
  subject: { roleId: null, name: 'the service account' },
  workspaceId,
  roleId,
});

function refusalsOf(
  assignment: Assignment,
  row: number,
  { workspaces, roles, excessOf }: AssignmentContext,
): Refusal[] {
  const isKnownWorkspace = workspaces.has(assignment.workspaceId);
  const isKnownRole = roles.get(assignment.roleId)?.accessScope === 'workspace';
  const excess = isKnownWorkspace && isKnownRole ? excessOf(toChange(assignment)) : null;
  return [
    ...(isKnownWorkspace ? [] : [notFound(row, 'workspace_id', 'workspace')]),
    ...(isKnownRole ? [] : [notFound(row, 'role_id', 'workspace role')]),
    ...(excess ? [forbidden(row, excess.message)] : []),
  ];
}

const notFound = (row: number, field: string, resource: string): Refusal => ({
  kind: 'not-found',
  problem: { loc: locate(row, field), msg: `There is no such ${resource} here`, type: 'not_found' },
});

const forbidden = (row: number, msg: string): Refusal => ({
  kind: 'forbidden',
  problem: { loc: locate(row, 'role_id'), msg, type: 'forbidden' },
});

const locate = (row: number, field: string) => ['body', 'workspaces', row, field];
