import { defaultsOf } from '../../common/http/fields.decorator.js';
import { OrganizationConfig } from '../../contract/organization-config.js';
import type { Org } from '../orgs/index.js';

/**
 * The published defaults, and the features that every self-hosted organization has
 * (docs/contract/organizations.md#seats-and-workspace-limits).
 */
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
};

export const toOrganizationConfig = (org: Org): OrganizationConfig => ({
  ...FIXED_VALUES,
  can_use_teams: org.canUseUserGroups,
  max_identities: org.maxIdentities,
  max_workspaces: org.maxWorkspaces,
});
