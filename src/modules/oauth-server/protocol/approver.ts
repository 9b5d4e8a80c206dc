import type { UserPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { ApprovalForAnotherOrganization, InvalidProtocolRequest } from '../core/errors.js';
import type { Approver } from './approval-rules.js';
import { optional, type Parameters, requiredParameter } from './form.js';

/** @throws InvalidProtocolRequest or ApprovalForAnotherOrganization */
export function approverIn(principal: UserPrincipal, form: Parameters): Approver {
  const orgId = requiredParameter(form, 'organization_id').toLowerCase();
  if (principal.orgId !== orgId) throw new ApprovalForAnotherOrganization();
  return { ...principal, orgId };
}

/** @throws InvalidProtocolRequest */
export function workspaceOf(form: Parameters): string | null {
  const workspaceId = optional(form, 'workspace_id');
  if (workspaceId !== null && !UUID.test(workspaceId))
    throw new InvalidProtocolRequest('workspace_id must be a UUID.');
  return workspaceId?.toLowerCase() ?? null;
}
