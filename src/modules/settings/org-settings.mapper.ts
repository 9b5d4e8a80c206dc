import { unique } from '../../common/collections.js';
import { defaultsOf } from '../../common/http/operations/field.decorator.js';
import { OrganizationConfig } from '../../contract/organization-config.js';
import type {
  Organization,
  OrganizationInfo,
  OrganizationUpdate,
  OrgRoleName,
} from '../../contract/organizations.js';
import type { PlatformOrganizationInfo } from '../../contract/platform-organizations.js';
import {
  canonicalContact,
  fromRequested,
  type Org,
  type OrgChanges,
  type ProductPreferences,
  switches,
  TIER,
  toInviteAccess,
} from '../orgs/index.js';
import type { OrgView } from './view-org-settings.js';

/** The contract requires the billing fields; there is no billing here. */
export const toOrganization = ({ org, reachedMaxWorkspaces, permissions }: OrgView): Organization => ({
  id: org.id,
  display_name: org.displayName,
  config: toOrganizationConfig(org),
  connected_to_stripe: false,
  connected_to_metronome: false,
  has_cancelled: false,
  is_personal: org.isPersonal,
  tier: TIER,
  reached_max_workspaces: reachedMaxWorkspaces,
  permissions: [...permissions],
  default_sso_provision: org.isDefault,
  security_contact: org.securityContact,
  scim_group_name_separator: org.scimGroupNameSeparator,
  byoc_create_saas_workspace_enabled: switches(org).byoc_create_saas_workspace_enabled,
});

export const toOrganizationInfo = ({
  org,
  workspaceAdminsMayInvite,
  inviteAccess,
  reachedMaxWorkspaces,
  permissions,
  role,
}: OrgView): OrganizationInfo => ({
  id: org.id,
  display_name: org.displayName,
  config: toOrganizationConfig(org),
  is_personal: org.isPersonal,
  reached_max_workspaces: reachedMaxWorkspaces,
  permissions: [...permissions],
  org_role_id: role?.id ?? null,
  org_role_name: (role?.name ?? null) as OrgRoleName | null,
  disabled: org.isDisabled,
  member_disabled: false,
  sso_only: org.ssoOnly,
  sso_login_slug: org.ssoLoginSlug,
  ip_allowlist: org.ipAllowlist,
  ip_allowlist_enabled: true,
  workspace_admin_can_invite_to_org_effective: workspaceAdminsMayInvite,
  mail_language: org.mailLanguage,
  scim_roles_enabled: org.scimRolesEnabled,
  required_acr: org.requiredAcr,
  required_amr: org.requiredAmr,
  max_authentication_age: org.maxAuthenticationAge,
  invite_access: {
    organization: toInviteAccess(inviteAccess.organization),
    workspace: inviteAccess.workspace && toInviteAccess(inviteAccess.workspace),
  },
  ...switches(org),
});

/** `Warning` (RFC 7234, section 5.5) for a change without effect (docs/contract/invitations.md#who-may-invite). */
export const inviteSwitchWarning = (
  { workspace_admin_can_invite_to_org: requested }: OrganizationUpdate,
  { workspaceAdminsMayInvite }: OrgView,
): string | null =>
  typeof requested === 'boolean' && requested !== workspaceAdminsMayInvite
    ? '299 - "workspace_admin_can_invite_to_org is stored, but WORKSPACE_SCOPE_ORG_INVITES_ENABLED of this ' +
      'installation overrides it; the operator can unset that."'
    : null;

/** The schemas of the platform API have no null: unset values are omitted. */
export const toPlatformOrganizationInfo = (view: OrgView): PlatformOrganizationInfo =>
  withoutNulls({
    ...toOrganizationInfo(view),
    invite_access: null,
    config: withoutNulls(toOrganizationConfig(view.org)),
  });

const withoutNulls = (object: object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)) as object;

export const fromOrganizationUpdate = (body: OrganizationUpdate): OrgChanges =>
  definedOnly<OrgChanges>({
    displayName: body.display_name,
    patCreationDisabled: body.pat_creation_disabled ?? undefined,
    apiKeyCreationFromApiKeysEnabled: body.api_key_creation_from_api_keys_enabled,
    jitProvisioningEnabled: body.jit_provisioning_enabled ?? undefined,
    workspaceAdminCanInviteToOrg: body.workspace_admin_can_invite_to_org ?? undefined,
    invitesEnabled: body.invites_enabled ?? undefined,
    maxApiKeyExpiryDays: body.max_api_key_expiry_days,
    maxPatExpiryDays: body.max_pat_expiry_days,
    maxServiceKeyExpiryDays: body.max_service_key_expiry_days,
    securityContact: canonicalContact(body.security_contact),
    scimGroupNameSeparator: body.scim_group_name_separator,
    mailLanguage: body.mail_language,
    scimRolesEnabled: body.scim_roles_enabled,
    ipAllowlist: body.ip_allowlist === undefined ? undefined : unique(body.ip_allowlist ?? []),
    ...fromRequested(body),
    preferences: preferencesOf(body),
  });

const preferencesOf = (body: OrganizationUpdate) =>
  definedOnly<ProductPreferences>({
    publicSharingDisabled: body.public_sharing_disabled ?? undefined,
    engineEnabled: body.engine_enabled,
    restrictBrowserSecrets: body.restrict_browser_secrets,
    llmAuthProxyEnabled: body.llm_auth_proxy_enabled,
    llmAuthProxyJwtAudience: body.llm_auth_proxy_jwt_audience,
    llmAuthProxyAllowedUrls: body.llm_auth_proxy_allowed_urls,
    byocCreateSaasWorkspaceEnabled: body.byoc_create_saas_workspace_enabled ?? undefined,
    disabledModelProviders: body.disabled_model_providers ?? undefined,
    engineLcuSpendLimitMonthly: textOf(body.engine_lcu_spend_limit_monthly),
  });

const textOf = (amount: number | string | null | undefined) =>
  typeof amount === 'number' ? String(amount) : amount;

/** Absent = unchanged, null = clear (docs/contract/http.md#null-and-absent-fields). */
const definedOnly = <T extends object>(changes: { [Key in keyof T]?: T[Key] | undefined }): T =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as T;

/** The features of every self-hosted organization (docs/contract/organizations.md#seats-and-workspace-limits). */
const FIXED_VALUES = {
  ...defaultsOf(OrganizationConfig),
  is_anonymous: false,
  can_use_rbac: true,
  can_use_abac: true,
  can_use_audit_logs: true,
  can_set_api_key_max_expiry: true,
  can_disable_public_sharing: true,
  can_restrict_browser_secrets: true,
  can_use_llm_auth_proxy: true,
  ip_allowlist_enabled: true,
};

const toOrganizationConfig = (org: Org): OrganizationConfig => ({
  ...FIXED_VALUES,
  can_use_teams: org.canUseUserGroups,
  max_identities: org.maxIdentities,
  max_workspaces: org.maxWorkspaces,
});
