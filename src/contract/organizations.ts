import {
  Flag,
  Instant,
  MAX_NAME_LENGTH,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
  Integer,
} from '../common/http/fields.decorator.js';
import { PAYMENT_PLAN_TIERS, type PaymentPlanTier } from './enums.js';

export class CustomerVisiblePlanInfo {
  @OneOf(PAYMENT_PLAN_TIERS, 'PaymentPlanTier') tier: PaymentPlanTier;
  @Instant() started_on: string;
  @Instant({ nullable: true, optional: true }) ends_on?: string | null;
}

export class StripePaymentMethodInfo {
  @Text({ nullable: true, optional: true }) brand?: string | null;
  @Text({ nullable: true, optional: true }) last4?: string | null;
  @Integer({ nullable: true, optional: true }) exp_month?: number | null;
  @Integer({ nullable: true, optional: true }) exp_year?: number | null;
  @Text({ nullable: true, optional: true }) email?: string | null;
}

export class OrganizationConfig {
  @Text({ nullable: true, optional: true }) plan_tier?: string | null;
  @Flag({ default: false }) engine_default_enabled?: boolean;
  @Integer({ default: 5 }) max_identities?: number;
  @Integer({ default: 1 }) max_workspaces?: number;
  @Flag({ default: false }) can_use_rbac?: boolean;
  @Flag({ default: false }) can_use_abac?: boolean;
  @Flag({ default: false }) can_use_audit_logs?: boolean;
  @Flag({ default: true }) can_add_seats?: boolean;
  @Text({ nullable: true, optional: true }) startup_plan_approval_date?: string | null;
  @Text({ nullable: true, optional: true }) partner_plan_approval_date?: string | null;
  @Text({ nullable: true, optional: true }) premier_plan_approval_date?: string | null;
  @Flag({ default: false }) can_disable_public_sharing?: boolean;
  @Flag({ default: false }) can_use_langgraph_cloud?: boolean;
  @Integer({ default: 3 }) max_langgraph_cloud_deployments?: number;
  @Integer({ default: 0 }) max_free_langgraph_cloud_deployments?: number;
  @Flag({ default: false }) sandbox_enabled?: boolean;
  @Integer({ default: 10 }) max_sandboxes?: number;
  @Text({ default: '200' }) max_sandbox_cpu?: string;
  @Text({ default: '400Gi' }) max_sandbox_memory?: string;
  @Flag({ default: false }) can_use_saml_sso?: boolean;
  @Flag({ default: false }) can_use_bulk_export?: boolean;
  @Flag({ default: false }) show_updated_sidenav?: boolean;
  @Flag({ default: false }) show_updated_resource_tags?: boolean;
  @Flag({ default: true }) kv_dataset_message_support?: boolean;
  @Flag({ default: false }) show_playground_prompt_canvas?: boolean;
  @Flag({ default: false }) allow_custom_iframes?: boolean;
  @Flag({ default: false }) byoc_enabled?: boolean;
  @Flag({ default: false }) enable_langgraph_pricing?: boolean;
  @Flag({ default: false }) enable_thread_view_playground?: boolean;
  @Flag({ default: false }) enable_org_usage_charts?: boolean;
  @Flag({ default: false }) use_exact_search_for_prompts?: boolean;
  @Flag({ default: false }) langgraph_deploy_own_cloud_enabled?: boolean;
  @Flag({ default: false }) prompt_optimization_jobs_enabled?: boolean;
  @Flag({ default: false }) demo_lgp_new_graph_enabled?: boolean;
  @Integer({ default: 20 }) datadog_rum_session_sample_rate?: number;
  @Flag({ default: false }) langgraph_remote_reconciler_enabled?: boolean;
  @Flag({ default: false }) langgraph_enterprise_enabled?: boolean;
  @Flag({ default: true }) langsmith_alerts_poc_enabled?: boolean;
  @Flag({ default: false }) tenant_skip_topk_facets?: boolean;
  @Flag({ default: false }) lgp_templates_enabled?: boolean;
  @Flag({ default: false }) enable_align_evaluators?: boolean;
  @Flag({ default: false }) enable_run_tree_streaming?: boolean;
  @Flag({ default: false }) enable_querying_v2_endpoints?: boolean;
  @Flag({ default: false }) enable_threads_improvements?: boolean;
  @Integer({ default: 1 }) max_prompt_webhooks?: number;
  @Text({ nullable: true, default: 'sync' }) playground_evaluator_strategy?: string | null;
  @Flag({ default: false }) can_set_api_key_max_expiry?: boolean;
  @Flag({ default: false }) can_use_llm_auth_proxy?: boolean;
  @Flag({ default: false }) can_restrict_browser_secrets?: boolean;
  @Flag({ default: false }) enable_monthly_usage_charts?: boolean;
  @Integer({ default: 3 }) new_rule_evaluator_creation_version?: number;
  @Flag({ default: false }) enable_lgp_listeners_page?: boolean;
  @Flag({ default: false }) clio_enabled?: boolean;
  @Flag({ default: false }) enable_markdown_in_tracing?: boolean;
  @Flag({ default: false }) enable_pricing_redesign?: boolean;
  @Flag({ default: false }) arbitrary_cost_tracking_enabled?: boolean;
  @Flag({ default: false }) langsmith_deployment_distributed_runtime_enabled?: boolean;
  @Flag({ default: true }) agent_builder_enabled?: boolean;
  @Integer({ default: 1000 }) max_agent_builder_assistants?: number;
  @Flag({ default: false }) enable_granular_usage_reporting?: boolean;
  @Flag({ default: false }) enable_burndown_vs_commit_view?: boolean;
  @Integer({ default: -1 }) max_agent_builder_runs?: number;
  @Flag({ default: false }) langsmith_deployment_dr_enabled_dev?: boolean;
  @Flag({ default: false }) ip_allowlist_enabled?: boolean;
  @Flag({ default: false }) llm_gateway_enabled?: boolean;
  @Flag({ default: false }) managed_deep_agents_enabled?: boolean;
}

