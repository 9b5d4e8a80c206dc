import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import type {
  ServiceAccount as ServiceAccountOnTheWire,
  ServiceAccountCreateRequest,
  ServiceAccountCreateResponse,
} from '../../../contract/service-accounts.js';
import { systemRole } from '../../rbac/index.js';
import type { ServiceAccount } from './service-account.entity.js';
import type { NewServiceAccount } from './service-accounts.service.js';

/** Nothing published changes one, so it was last updated when it was made. */
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

/** Without a role it is Viewer in a workspace, the least there is: no source names a default. */
export function fromServiceAccountRequest(body: ServiceAccountCreateRequest): NewServiceAccount {
  const name = body.name.trim();
  const workspaces = body.workspaces!; // the class gives it a default
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

/** Which of two roles in one workspace was meant, nobody can say. */
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
