import type { SSOProvider, SSOSettingsCreate, SSOSettingsUpdate } from '../../../contract/sso-settings.js';
import type { NewSsoSetup, SsoChanges, SsoSetup } from './sso-settings.repository.js';
import type { AttributeMapping } from './entities.js';

export const toSsoProvider = ({ settings, defaultWorkspaceIds }: SsoSetup): SSOProvider => ({
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
export const fromSsoSettingsUpdate = (body: SSOSettingsUpdate): SsoChanges => ({
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

export const fromSsoSettingsCreate = (body: SSOSettingsCreate): NewSsoSetup => ({
  ...fromSsoSettingsUpdate(body),
  defaultWorkspaceRoleId: body.default_workspace_role_id,
  defaultWorkspaceIds: body.default_workspace_ids,
});

type Keys = Record<string, { name: string; array?: boolean }>;

/** An empty mapping is valid and maps no attribute. */
const fromKeys = (keys: Keys): AttributeMapping =>
  Object.fromEntries(Object.entries(keys).map(([key, { name, array = false }]) => [key, { name, array }]));
