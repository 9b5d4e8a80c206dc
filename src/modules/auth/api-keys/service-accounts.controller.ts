import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { required } from '../../../common/collections.js';
import {
  ServiceAccount,
  ServiceAccountCreateRequest,
  ServiceAccountCreateResponse,
  ServiceAccountDeleteResponse,
} from '../../../contract/api-keys.js';
import { systemRole } from '../../roles/index.js';
import type { ServiceAccount as StoredServiceAccount } from '../../service-accounts/index.js';
import { type NewServiceAccount, problemOf, ServiceAccountsService } from './service-accounts.service.js';

@ApiTags('service-accounts')
@Controller('api/v1/service-accounts')
export class ServiceAccountsController {
  constructor(private readonly accounts: ServiceAccountsService) {}

  @Get()
  @OrgQuery('organization:read', [ServiceAccount])
  async getServiceAccounts(@CurrentPrincipal() { orgId }: OrgPrincipal) {
    return (await this.accounts.list(orgId)).map(toServiceAccount);
  }

  @Post()
  @OrgCommand('organization:manage', 'create_service_account', ServiceAccountCreateResponse)
  @Refuses('assignments_forbidden', 'assignments_not_found', 'service_account_name_taken')
  async createServiceAccount(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body() body: ServiceAccountCreateRequest,
  ) {
    return toNewServiceAccount(await this.accounts.create(principal, fromServiceAccountRequest(body)));
  }

  @Delete(':service_account_id')
  @OrgCommand('organization:manage', 'delete_service_account', ServiceAccountDeleteResponse)
  @Refuses('service_account_not_found')
  async deleteServiceAccount(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('service_account_id') id: string,
  ) {
    return toServiceAccount(await this.accounts.remove(principal, id));
  }
}

/** No published operation changes a service account, so `updated_at` is the time of creation. */
const toServiceAccount = (account: StoredServiceAccount): ServiceAccount => ({
  id: account.id,
  created_at: account.createdAt.toISOString(),
  updated_at: account.createdAt.toISOString(),
  name: account.name,
  organization_id: account.orgId,
  default_workspace_id: account.defaultWorkspaceId,
});

const toNewServiceAccount = (account: StoredServiceAccount): ServiceAccountCreateResponse => ({
  ...toServiceAccount(account),
  organization_identity_id: account.identityId,
});

const MAX_NAME_LENGTH = 200; // characters

/** Without a role, the workspace role is Viewer, the lowest one; the published API names no default. */
function fromServiceAccountRequest(body: ServiceAccountCreateRequest): NewServiceAccount {
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
      : [problemOf(row, 'workspace_id', 'This workspace is named twice', 'value_error')],
  );
