import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import {
  SSOProvider,
  SSOSettingsCreate,
  SSOSettingsUpdate,
} from '../../../contract/identity-provider/sso-settings.js';
import { adminsOnly } from '../../roles/index.js';
import type { AttributeMapping } from './entities.js';
import { OnlyAdminsChangeSso } from './errors.js';
import { SsoSettingsPipe } from './sso-settings.pipe.js';
import type { NewSsoSetup, SsoChanges, SsoSetup } from './sso-settings.repository.js';
import { SsoSettingsService } from './sso-settings.service.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/sso-settings')
export class SsoSettingsController {
  constructor(private readonly settings: SsoSettingsService) {}

  @Get()
  @OrgQuery('organization:read', [SSOProvider])
  async getCurrentSsoSettings(@CurrentPrincipal() principal: OrgPrincipal) {
    return (await this.settings.list(principal.orgId)).map(toSsoProvider);
  }

  @Post()
  @OrgCommand(adminsOnly(OnlyAdminsChangeSso), 'create_sso_settings', SSOProvider, { status: 201 })
  @Refuses('default_workspaces_not_found', 'role_not_found', 'sso_settings_exist')
  async createSsoSettings(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body(SsoSettingsPipe) body: SSOSettingsCreate,
  ) {
    return toSsoProvider(await this.settings.create(principal, fromSsoSettingsCreate(body)));
  }

  @Patch(':id')
  @OrgCommand(adminsOnly(OnlyAdminsChangeSso), 'update_sso_settings', SSOProvider)
  @Refuses(
    'default_workspaces_not_found',
    'metadata_source_is_set',
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
  @OrgCommand(adminsOnly(OnlyAdminsChangeSso), 'delete_sso_settings', SSOProvider)
  @Refuses('sso_settings_not_found')
  async deleteSsoSettings(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('id') id: string) {
    return toSsoProvider(await this.settings.remove(principal, id));
  }
}

const toSsoProvider = ({ settings, defaultWorkspaceIds }: SsoSetup): SSOProvider => ({
  id: settings.id,
  organization_id: settings.orgId,
  provider_id: settings.providerId,
  default_workspace_role_id: settings.defaultWorkspaceRoleId,
  default_workspace_ids: defaultWorkspaceIds,
  metadata_url: settings.metadataUrl,
  metadata_xml: settings.metadataXml,
  sso_groups_enabled: settings.ssoGroupsEnabled,
  sso_groups_claim_field: settings.ssoGroupsClaimField,
  sso_groups_required: settings.ssoGroupsRequired,
  sso_groups_role_sync_enabled: settings.ssoGroupsRoleSyncEnabled,
  attribute_mapping: settings.attributeMapping && { keys: settings.attributeMapping },
  attribute_mapping_load_error: null,
});

/** Null remains only where it clears a value; elsewhere it means unchanged (docs/contract/http.md#null-and-absent-fields). */
const fromSsoSettingsUpdate = (body: SSOSettingsUpdate): SsoChanges => ({
  defaultWorkspaceRoleId: body.default_workspace_role_id ?? undefined,
  defaultWorkspaceIds: body.default_workspace_ids ?? undefined,
  ssoGroupsEnabled: body.sso_groups_enabled ?? undefined,
  ssoGroupsClaimField: body.sso_groups_claim_field ?? undefined,
  ssoGroupsRequired: body.sso_groups_required ?? undefined,
  ssoGroupsRoleSyncEnabled: body.sso_groups_role_sync_enabled ?? undefined,
  metadataUrl: body.metadata_url,
  metadataXml: body.metadata_xml,
  attributeMapping: body.attribute_mapping && fromKeys(body.attribute_mapping.keys ?? {}),
});

const fromSsoSettingsCreate = (body: SSOSettingsCreate): NewSsoSetup => ({
  ...fromSsoSettingsUpdate(body),
  defaultWorkspaceRoleId: body.default_workspace_role_id,
  defaultWorkspaceIds: body.default_workspace_ids,
});

type Keys = Record<string, { name: string; array?: boolean }>;

/** An empty mapping is valid and maps no attribute. */
const fromKeys = (keys: Keys): AttributeMapping =>
  Object.fromEntries(Object.entries(keys).map(([key, { name, array = false }]) => [key, { name, array }]));
