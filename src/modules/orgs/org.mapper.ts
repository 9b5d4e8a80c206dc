import type { PaymentPlanTier } from '../../contract/enums.js';
import type {
  InviteAccess as InviteAccessView,
  OrganizationPGSchemaSlim,
} from '../../contract/organizations.js';
import type { InviteAccess } from './invite-access.js';
import type { Org } from './org.entity.js';
import { canonicalEmail, InvalidEmail } from '../../common/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';

export const toOrganizationSlim = (org: Org): OrganizationPGSchemaSlim => ({
  id: org.id,
  display_name: org.displayName,
  created_at: org.createdAt.toISOString(),
  created_by_user_id: org.createdByUserId,
  created_by_ls_user_id: org.createdByUserId,
  modified_at: org.modifiedAt.toISOString(),
  is_personal: org.isPersonal,
  disabled: org.isDisabled,
  sso_only: org.ssoOnly,
  sso_login_slug: org.ssoLoginSlug,
  ...switches(org),
});

export const toInviteAccess = (access: InviteAccess): InviteAccessView => ({
  may_invite_new_people: access.mayInviteNewPeople,
  may_add_members: access.mayAddMembers,
  obstacle: access.obstacle,
  message: access.message,
});

/** Nothing is sold here (docs/contract/organizations.md#tier). */
export const TIER: PaymentPlanTier = 'enterprise';

/** The settings in every representation of an organization. */
export const switches = (org: Org) => ({
  tier: TIER,
  jit_provisioning_enabled: org.jitProvisioningEnabled,
  invites_enabled: org.invitesEnabled,
  public_sharing_disabled: org.preferences.publicSharingDisabled ?? false,
  pat_creation_disabled: org.patCreationDisabled,
  api_key_creation_from_api_keys_enabled: org.apiKeyCreationFromApiKeysEnabled,
  workspace_admin_can_invite_to_org: org.workspaceAdminCanInviteToOrg,
  default_sso_provision: org.isDefault,
  max_api_key_expiry_days: org.maxApiKeyExpiryDays,
  max_pat_expiry_days: org.maxPatExpiryDays,
  max_service_key_expiry_days: org.maxServiceKeyExpiryDays,
  security_contact: org.securityContact,
  scim_group_name_separator: org.scimGroupNameSeparator,
  llm_auth_proxy_enabled: org.preferences.llmAuthProxyEnabled ?? null,
  llm_auth_proxy_jwt_audience: org.preferences.llmAuthProxyJwtAudience ?? null,
  llm_auth_proxy_allowed_urls: org.preferences.llmAuthProxyAllowedUrls ?? null,
  restrict_browser_secrets: org.preferences.restrictBrowserSecrets ?? null,
  engine_enabled: org.preferences.engineEnabled ?? null,
  byoc_create_saas_workspace_enabled: org.preferences.byocCreateSaasWorkspaceEnabled ?? true,
  disabled_model_providers: org.preferences.disabledModelProviders ?? [],
  engine_lcu_spend_limit_monthly: org.preferences.engineLcuSpendLimitMonthly ?? null,
  managed_evals_enabled: false, // no evaluators are managed here
  managed_eval_terms_accepted_at: null,
});

/** The stored form (docs/contract/members.md#e-mail-addresses). @throws InvalidEmail */
export const canonicalContact = <T extends string | null | undefined>(contact: T): T =>
  typeof contact === 'string' ? (canonicalEmail(contact) as T) : contact;

export function contactProblems(contact: string | null | undefined): Problem[] {
  try {
    canonicalContact(contact);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEmail)) throw error;
    return [{ loc: ['body', 'security_contact'], msg: error.message, type: 'value_error' }];
  }
}
