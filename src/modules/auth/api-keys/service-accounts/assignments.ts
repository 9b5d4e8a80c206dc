import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import type { Problem } from '../../../../common/errors/domain-error.js';
import { type HeldPermissions, WorkspacePermissions } from '../../../user-groups/index.js';
import {
  isOutOfReach,
  mayGrant,
  type OrgRole,
  restrictedRoleText,
  RolesService,
} from '../../../rbac/index.js';
import { type Workspace, WorkspacesService } from '../../../workspaces/index.js';
import { AssignmentsForbidden, AssignmentsNotFound } from './service-accounts.errors.js';

export type Assignment = { workspaceId: string; roleId: string };

type Refusal = { kind: 'forbidden' | 'not-found'; problem: Problem };
type AssignmentContext = {
  workspaces: ReadonlyMap<string, Workspace>;
  roles: ReadonlyMap<string, OrgRole>;
  held: ReadonlyMap<string, HeldPermissions>;
};

/**
 * Limits the workspace roles that a caller may give to a service account to those that the caller's own role there
 * includes (docs/contract/members.md#no-escalation).
 */
@Injectable()
export class Assignments {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly rights: WorkspacePermissions,
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
    const workspaces = await this.workspaces.findByIds(principal.orgId, workspaceIds);
    return {
      workspaces,
      roles: await this.roles.findOrgRoles(principal.orgId, roleIds),
      held: await this.rights.findHeld(principal, [...workspaces.keys()]),
    };
  }
}

function refusalsOf({ workspaceId, roleId }: Assignment, row: number, context: AssignmentContext): Refusal[] {
  const found = context.roles.get(roleId);
  const role = found?.accessScope === 'workspace' ? found : undefined;
  const held = context.held.get(workspaceId);
  const refusals: Refusal[] = [];
  if (!context.workspaces.has(workspaceId)) refusals.push(notFound(row, 'workspace_id', 'workspace'));
  if (!role) refusals.push(notFound(row, 'role_id', 'workspace role'));
  if (role && held && !mayGrant(held, role.permissions))
    refusals.push(forbidden(row, `The role ${role.displayName} allows more than you hold in this workspace`));
  else if (role && held && isOutOfReach(held, role))
    refusals.push(forbidden(row, restrictedRoleText(role.displayName)));
  return refusals;
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
