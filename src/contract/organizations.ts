import {
  DecimalOrText,
  Flag,
  Instant,
  Integer,
  Nested,
  NULLISH,
  PlaceName,
  OneOf,
  Text,
  TextList,
  Uuid,
} from '../common/http/operations/fields.decorator.js';
import { OrganizationConfig } from './organization-config.js';
import { PAYMENT_PLAN_TIERS, type PaymentPlanTier } from './enums.js';

export class CustomerVisiblePlanInfo {
  @OneOf(PAYMENT_PLAN_TIERS, 'PaymentPlanTier') tier: PaymentPlanTier;
  @Instant() started_on: string;
  @Instant(NULLISH) ends_on?: string | null;
}

export class StripePaymentMethodInfo {
  @Text(NULLISH) brand?: string | null;
  @Text(NULLISH) last4?: string | null;
  @Integer(NULLISH) exp_month?: number | null;
  @Integer(NULLISH) exp_year?: number | null;
  @Text(NULLISH) email?: string | null;
}

/** The settings that every representation of an organization contains; not a published schema. */
class OrganizationSwitches {
  @OneOf(PAYMENT_PLAN_TIERS, 'PaymentPlanTier', NULLISH) tier?: PaymentPlanTier | null;
  @Flag() is_personal: boolean;
  @Text(NULLISH) sso_login_slug?: string | null;
  @Flag({ default: false }) sso_only?: boolean;
  @Flag({ default: true }) jit_provisioning_enabled?: boolean;
  @Flag({ default: true }) invites_enabled?: boolean;
  @Flag({ default: false }) public_sharing_disabled?: boolean;
  @Flag({ default: false }) pat_creation_disabled?: boolean;
  @Flag({ default: true }) api_key_creation_from_api_keys_enabled?: boolean;
  @Flag({ default: false }) workspace_admin_can_invite_to_org?: boolean;
  @Flag({ default: false }) default_sso_provision?: boolean;
  @Integer(NULLISH) max_api_key_expiry_days?: number | null;
  @Text(NULLISH) security_contact?: string | null;
  @Integer(NULLISH) max_pat_expiry_days?: number | null;
  @Integer(NULLISH) max_service_key_expiry_days?: number | null;
  @Text({ default: ':' }) scim_group_name_separator?: string;
  @Flag(NULLISH) llm_auth_proxy_enabled?: boolean | null;
  @Text(NULLISH) llm_auth_proxy_jwt_audience?: string | null;
  @Flag(NULLISH) restrict_browser_secrets?: boolean | null;
  @TextList(NULLISH) llm_auth_proxy_allowed_urls?: string[] | null;
  @Flag(NULLISH) engine_enabled?: boolean | null;
  @Flag({ default: true }) byoc_create_saas_workspace_enabled?: boolean;
  @TextList({ default: [] }) disabled_model_providers?: string[];
  @Text({ ...NULLISH, description: 'A decimal number.' }) engine_lcu_spend_limit_monthly?: string | null;
  @Flag({ default: false }) managed_evals_enabled?: boolean;
  @Instant(NULLISH) managed_eval_terms_accepted_at?: string | null;
}

export class OrganizationPGSchemaSlim extends OrganizationSwitches {
  @Uuid() id: string;
  @Text() display_name: string;
  @Instant(NULLISH) created_at?: string | null;
  @Uuid(NULLISH) created_by_user_id?: string | null;
  @Uuid(NULLISH) created_by_ls_user_id?: string | null;
  @Instant(NULLISH) modified_at?: string | null;
  @Flag() disabled: boolean;
  @TextList(NULLISH) ip_allowlist?: string[] | null;
}

export class OrganizationCreate {
  @PlaceName(/^[a-zA-Z0-9\-_ ]+$/)
  display_name: string;
  @Flag() is_personal: boolean;
  @Text({ format: 'email', nullable: true, optional: true }) security_contact?: string | null;
}

