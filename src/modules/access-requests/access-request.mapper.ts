import { ValidationFailed } from '../../common/errors/errors.js';
import { toInstant } from '../../common/http/operations/instant.js';
import type {
  AccessRequest,
  AccessRequestPerson,
  AccessTarget as TargetResponse,
  ApproveAccessRequest,
  CreateAccessRequest,
} from '../../contract/access-requests.js';
import type { DescribedAccessRequest } from './access-requests.service.js';
import type { AskedFor } from './asking/make-access-request.js';
import type { ListedAccessRequest } from './core/access-requests.read-model.js';
import type { AccessTarget } from './core/access-targets.read-model.js';
import type { Approval } from './deciding/approval-terms.js';

/** @throws ValidationFailed unless it names a workspace or a user group, the latter without a role */
export function fromCreateAccessRequest(body: CreateAccessRequest): AskedFor {
  const { workspace_id: workspaceId, user_group_id: userGroupId, role_id: roleId } = body;
  const asked = { reason: body.reason, durationSeconds: body.duration_seconds };
  if (workspaceId === undefined) {
    if (userGroupId === undefined) throw invalid('workspace_id', 'Name a workspace or a user group');
    if (roleId !== undefined) throw invalid('role_id', 'Only a workspace has a role');
    return { ...asked, kind: 'group', id: userGroupId };
  }
  if (userGroupId !== undefined) throw invalid('user_group_id', 'Name a workspace or a user group, not both');
  return { ...asked, kind: 'workspace', id: workspaceId, roleId: roleId ?? null };
}

const invalid = (field: string, msg: string) =>
  new ValidationFailed([{ loc: ['body', field], msg, type: 'value_error' }]);

export const fromApproval = ({
  role_id: roleId,
  access_expires_at: end,
}: ApproveAccessRequest): Approval => ({
  ...(roleId === undefined ? {} : { roleId }),
  ...(end === undefined ? {} : { accessExpiresAt: end === null ? null : toInstant(end) }),
});

export const toAccessRequest = ({ request, isOwn, canDecide }: DescribedAccessRequest): AccessRequest => ({
  id: request.id,
  kind: request.userGroupId === null ? (request.fromRoleId === null ? 'workspace' : 'role') : 'group',
  workspace_id: request.workspaceId,
  workspace_name: request.workspaceName,
  role_id: request.roleId,
  role_name: request.roleName,
  from_role_name: request.fromRoleName,
  user_group_id: request.userGroupId,
  user_group_name: request.userGroupName,
  reason: request.reason,
  duration_seconds: request.durationSeconds,
  state: request.state,
  requester: toPerson(request.requester),
  is_own: isOwn,
  can_decide: canDecide,
  created_at: request.createdAt.toISOString(),
  expires_at: request.expiresAt.toISOString(),
  decided_at: request.decidedAt?.toISOString() ?? null,
  decided_by: request.decidedBy && toPerson(request.decidedBy),
  decided_role_id: request.decidedRoleId,
  decided_role_name: request.decidedRoleName,
  access_expires_at: request.accessExpiresAt?.toISOString() ?? null,
  decline_reason: request.declineReason,
});

const toPerson = ({ userId, email, fullName }: ListedAccessRequest['requester']): AccessRequestPerson => ({
  ls_user_id: userId,
  email,
  full_name: fullName,
});

export const toAccessTarget = (target: AccessTarget): TargetResponse => ({
  kind: target.kind,
  id: target.id,
  name: target.name,
  description: target.description,
  is_member: target.isMember,
  role_id: target.roleId,
  role_name: target.roleName,
  open_request_id: target.openRequestId,
  is_managed_by_provider: target.isManagedByProvider,
});
