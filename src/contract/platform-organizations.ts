import {
  Flag,
  Integer,
  Nested,
  Text,
  TextList,
  WireName,
} from '../common/http/operations/fields.decorator.js';

@WireName('authn.OrganizationConfig')
export class PlatformOrganizationConfig {
  @Flag({ optional: true }) agent_builder_enabled?: boolean;
  @Flag({ optional: true }) allow_custom_iframes?: boolean;
  @Flag({ optional: true }) arbitrary_cost_tracking_enabled?: boolean;
  @Flag({ optional: true }) byoc_enabled?: boolean;
  @Flag({ optional: true }) can_add_seats?: boolean;
  @Flag({ optional: true }) can_disable_public_sharing?: boolean;
  @Flag({ optional: true }) can_restrict_browser_secrets?: boolean;
  @Flag({ optional: true }) can_set_api_key_max_expiry?: boolean;
  @Flag({ optional: true }) can_use_abac?: boolean;
  @Flag({ optional: true }) can_use_audit_logs?: boolean;
  @Flag({ optional: true }) can_use_bulk_export?: boolean;
  @Flag({ optional: true }) can_use_langgraph_cloud?: boolean;
  @Flag({ optional: true }) can_use_llm_auth_proxy?: boolean;
  @Flag({ optional: true }) can_use_rbac?: boolean;
  @Flag({ optional: true }) can_use_teams?: boolean;
  @Flag({ optional: true }) can_use_saml_sso?: boolean;
  @Flag({ optional: true }) clio_enabled?: boolean;
  @Integer({ optional: true }) datadog_rum_session_sample_rate?: number;
  @Flag({ optional: true }) demo_lgp_new_graph_enabled?: boolean;
  @Flag({ optional: true }) enable_align_evaluators?: boolean;
  @Flag({ optional: true }) enable_burndown_vs_commit_view?: boolean;
  @Flag({ optional: true }) enable_granular_usage_reporting?: boolean;
  @Flag({ optional: true }) enable_langgraph_pricing?: boolean;
  @Flag({ optional: true }) enable_lgp_listeners_page?: boolean;
  @Flag({ optional: true }) enable_markdown_in_tracing?: boolean;
  @Flag({ optional: true }) enable_monthly_usage_charts?: boolean;
  @Flag({ optional: true }) enable_org_usage_charts?: boolean;
  @Flag({ optional: true }) enable_pricing_redesign?: boolean;
  @Flag({ optional: true }) enable_querying_v2_endpoints?: boolean;
  @Flag({ optional: true }) enable_run_tree_streaming?: boolean;
  @Flag({ optional: true }) enable_thread_view_playground?: boolean;
  @Flag({ optional: true }) enable_threads_improvements?: boolean;
  @Flag({ optional: true }) engine_default_enabled?: boolean;
  @Flag({ optional: true }) ip_allowlist_enabled?: boolean;
  @Flag({ optional: true }) is_anonymous?: boolean;
  @Flag({ optional: true }) kv_dataset_message_support?: boolean;
  @Flag({ optional: true }) langgraph_deploy_own_cloud_enabled?: boolean;
  @Flag({ optional: true }) langgraph_enterprise_enabled?: boolean;
  @Flag({ optional: true }) langgraph_remote_reconciler_enabled?: boolean;
  @Flag({ optional: true }) langsmith_alerts_poc_enabled?: boolean;
  @Flag({ optional: true }) langsmith_deployment_distributed_runtime_enabled?: boolean;
  @Flag({ optional: true }) langsmith_deployment_dr_enabled_dev?: boolean;
  @Flag({ optional: true }) lgp_templates_enabled?: boolean;
  @Flag({ optional: true }) llm_gateway_enabled?: boolean;
  @Integer({ optional: true }) max_agent_builder_assistants?: number;
  @Integer({ optional: true }) max_agent_builder_runs?: number;
  @Integer({ optional: true }) max_free_langgraph_cloud_deployments?: number;
  @Integer({ optional: true }) max_identities?: number;
  @Integer({ optional: true }) max_langgraph_cloud_deployments?: number;
  @Integer({ optional: true }) max_prompt_webhooks?: number;
  @Text({ optional: true }) max_sandbox_cpu?: string;
  @Text({ optional: true }) max_sandbox_memory?: string;
  @Integer({ optional: true }) max_sandboxes?: number;
  @Integer({ optional: true }) max_workspaces?: number;
  @Integer({ optional: true }) new_rule_evaluator_creation_version?: number;
  @Text({ optional: true }) plan_tier?: string;
  @Text({ optional: true }) playground_evaluator_strategy?: string;
  @Text({ optional: true }) premier_plan_approval_date?: string;
  @Flag({ optional: true }) prompt_optimization_jobs_enabled?: boolean;
  @Flag({ optional: true }) sandbox_enabled?: boolean;
  @Flag({ optional: true }) show_playground_prompt_canvas?: boolean;
  @Flag({ optional: true }) show_updated_resource_tags?: boolean;
  @Flag({ optional: true }) show_updated_sidenav?: boolean;
  @Text({ optional: true }) startup_plan_approval_date?: string;
  @Flag({ optional: true }) tenant_skip_topk_facets?: boolean;
  @Flag({ optional: true }) use_exact_search_for_prompts?: boolean;
}