/** The settings that every representation of an organization contains; not a published schema. */
class OrganizationSwitches {
  @OneOf(PAYMENT_PLAN_TIERS, 'PaymentPlanTier', { nullable: true, optional: true })
  tier?: PaymentPlanTier | null;
  @Flag() is_personal: boolean;
  @Text({ nullable: true, optional: true }) sso_login_slug?: string | null;
  @Flag({ default: false }) sso_only?: boolean;
  @Flag({ default: true }) jit_provisioning_enabled?: boolean;
  @Flag({ default: true }) invites_enabled?: boolean;
  @Flag({ default: false }) public_sharing_disabled?: boolean;
  @Flag({ default: false }) pat_creation_disabled?: boolean;
  @Flag({ default: false }) workspace_admin_can_invite_to_org?: boolean;
  @Flag({ default: false }) default_sso_provision?: boolean;
  @Integer({ nullable: true, optional: true }) max_api_key_expiry_days?: number | null;
  @Text({ nullable: true, optional: true }) security_contact?: string | null;
  @Integer({ nullable: true, optional: true }) max_pat_expiry_days?: number | null;
  @Integer({ nullable: true, optional: true }) max_service_key_expiry_days?: number | null;
  @Text({ default: ':' }) scim_group_name_separator?: string;
  @Flag({ nullable: true, optional: true }) llm_auth_proxy_enabled?: boolean | null;
  @Text({ nullable: true, optional: true }) llm_auth_proxy_jwt_audience?: string | null;
  @Flag({ nullable: true, optional: true }) restrict_browser_secrets?: boolean | null;
  @TextList({ nullable: true, optional: true }) llm_auth_proxy_allowed_urls?: string[] | null;
  @Flag({ nullable: true, optional: true }) engine_enabled?: boolean | null;
}

export class OrganizationPGSchemaSlim extends OrganizationSwitches {
  @Uuid() id: string;
  @Text() display_name: string;
  @Instant({ nullable: true, optional: true }) created_at?: string | null;
  @Uuid({ nullable: true, optional: true }) created_by_user_id?: string | null;
  @Uuid({ nullable: true, optional: true }) created_by_ls_user_id?: string | null;
  @Instant({ nullable: true, optional: true }) modified_at?: string | null;
  @Flag() disabled: boolean;
  @TextList({ nullable: true, optional: true }) ip_allowlist?: string[] | null;
}

export class OrganizationCreate {
  @Text({ minLength: 1, unpublishedMaxLength: MAX_NAME_LENGTH, pattern: /^[a-zA-Z0-9\-_ ]+$/ })
  display_name: string;
  @Flag() is_personal: boolean;
  @Text({ format: 'email', nullable: true, optional: true }) security_contact?: string | null;
}

