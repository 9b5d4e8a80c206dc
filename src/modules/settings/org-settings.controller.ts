import { Body, Controller, Get, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { PlatformErrors, Refuses, ReturnsJson } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { Organization, OrganizationInfo, OrganizationUpdate } from '../../contract/organizations.js';
import { PlatformOrganizationInfo } from '../../contract/platform-organizations.js';
import { MoveDefaultOrg } from './move-default-org.js';
import { OrganizationUpdatePipe } from './organization-update.pipe.js';
import {
  fromOrganizationUpdate,
  inviteSwitchWarning,
  toOrganization,
  toOrganizationInfo,
  toPlatformOrganizationInfo,
} from './org-settings.mapper.js';
import { OrgSettingsService } from './org-settings.service.js';
import { ORGANIZATION } from './org-view.statements.js';
import { ViewOrgSettings } from './view-org-settings.js';

@Controller()
export class OrgSettingsController {
  constructor(
    private readonly views: ViewOrgSettings,
    private readonly settings: OrgSettingsService,
    private readonly moveDefaultOrg: MoveDefaultOrg,
  ) {}

  @Get('api/v1/orgs/current')
  @ApiTags('orgs')
  @OrgQuery('organization:read', Organization, { reads: ORGANIZATION })
  getOrganizationInfo(@CurrentPrincipal() principal: OrgPrincipal) {
    return this.views.show(principal, toOrganization);
  }

  @Get('api/v1/orgs/current/info')
  @ApiTags('orgs')
  @OrgQuery('organization:read', OrganizationInfo, { reads: ORGANIZATION })
  getCurrentOrganizationInfo(@CurrentPrincipal() principal: OrgPrincipal) {
    return this.views.show(principal, toOrganizationInfo);
  }

  @Patch('api/v1/orgs/current/info')
  @ApiTags('orgs')
  @OrgCommand('organization:manage', 'update_organization_info', OrganizationInfo)
  @Refuses(
    'allowlist_excludes_caller',
    'key_creation_switch_needs_session',
    'last_admin_required',
    'only_admins_change_allowlist',
    'only_admins_change_group_separator',
    'only_admins_require_sign_in',
    'only_admins_switch_scim_roles',
    'own_sign_in_insufficient',
    'token_of_weaker_sign_in',
    'sign_in_requirement_needs_sso',
  )
  async updateCurrentOrganizationInfo(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(OrganizationUpdatePipe) body: OrganizationUpdate,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const view = await this.settings.update(principal, fromOrganizationUpdate(body));
    const warning = inviteSwitchWarning(body, view);
    if (warning) void reply.header('warning', warning);
    return toOrganizationInfo(view);
  }

  @Post('api/v1/orgs/current/set-default-sso-provision')
  @ApiTags('orgs')
  @OrgCommand('organization:manage', 'update_default_sso_provision_organization')
  @ReturnsJson({ type: 'object', additionalProperties: true })
  @Refuses('default_org_change_forbidden', 'personal_org_cannot_be_default')
  async setDefaultSsoProvision(@CurrentPrincipal() principal: OrgPrincipal) {
    await this.moveDefaultOrg.run(principal);
    return { organization_id: principal.orgId, default_sso_provision: true };
  }

  @Get('v1/platform/orgs/current/info')
  @ApiTags('Organizations')
  @OrgQuery('organization:read', PlatformOrganizationInfo, { reads: ORGANIZATION })
  @PlatformErrors(400, 401, 500)
  platformOrganizationInfo(@CurrentPrincipal() principal: OrgPrincipal) {
    return this.views.show(principal, toPlatformOrganizationInfo);
  }
}
