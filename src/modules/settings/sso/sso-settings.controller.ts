import { Body, Controller, Delete, Get, HttpStatus, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses, Returns } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { SSOProvider, SSOSettingsCreate, SSOSettingsUpdate } from '../../../contract/sso-settings.js';
import { Audited } from '../../audit/index.js';
import { OrgAdminsOnly } from '../../roles/index.js';
import { SsoSettingsPipe } from './sso-settings.pipe.js';
import { OnlyAdminsChangeSso } from './errors.js';
import { fromSsoSettingsCreate, fromSsoSettingsUpdate, toSsoProvider } from './sso-settings.mapper.js';
import { SsoSettingsService } from './sso-settings.service.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/sso-settings')
export class SsoSettingsController {
  constructor(private readonly settings: SsoSettingsService) {}

  @Get()
  @RequirePermission('organization:read')
  @Returns([SSOProvider])
  async getCurrentSsoSettings(@CurrentPrincipal() principal: OrgPrincipal) {
    return (await this.settings.list(principal.orgId)).map(toSsoProvider);
  }

  @Post()
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsChangeSso)
  @Audited('create_sso_settings')
  @Returns(SSOProvider, HttpStatus.CREATED)
  @Refuses('default_workspaces_not_found', 'only_admins_change_sso', 'role_not_found', 'sso_settings_exist')
  async createSsoSettings(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(SsoSettingsPipe) body: SSOSettingsCreate,
  ) {
    return toSsoProvider(await this.settings.create(principal, fromSsoSettingsCreate(body)));
  }

  @Patch(':id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsChangeSso)
  @Audited('update_sso_settings')
  @Returns(SSOProvider)
  @Refuses(
    'default_workspaces_not_found',
    'metadata_source_is_set',
    'only_admins_change_sso',
    'role_not_found',
    'sso_settings_not_found',
  )
  async updateSsoSettings(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('id') id: string,
    @Body(SsoSettingsPipe) body: SSOSettingsUpdate,
  ) {
    return toSsoProvider(await this.settings.update(principal, id, fromSsoSettingsUpdate(body)));
  }

  @Delete(':id')
  @RequirePermission('organization:manage')
  @OrgAdminsOnly(OnlyAdminsChangeSso)
  @Audited('delete_sso_settings')
  @Returns(SSOProvider)
  @Refuses('only_admins_change_sso', 'sso_settings_not_found')
  async deleteSsoSettings(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('id') id: string) {
    return toSsoProvider(await this.settings.remove(principal, id));
  }
}