export class Organization {
  @Uuid({ nullable: true, optional: true }) id?: string | null;
  @Text({ nullable: true, optional: true }) display_name?: string | null;
  @Nested(() => OrganizationConfig) config: OrganizationConfig;
  @Flag() connected_to_stripe: boolean;
  @Flag() connected_to_metronome: boolean;
  @Flag() is_personal: boolean;
  @OneOf(PAYMENT_PLAN_TIERS, 'PaymentPlanTier', { nullable: true, optional: true })
  tier?: PaymentPlanTier | null;
  @Nested(() => StripePaymentMethodInfo, { nullable: true, optional: true })
  payment_method?: StripePaymentMethodInfo | null;
  @Flag() has_cancelled: boolean;
  @Instant({ nullable: true, optional: true }) end_of_billing_period?: string | null;
  @Nested(() => CustomerVisiblePlanInfo, { nullable: true, optional: true })
  current_plan?: CustomerVisiblePlanInfo | null;
  @Nested(() => CustomerVisiblePlanInfo, { nullable: true, optional: true })
  upcoming_plan?: CustomerVisiblePlanInfo | null;
  @Flag({ default: false }) reached_max_workspaces?: boolean;
  @TextList({ default: [] }) permissions?: string[];
  @Flag({ default: false }) marketplace_payouts_enabled?: boolean;
  @Flag({ default: false }) default_sso_provision?: boolean;
  @Text({ nullable: true, optional: true }) security_contact?: string | null;
  @Text({ default: ':' }) scim_group_name_separator?: string;
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

const MAIL_LANGUAGE = 'Of mails to people of this organization, such as de; null: that of the installation.';

export class OrganizationInfo extends OrganizationSwitches {
  /** Not in the published schema: the switch of the installation, if set, overrides that of the organization. */
  @Flag({ optional: true }) workspace_admin_can_invite_to_org_effective?: boolean;
  @Nested(() => CallersInviteAccess, { optional: true }) invite_access?: CallersInviteAccess;
  /** Not in the published schema. */
  @Text({ nullable: true, optional: true, description: MAIL_LANGUAGE }) mail_language?: string | null;
  @Uuid({ nullable: true, optional: true }) id?: string | null;
  @Text({ nullable: true, optional: true }) display_name?: string | null;
  @Nested(() => OrganizationConfig) config: OrganizationConfig;
  @Flag({ default: false }) reached_max_workspaces?: boolean;
  @TextList({ default: [] }) permissions?: string[];
  @Flag({ default: false }) disabled?: boolean;
  @Flag({ default: false }) member_disabled?: boolean;
  @Flag({ default: false }) marketplace_payouts_enabled?: boolean;
  @Flag({ default: false }) can_export_usage_backfill?: boolean;
  @TextList({ optional: true }) ip_allowlist?: string[];
  @Flag({ default: false }) ip_allowlist_enabled?: boolean;
}

export class OrganizationUpdate {
  @Text({
    minLength: 1,
    unpublishedMaxLength: MAX_NAME_LENGTH,
    pattern: /^[a-zA-Z0-9\-_ ]+$/,
    optional: true,
  })
  display_name?: string;
  @Flag({ nullable: true, optional: true }) public_sharing_disabled?: boolean | null;
  @Flag({ nullable: true, optional: true }) pat_creation_disabled?: boolean | null;
  @Flag({ nullable: true, optional: true }) unshare_all?: boolean | null;
  @Flag({ nullable: true, optional: true }) jit_provisioning_enabled?: boolean | null;
  @Flag({ nullable: true, optional: true }) workspace_admin_can_invite_to_org?: boolean | null;
  @Flag({ nullable: true, optional: true }) invites_enabled?: boolean | null;
  @Integer({ nullable: true, optional: true }) max_api_key_expiry_days?: number | null;
  @Text({ format: 'email', nullable: true, optional: true }) security_contact?: string | null;
  @Integer({ nullable: true, optional: true }) max_pat_expiry_days?: number | null;
  @Integer({ nullable: true, optional: true }) max_service_key_expiry_days?: number | null;
  @Text({ minLength: 1, maxLength: 1, optional: true }) scim_group_name_separator?: string;
  @Flag({ nullable: true, optional: true }) llm_auth_proxy_enabled?: boolean | null;
  @Text({ nullable: true, optional: true }) llm_auth_proxy_jwt_audience?: string | null;
  @TextList({ nullable: true, optional: true }) ip_allowlist?: string[] | null;
  @Flag({ nullable: true, optional: true }) restrict_browser_secrets?: boolean | null;
  @TextList({ nullable: true, optional: true }) llm_auth_proxy_allowed_urls?: string[] | null;
  @Flag({ nullable: true, optional: true }) engine_enabled?: boolean | null;
  /** Not in the published schema. */
  @Text({ nullable: true, optional: true, description: MAIL_LANGUAGE }) mail_language?: string | null;
}

/** Query of `GET /orgs`. */
export class ListOrganizations {
  @Flag({ default: false }) skip_create?: boolean;
  @Flag({ default: false }) include_tier?: boolean;
}
