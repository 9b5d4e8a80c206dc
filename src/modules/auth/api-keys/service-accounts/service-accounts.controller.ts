import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { RequirePermission } from '../../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { PathUuid } from '../../../../common/http/path-uuid.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Returns } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import {
  ServiceAccount,
  ServiceAccountCreateRequest,
  ServiceAccountCreateResponse,
  ServiceAccountDeleteResponse,
} from '../../../../contract/api-keys.js';
import { Audited } from '../../../audit/index.js';
import {
  fromServiceAccountRequest,
  toNewServiceAccount,
  toServiceAccount,
} from './service-account.mapper.js';
import { ServiceAccountsService } from './service-accounts.service.js';

@ApiTags('service-accounts')
@Controller('api/v1/service-accounts')
export class ServiceAccountsController {
  constructor(private readonly accounts: ServiceAccountsService) {}

  @Get()
  @RequirePermission('organization:read')
  @Returns([ServiceAccount])
  async getServiceAccounts(@CurrentPrincipal() { orgId }: OrgPrincipal) {
    return (await this.accounts.list(orgId)).map(toServiceAccount);
  }

  @Post()
  @RequirePermission('organization:manage')
  @Audited('create_service_account')
  @Returns(ServiceAccountCreateResponse)
  @Refuses('assignments_forbidden', 'assignments_not_found', 'service_account_name_taken')
  async createServiceAccount(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body() body: ServiceAccountCreateRequest,
  ) {
    return toNewServiceAccount(await this.accounts.create(principal, fromServiceAccountRequest(body)));
  }

  @Delete(':service_account_id')
  @RequirePermission('organization:manage')
  @Audited('delete_service_account')
  @Returns(ServiceAccountDeleteResponse)
  @Refuses('service_account_not_found')
  async deleteServiceAccount(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('service_account_id') id: string,
  ) {
    return toServiceAccount(await this.accounts.remove(principal, id));
  }
}
