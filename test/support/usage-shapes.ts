/** The published responses about usage, limits and retention of traces (LangSmith API reference, November 2026). */
const UUID = { type: 'string', format: 'uuid' };
const INTEGER = { type: 'integer' };
const TIME = { type: 'string', format: 'date-time' };
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const object = (properties: Record<string, object>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false, // stricter than published: nothing of our own
});
const listOf = (items: object) => ({ type: 'array', items });

const LIMIT_TYPE = { enum: ['monthly_traces', 'monthly_longlived_traces'] };
const REACHED_TYPES = [
  'payload_size',
  'events_ingested_per_hour',
  'total_unique_traces',
  'events_ingested_per_minute',
  'user_defined_monthly_traces',
  'user_defined_monthly_longlived_traces',
  'user_defined_unknown',
];
const COUNTS = [
  'dataset_count',
  'tracer_session_count',
  'repo_count',
  'annotation_queue_count',
  'deployment_count',
  'dashboards_count',
  'evaluator_count',
  'custom_app_count',
];

const TENANT_USAGE_LIMIT_INFO = object(
  {
    in_reject_set: { type: 'boolean' },
    usage_limit_type: orNull({ enum: REACHED_TYPES }),
    tenant_limit: orNull(INTEGER),
  },
  ['in_reject_set'],
);
const TENANT_STATS = object(
  { tenant_id: UUID, ...Object.fromEntries(COUNTS.map((name) => [name, INTEGER])) },
  ['tenant_id', ...COUNTS],
);
const WORKSPACE_TTL = object(
  { tenant_id: { type: 'string' }, is_custom: { type: 'boolean' }, longlived_ttl_days: INTEGER },
  [],
);
const USAGE_LIMIT = object(
  {
    limit_type: LIMIT_TYPE,
    limit_value: INTEGER,
    tenant_id: UUID,
    created_at: TIME,
    updated_at: TIME,
    id: UUID,
  },
  ['limit_type', 'limit_value', 'tenant_id', 'created_at', 'updated_at'],
);
const TTL_SETTINGS = object(
  {
    ...{ id: UUID, organization_id: UUID, created_at: TIME, updated_at: TIME, tenant_id: orNull(UUID) },
    default_trace_tier: { enum: ['longlived', 'shortlived'] },
    configured_by: { enum: ['system', 'user'] },
    apply_to_all_projects: { type: 'boolean' },
    longlived_ttl_days: orNull(INTEGER),
  },
  ['default_trace_tier', 'id', 'organization_id', 'created_at', 'updated_at', 'configured_by'],
);

export const USAGE_SHAPES: readonly (readonly [path: string, schema: object])[] = [
  ['/api/v1/workspaces/current/usage_limits', TENANT_USAGE_LIMIT_INFO],
  ['/api/v1/workspaces/current/stats', TENANT_STATS],
  ['/api/v1/workspaces/current/ttl-settings', WORKSPACE_TTL],
  ['/api/v1/usage-limits', listOf(USAGE_LIMIT)],
  ['/api/v1/usage-limits/org', listOf(USAGE_LIMIT)],
  ['/api/v1/ttl-settings', listOf(TTL_SETTINGS)],
  ['/api/v1/orgs/ttl-settings', listOf(TTL_SETTINGS)],
];