export class Organization {
  @Uuid(NULLISH) id?: string | null;
  @Text(NULLISH) display_name?: string | null;
  @Nested(() => OrganizationConfig) config: OrganizationConfig;
  @Flag() connected_to_stripe: boolean;
  @Flag() connected_to_metronome: boolean;
  @Flag() is_personal: boolean;
  @OneOf(PAYMENT_PLAN_TIERS, 'PaymentPlanTier', NULLISH) tier?: PaymentPlanTier | null;
  @Nested(() => StripePaymentMethodInfo, NULLISH) payment_method?: StripePaymentMethodInfo | null;
  @Flag() has_cancelled: boolean;
  @Instant(NULLISH) end_of_billing_period?: string | null;
  @Nested(() => CustomerVisiblePlanInfo, NULLISH) current_plan?: CustomerVisiblePlanInfo | null;
  @Nested(() => CustomerVisiblePlanInfo, NULLISH) upcoming_plan?: CustomerVisiblePlanInfo | null;
  @Flag({ default: false }) reached_max_workspaces?: boolean;
  @TextList({ default: [] }) permissions?: string[];
  @Flag({ default: false }) marketplace_payouts_enabled?: boolean;
  @Flag({ default: false }) default_sso_provision?: boolean;
  @Text(NULLISH) security_contact?: string | null;
  @Text({ default: ':' }) scim_group_name_separator?: string;
  @Flag({ default: true }) byoc_create_saas_workspace_enabled?: boolean;
}

const INVITE_OBSTACLES = [
  'permission_missing',
  'personal_organization',
  'invites_disabled',
  'workspace_invites_disabled',
] as const;

/** Not a published schema: whether the caller may invite in one place, and why not. */
export class InviteAccess {
  @Flag() may_invite_new_people: boolean;
  @Flag({ description: 'Members of the organization to the workspace.' }) may_add_members: boolean;
  @OneOf(INVITE_OBSTACLES, 'InviteObstacle', {
    nullable: true,
    description: 'Null if new people may be invited.',
  })
  obstacle: (typeof INVITE_OBSTACLES)[number] | null;
  @Text({ nullable: true, description: 'The obstacle for people, with who can remove it.' })
  message: string | null;
}

export class CallersInviteAccess {
  @Nested(() => InviteAccess) organization: InviteAccess;
  @Nested(() => InviteAccess, { nullable: true, description: 'Null without a workspace in the request.' })
  workspace: InviteAccess | null;
}

const ORG_ROLE_NAMES = [
  'ORGANIZATION_ADMIN',
  'ORGANIZATION_OPERATOR',
  'ORGANIZATION_USER',
  'ORGANIZATION_VIEWER',
  'ORGANIZATION_RESTRICTED',
  'CUSTOM',
] as const;
export type OrgRoleName = (typeof ORG_ROLE_NAMES)[number];
const CALLERS_ROLE = 'The role of the caller; null for keys without one.';

const SCIM_ROLES =
  'Whether the attribute roles of SCIM users gives roles. Only an Organization Admin may change it.';
const MAIL_LANGUAGE = 'Of mails to people of this organization, such as de; null: that of the installation.';

const REQUIRED_ACR =
  'Sessions need one of these `acr` values of the identity provider; empty: any. Only an Organization Admin whose own session ' +
  'meets the requirement may change it.';
const REQUIRED_AMR = 'Sessions need all of these `amr` values.';
const MAX_AUTHENTICATION_AGE =
  'How long ago the user of a session may have signed in at the identity provider, in seconds from 300 to 7776000; null: any time.';

/** Not in the published schema: how users have to sign in at the identity provider (docs/contract/sign-in.md#sign-in-requirement). */
const RequiredAcr = () => TextList({ ...NULLISH, description: REQUIRED_ACR });
const RequiredAmr = () => TextList({ ...NULLISH, description: REQUIRED_AMR });
const MaxAuthenticationAge = () => Integer({ ...NULLISH, description: MAX_AUTHENTICATION_AGE });

/** Not published: a requirement that a test sign-in has to meet. Absent fields are as the organization has them. */
export class TestSignInRequest {
  @RequiredAcr() required_acr?: string[] | null;
  @RequiredAmr() required_amr?: string[] | null;
  @MaxAuthenticationAge() max_authentication_age?: number | null;
}

