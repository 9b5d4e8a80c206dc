import type { Problem } from '../../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../../common/errors/validation.errors.js';
import { required } from '../../../../common/required.js';
import type {
  ServiceAccount as ServiceAccountOnTheWire,
  ServiceAccountCreateRequest,
  ServiceAccountCreateResponse,
} from '../../../../contract/api-keys.js';
import { systemRole } from '../../../rbac/index.js';
import type { ServiceAccount } from '../../../service-accounts/index.js';
import type { NewServiceAccount } from './service-accounts.service.js';

/** No published operation changes a service account, so `updated_at` is the time of creation. */
export const toServiceAccount = (account: ServiceAccount): ServiceAccountOnTheWire => ({
  id: account.id,
  created_at: account.createdAt.toISOString(),
  updated_at: account.createdAt.toISOString(),
  name: account.name,
  organization_id: account.orgId,
  default_workspace_id: account.defaultWorkspaceId,
});

export const toNewServiceAccount = (account: ServiceAccount): ServiceAccountCreateResponse => ({
  ...toServiceAccount(account),
  organization_identity_id: account.identityId,
});

const MAX_NAME_LENGTH = 200; // characters

/** Without a role, the workspace role is Viewer, the lowest one; the published API names no default. */
export function fromServiceAccountRequest(body: ServiceAccountCreateRequest): NewServiceAccount {
  const name = body.name.trim();
  const workspaces = required(body.workspaces, 'the default of workspaces');
  const problems = [...nameProblems(name), ...repeatProblems(workspaces.map((row) => row.workspace_id))];
  if (problems.length > 0) throw new ValidationFailed(problems);
  const assignments = workspaces.map(({ workspace_id, role_id }) => ({
    workspaceId: workspace_id,
    roleId: role_id ?? systemRole('WORKSPACE_VIEWER').id,
  }));
  return { name, assignments };
}

function nameProblems(name: string): Problem[] {
  const loc = ['body', 'name'];
  if (name === '') return [{ loc, msg: 'String should not be blank', type: 'string_too_short' }];
  if (name.length <= MAX_NAME_LENGTH) return [];
  return [{ loc, msg: `String should have at most ${MAX_NAME_LENGTH} characters`, type: 'string_too_long' }];
}

/** Two roles for one workspace would be ambiguous. */
const repeatProblems = (workspaceIds: readonly string[]): Problem[] =>
  workspaceIds.flatMap((id, row) =>
    workspaceIds.indexOf(id) === row
      ? []
      : [
          {
            loc: ['body', 'workspaces', row, 'workspace_id'],
            msg: 'This workspace is named twice',
            type: 'value_error',
          },
        ],
  );
