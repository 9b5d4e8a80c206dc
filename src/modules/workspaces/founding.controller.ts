import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { SignedIn } from '../../common/access/access-rule.js';
import { CurrentPrincipal } from '../../common/access/current-principal.js';
import type { UserPrincipal } from '../../common/access/principal.js';
import { Returns } from '../../common/http/returns.js';
import { ApiTags } from '../../common/http/swagger.js';
import {
  ListOrganizations,
  OrganizationCreate,
  OrganizationPGSchemaSlim,
} from '../../contract/organizations.js';
import { ListTenants, Tenant, TenantCreate, TenantForUser } from '../../contract/workspaces.js';
import { Audited } from '../audit/index.js';
import { toOrganizationSlim } from '../orgs/index.js';
import { FoundingGuard } from './founding.guard.js';
import { FoundingService } from './founding.service.js';
import { fromOrganizationCreate, fromTenantCreate, toTenant, toTenantForUser } from './workspace.mapper.js';

/** The routes that make organizations, or may do so in passing. */
@Controller('api/v1')
export class FoundingController {
  constructor(private readonly founding: FoundingService) {}

  @Get('orgs')
  @ApiTags('orgs')
  @SignedIn()
  @Returns([OrganizationPGSchemaSlim])
  async listOrganizations(@CurrentPrincipal() principal: UserPrincipal, @Query() query: ListOrganizations) {
    const orgs = await this.founding.listOrgs(principal, { mayCreate: !query.skip_create });
    return orgs.map(toOrganizationSlim);
  }

  @Post('orgs')
  @ApiTags('orgs')
  @SignedIn()
  @UseGuards(FoundingGuard)
  @Audited('create_organization')
  @Returns(OrganizationPGSchemaSlim)
  async createOrganization(@CurrentPrincipal() principal: UserPrincipal, @Body() body: OrganizationCreate) {
    const { org } = await this.founding.create(principal, fromOrganizationCreate(body));
    return toOrganizationSlim(org);
  }

  @Get('tenants')
  @ApiTags('tenant')
  @SignedIn()
  @Returns([TenantForUser])
  async listTenants(@CurrentPrincipal() principal: UserPrincipal, @Query() query: ListTenants) {
    const options = { mayCreate: !query.skip_create, includeDeleted: query.include_deleted ?? false };
    return (await this.founding.listWorkspaces(principal, options)).map(toTenantForUser);
  }

  @Post('tenants')
  @ApiTags('tenant')
  @SignedIn()
  @UseGuards(FoundingGuard)
  @Audited('create_tenant')
  @Returns(Tenant)
  async createTenant(@CurrentPrincipal() principal: UserPrincipal, @Body() body: TenantCreate) {
    return toTenant(await this.founding.create(principal, fromTenantCreate(body)));
  }
}