export class OrganizationInfo extends OrganizationSwitches {
  @RequiredAcr() required_acr?: string[] | null;
  @RequiredAmr() required_amr?: string[] | null;
  @MaxAuthenticationAge() max_authentication_age?: number | null;
  /** Not in the published schema: the switch of the installation, if set, overrides that of the organization. */
  @Flag({ optional: true }) workspace_admin_can_invite_to_org_effective?: boolean;
  @Nested(() => CallersInviteAccess, { optional: true }) invite_access?: CallersInviteAccess;
  /** Not in the published schema. */
  @Text({ ...NULLISH, description: MAIL_LANGUAGE }) mail_language?: string | null;
  /** Not in the published schema. */
  @Flag({ optional: true, description: SCIM_ROLES }) scim_roles_enabled?: boolean;
  @Uuid(NULLISH) id?: string | null;
  @Text(NULLISH) display_name?: string | null;
  @Nested(() => OrganizationConfig) config: OrganizationConfig;
  @Flag({ default: false }) reached_max_workspaces?: boolean;
  @TextList({ default: [] }) permissions?: string[];
  @Uuid({ ...NULLISH, description: CALLERS_ROLE }) org_role_id?: string | null;
  @OneOf(ORG_ROLE_NAMES, 'OrgRoleName', { ...NULLISH, description: CALLERS_ROLE })
  org_role_name?: OrgRoleName | null;
  @Flag({ default: false }) disabled?: boolean;
  @Flag({ default: false }) member_disabled?: boolean;
  @Flag({ default: false }) marketplace_payouts_enabled?: boolean;
  @Flag({ default: false }) can_export_usage_backfill?: boolean;
  @TextList({ optional: true }) ip_allowlist?: string[];
  @Flag({ default: false }) ip_allowlist_enabled?: boolean;
}

export class OrganizationUpdate {
  @PlaceName(/^[a-zA-Z0-9\-_ ]+$/, { optional: true })
  display_name?: string;
  @Flag(NULLISH) public_sharing_disabled?: boolean | null;
  @Flag(NULLISH) pat_creation_disabled?: boolean | null;
  @Flag({ optional: true }) api_key_creation_from_api_keys_enabled?: boolean;
  @Flag(NULLISH) unshare_all?: boolean | null;
  @Flag(NULLISH) jit_provisioning_enabled?: boolean | null;
  @Flag(NULLISH) workspace_admin_can_invite_to_org?: boolean | null;
  @Flag(NULLISH) invites_enabled?: boolean | null;
  @Integer(NULLISH) max_api_key_expiry_days?: number | null;
  @Text({ format: 'email', nullable: true, optional: true }) security_contact?: string | null;
  @Integer(NULLISH) max_pat_expiry_days?: number | null;
  @Integer(NULLISH) max_service_key_expiry_days?: number | null;
  @Text({ minLength: 1, maxLength: 1, optional: true }) scim_group_name_separator?: string;
  @Flag(NULLISH) llm_auth_proxy_enabled?: boolean | null;
  @Text(NULLISH) llm_auth_proxy_jwt_audience?: string | null;
  @TextList(NULLISH) ip_allowlist?: string[] | null;
  @Flag(NULLISH) restrict_browser_secrets?: boolean | null;
  @TextList(NULLISH) llm_auth_proxy_allowed_urls?: string[] | null;
  @Flag(NULLISH) engine_enabled?: boolean | null;
  @Flag(NULLISH) byoc_create_saas_workspace_enabled?: boolean | null;
  @TextList({ ...NULLISH, maxSize: 100 }) disabled_model_providers?: string[] | null;
  @DecimalOrText({ ...NULLISH, description: 'Null: no limit.' })
  engine_lcu_spend_limit_monthly?: number | string | null;
  /** Not in the published schema. */
  @Text({ ...NULLISH, description: MAIL_LANGUAGE }) mail_language?: string | null;
  /** Not in the published schema. */
  @Flag({ optional: true, description: SCIM_ROLES }) scim_roles_enabled?: boolean;
  @RequiredAcr() required_acr?: string[] | null;
  @RequiredAmr() required_amr?: string[] | null;
  @MaxAuthenticationAge() max_authentication_age?: number | null;
}

/** Query of `GET /orgs`. */
export class ListOrganizations {
  @Flag({ default: false }) skip_create?: boolean;
  @Flag({ default: false }) include_tier?: boolean;
}