@WireName('orgs.OrganizationInfo')
export class PlatformOrganizationInfo {
  @Flag({ optional: true }) can_export_usage_backfill?: boolean;
  @Nested(() => PlatformOrganizationConfig, { optional: true }) config?: PlatformOrganizationConfig;
  @Flag({ optional: true }) default_sso_provision?: boolean;
  @Flag({ optional: true }) disabled?: boolean;
  @Text({ optional: true }) display_name?: string;
  @Flag({ optional: true }) engine_enabled?: boolean;
  @Text({ optional: true }) id?: string;
  @Flag({ optional: true }) invites_enabled?: boolean;
  @TextList({ optional: true }) ip_allowlist?: string[];
  @Flag({ optional: true }) ip_allowlist_enabled?: boolean;
  @Flag({ optional: true }) is_personal?: boolean;
  @Flag({ optional: true }) jit_provisioning_enabled?: boolean;
  @TextList({ optional: true }) llm_auth_proxy_allowed_urls?: string[];
  @Flag({ optional: true }) llm_auth_proxy_enabled?: boolean;
  @Text({ optional: true }) llm_auth_proxy_jwt_audience?: string;
  @Flag({ optional: true }) marketplace_payouts_enabled?: boolean;
  @Integer({ optional: true }) max_api_key_expiry_days?: number;
  @Integer({ optional: true }) max_pat_expiry_days?: number;
  @Integer({ optional: true }) max_service_key_expiry_days?: number;
  @Flag({ optional: true }) member_disabled?: boolean;
  @Flag({ optional: true }) pat_creation_disabled?: boolean;
  @Flag({ optional: true }) api_key_creation_from_api_keys_enabled?: boolean;
  @TextList({ optional: true }) permissions?: string[];
  @Flag({ optional: true }) public_sharing_disabled?: boolean;
  @Flag({ optional: true }) reached_max_workspaces?: boolean;
  @Text({ optional: true }) scim_group_name_separator?: string;
  @Text({ optional: true }) security_contact?: string;
  @Text({ optional: true }) sso_login_slug?: string;
  @Flag({ optional: true }) sso_only?: boolean;
  @Text({ optional: true }) org_role_id?: string;
  @Text({ optional: true }) org_role_name?: string;
  @Flag({ optional: true }) byoc_create_saas_workspace_enabled?: boolean;
  @TextList({ optional: true }) disabled_model_providers?: string[];
  @Text({ optional: true }) engine_lcu_spend_limit_monthly?: string;
  @Flag({ optional: true }) managed_evals_enabled?: boolean;
  @Text({ optional: true }) managed_eval_terms_accepted_at?: string;
  @Text({ optional: true }) tier?: string;
  @Flag({ optional: true }) workspace_admin_can_invite_to_org?: boolean;
  /** Not in the published schema. */
  @Flag({ optional: true }) workspace_admin_can_invite_to_org_effective?: boolean;
  /** Not in the published schema. */
  @Text({ optional: true }) mail_language?: string;
}
