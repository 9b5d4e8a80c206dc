import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal, OwnCommand, OwnQuery } from '../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../common/access/principal.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { listReply } from '../../common/lists/list.reply.js';
import {
  ListOrganizations,
  OrganizationCreate,
  OrganizationPGSchemaSlim,
} from '../../contract/organizations.js';
import { ListTenants, Tenant, TenantCreate, TenantForUser } from '../../contract/workspaces.js';
import { toOrganizationSlim } from '../orgs/index.js';
import { OrganizationCreationGuard } from './organization-creation.guard.js';
import { OrganizationCreationService } from './organization-creation.service.js';
import { fromOrganizationCreate, fromTenantCreate, toTenant, toTenantForUser } from './workspace.mapper.js';

/** Creates organizations, also by lists that create a personal one. */
@Controller('api/v1')
export class OrganizationCreationController {
  constructor(private readonly organizations: OrganizationCreationService) {}

  @Get('orgs')
  @ApiTags('orgs')
  @OwnQuery([OrganizationPGSchemaSlim])
  @Refuses('too_many_large_lists')
  async listOrganizations(@CurrentPrincipal() principal: UserPrincipal, @Query() query: ListOrganizations) {
    const orgs = await this.organizations.listOrgs(principal, { mayCreate: !query.skip_create });
    return listReply(orgs.map(toOrganizationSlim));
  }

  @Post('orgs')
  @ApiTags('orgs')
  @OwnCommand('create_organization', OrganizationPGSchemaSlim)
  @UseGuards(OrganizationCreationGuard)
  @Refuses(
    'one_organization_with_passwords',
    'org_creation_disabled',
    'personal_org_exists',
    'personal_orgs_disabled',
  )
  async createOrganization(@CurrentPrincipal() principal: UserPrincipal, @Body() body: OrganizationCreate) {
    const { org } = await this.organizations.create(principal, fromOrganizationCreate(body));
    return toOrganizationSlim(org);
  }

  @Get('tenants')
  @ApiTags('tenant')
  @OwnQuery([TenantForUser])
  @Refuses('too_many_large_lists')
  async listTenants(@CurrentPrincipal() principal: UserPrincipal, @Query() query: ListTenants) {
    const options = { mayCreate: !query.skip_create, includeDeleted: query.include_deleted ?? false };
    const workspaces = await this.organizations.listWorkspaces(principal, options);
    return listReply(workspaces.map(toTenantForUser));
  }

  @Post('tenants')
  @ApiTags('tenant')
  @OwnCommand('create_tenant', Tenant)
  @UseGuards(OrganizationCreationGuard)
  @Refuses(
    'handle_taken',
    'invalid_handle',
    'one_organization_with_passwords',
    'org_creation_disabled',
    'workspace_id_taken',
  )
  async createTenant(@CurrentPrincipal() principal: UserPrincipal, @Body() body: TenantCreate) {
    return toTenant(await this.organizations.create(principal, fromTenantCreate(body)));
  }
}
