/** Environments as LangSmith's Helm chart renders them, and as its docker compose file did. */
export type ChartEnvironment = Readonly<Record<string, string>>;

/** Variables of other parts of LangSmith that every pod has; the server ignores them. */
const FOREIGN_NAMES = [
  'AGENT_BUILDER_ENCRYPTION_KEY AZURE_STORAGE_ACCOUNT_KEY AZURE_STORAGE_ACCOUNT_NAME AZURE_STORAGE_CONNECTION_STRING',
  'AZURE_STORAGE_CONTAINER_NAME AZURE_STORAGE_SERVICE_URL_OVERRIDE BLOB_STORAGE_ENGINE CLICKHOUSE_CLUSTER CLICKHOUSE_DB',
  'CLICKHOUSE_HOST CLICKHOUSE_HYBRID CLICKHOUSE_NATIVE_PORT CLICKHOUSE_PASSWORD CLICKHOUSE_PORT CLICKHOUSE_TLS',
  'CLICKHOUSE_TLS_CLIENT_CERT_PATH CLICKHOUSE_TLS_CLIENT_KEY_PATH CLICKHOUSE_USER CLIO_ENCRYPTION_KEY',
  'ENABLE_CLICKHOUSE_METRICS_CRON ENABLE_LGP_DEPLOYMENT_HEALTH_CHECK ENABLE_POSTGRES_METRICS_CRON',
  'ENABLE_REDIS_METRICS_CRON FF_BLOB_STORAGE_ENABLED FF_CH_SEARCH_ENABLED FF_PERSIST_BATCHED_RUNS_SUCCESS_LOGGING',
  'FF_RUN_STATS_GROUP_BY_ENABLED_ALL FF_S3_STORAGE_ENABLED FF_TRACE_TIERS_ENABLED FF_UPGRADE_TRACE_TIER_ENABLED',
  'GO_ACE_ENDPOINT GO_FEEDBACK_QUEUE_ENABLED_ALL GO_QUEUE_ENABLED_ALL HOSTED_K8S_ROOT_DOMAIN HOSTED_K8S_SHARED_INGRESS',
  'HOST_BACKEND_ENDPOINT HOST_BACKEND_ENDPOINT_PUBLIC HOST_LANGCHAIN_API_ENDPOINT HOST_QUEUE',
  'HOST_WORKER_RECONCILIATION_CRON_ENABLED MIN_BLOB_STORAGE_SIZE_KB PLAYGROUND_ENDPOINT REDIS_CLUSTER_DATABASE_URIS',
  'REDIS_CLUSTER_PASSWORD REDIS_CLUSTER_USE_SSL_CONNECTION REDIS_IAM_AUTH_PROVIDER REDIS_RUNS_EXPIRY_SECONDS',
  'REDIS_TLS_CLIENT_CERT_PATH REDIS_TLS_CLIENT_KEY_PATH S3_ACCESS_KEY S3_ACCESS_KEY_SECRET S3_API_URL S3_BUCKET_NAME',
  'S3_KMS_ENCRYPTION_ENABLED S3_KMS_KEY_ARN S3_RUN_MANIFEST_BUCKET_NAME S3_USE_PATH_STYLE',
  'SEPARATE_QUEUES_WITH_SINGLE_WORKER TRACE_TIER_TTL_DURATION_SEC_MAP',
].flatMap((line) => line.split(' '));

/** Injected by Kubernetes for Services of the namespace, and by images of Node. */
const KUBERNETES = {
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
  KUBERNETES_SERVICE_PORT: '443',
  POSTGRES_PORT: 'tcp://10.96.3.7:5432',
  POSTGRES_SERVICE_HOST: '10.96.3.7',
  HOSTNAME: 'tenantry-7d9c5b7f4-x2x8z',
  HOME: '/',
  NODE_VERSION: '24.21.0',
  YARN_VERSION: '1.22.22',
  HTTP_PROXY: 'http://proxy.example.com:3128',
};

const PLATFORM_BACKEND = 'http://langsmith-platform-backend.langsmith.svc.cluster.local:1986';

const COMMON = {
  ...Object.fromEntries(FOREIGN_NAMES.map((name) => [name, 'foreign'])),
  ...KUBERNETES,
  GO_ENDPOINT: PLATFORM_BACKEND,
  SMITH_BACKEND_ENDPOINT: 'http://langsmith-backend.langsmith.svc.cluster.local:1984',
  BEACON_LOGGING_ENABLED: 'true',
  BEACON_METRICS_ENABLED: 'true',
  BEACON_TRACING_ENABLED: 'true',
  CORS_ALLOWED_ORIGINS: '*',
  IS_SELF_HOSTED: 'true',
  LANGCHAIN_ENV: 'local_kubernetes',
  LOG_LEVEL: 'info',
  DEFAULT_ORG_FEATURE_ENGINE_DEFAULT_ENABLED: 'false',
  DEFAULT_ORG_FEATURE_LLM_GATEWAY_ENABLED: 'true',
  FLEET_FEATURE_ENABLED: 'false',
  FF_ORG_CREATION_DISABLED: 'true',
  FF_PERSONAL_ORGS_DISABLED: 'true',
  INITIAL_ORG_NAME: 'Default',
  DEFAULT_WORKSPACE_NAME: 'Workspace 1',
  ORG_ADMINS_INSTALLATION_USAGE_EXPORT_ENABLED: 'false',
  USAGE_EXPORT_ADMIN_EMAILS: '[]',
  REDIS_CLUSTER_ENABLED: 'false',
  REDIS_CLUSTER_SAFE_MODE: 'false',
  REDIS_DATABASE_URI: 'redis://redis:6379',
  LANGSMITH_LICENSE_KEY: 'lic-EXAMPLE',
  LANGGRAPH_CLOUD_LICENSE_KEY: 'lic-EXAMPLE',
  API_KEY_SALT: 'salt-EXAMPLE-of-at-least-32-characters',
  X_SERVICE_AUTH_JWT_SECRET: 'salt-EXAMPLE-of-at-least-32-characters',
  OTEL_TRACING_ENABLED: 'false',
  OTLP_ENDPOINT: '',
  POSTGRES_SCHEMA: 'public',
  POSTGRES_TLS: 'false',
} satisfies ChartEnvironment;

/** Names that charts from 0.16 on have besides. */
const SINCE_0_16 = {
  AUTH_ENDPOINT: PLATFORM_BACKEND,
  LANGSMITH_AUTH_ENDPOINT: PLATFORM_BACKEND,
  OAUTH_AS_ENABLED: 'true',
};

const BASIC_AUTH = {
  AUTH_TYPE: 'mixed',
  VITE_BACKEND_AUTH_TYPE: 'mixed',
  BASIC_AUTH_ENABLED: 'true',
  VITE_BASIC_AUTH_ENABLED: 'true',
  BASIC_AUTH_JWT_SECRET: 'jwt-secret-EXAMPLE-of-at-least-32-characters',
};

const OAUTH = {
  AUTH_TYPE: 'mixed',
  VITE_BACKEND_AUTH_TYPE: 'mixed',
  BASIC_AUTH_ENABLED: 'false',
  OAUTH_CLIENT_ID: 'client-EXAMPLE',
  OAUTH_CLIENT_SECRET: 'secret-EXAMPLE',
  OAUTH_ISSUER_URL: 'https://idp.example.com',
  OAUTH_SCOPES: 'email,profile,openid,offline_access',
  OAUTH_SESSION_MAX_SEC: '86400',
  FF_WORKSPACE_SCOPE_ORG_INVITES_ENABLED: 'true',
  LANGSMITH_SIGNING_JWKS: '',
};

const addressed = (path = ''): ChartEnvironment => ({
  LANGSMITH_URL: `tenantry.example.com${path}`,
  LANGSMITH_PUBLIC_API_ENDPOINT: `https://tenantry.example.com${path}/api`,
  LANGCHAIN_ENDPOINT: `${path}/api/v1`,
  OAUTH_AS_ISSUER: `https://tenantry.example.com${path}/api`,
  ...(path && { DOCS_PREFIX: `${path}/api` }),
});

/** Basic auth, a PostgreSQL with a private authority and client certificates. */
export const BASIC_WITH_TLS: ChartEnvironment = {
  ...COMMON,
  ...SINCE_0_16,
  ...BASIC_AUTH,
  ...addressed(),
  PORT: '1984',
  POSTGRES_DATABASE_URI: 'tenantry:p%40ss@pg.example.com:5432/tenantry?sslmode=verify-full',
  POSTGRES_TLS: 'true',
  POSTGRES_TLS_CLIENT_CERT_PATH: '/etc/postgres/certs/client.crt',
  POSTGRES_TLS_CLIENT_KEY_PATH: '/etc/postgres/certs/client.key',
  SSL_CERT_FILE: '/etc/ssl/certs/custom-ca-certificates.crt',
};

/** Single sign-on below a base path, with traces and a schema. */
export const OAUTH_BELOW_PATH: ChartEnvironment = {
  ...COMMON,
  ...SINCE_0_16,
  ...OAUTH,
  ...addressed('/langsmith'),
  PORT: '1986',
  OAUTH_URL_ENCODE_SCOPE_SPACES: 'false',
  POSTGRES_DATABASE_URI: 'tenantry:secret@pg.example.com:5432/tenantry',
  POSTGRES_SCHEMA: 'tenantry',
  OTEL_TRACING_ENABLED: 'true',
  OTLP_ENDPOINT: 'otel-collector.observability:4318',
  OTEL_EXPORTER: 'http',
  OTEL_USE_TLS: 'true',
  OTEL_EXPORTER_OTLP_INSECURE: 'false',
  OTEL_ENVIRONMENT: 'ls_self_hosted',
};

/** Basic auth; salt, JWT secret and database come from secrets that the operator made. */
export const BASIC_WITH_EXISTING_SECRETS: ChartEnvironment = {
  ...COMMON,
  ...SINCE_0_16,
  ...BASIC_AUTH,
  ...addressed(),
  PORT: '1984',
  BASIC_AUTH_JWT_SECRET: 'from langsmith-app/jwt_secret',
  POSTGRES_DATABASE_URI: 'tenantry:s/e#c?r@et%1@pg.example.com:5432/tenantry?sslmode=require',
};

/** Single sign-on below a base path; the database is asked for with the identity of the cloud. */
export const OAUTH_WITH_IAM: ChartEnvironment = {
  ...OAUTH_BELOW_PATH,
  POSTGRES_SCHEMA: 'public',
  POSTGRES_IAM_AUTH_PROVIDER: 'aws',
  OTEL_TRACING_ENABLED: 'false',
  OTLP_ENDPOINT: '',
};

/** Single sign-on without a client secret: `authType: oauth`. */
export const OAUTH_PKCE: ChartEnvironment = without(
  {
    ...COMMON,
    ...SINCE_0_16,
    ...addressed(),
    PORT: '1986',
    AUTH_TYPE: 'oauth',
    VITE_BACKEND_AUTH_TYPE: 'oauth',
    BASIC_AUTH_ENABLED: 'false',
    OAUTH_CLIENT_ID: 'client-EXAMPLE',
    OAUTH_ISSUER_URL: 'https://idp.example.com',
    POSTGRES_DATABASE_URI: 'tenantry:secret@pg.example.com:5432/tenantry',
  },
  ['INITIAL_ORG_NAME', 'DEFAULT_WORKSPACE_NAME'],
);

/** Of chart 0.11: the address as the operator typed it, with its scheme, and fewer names. */
const IN_0_11 = (environment: ChartEnvironment): ChartEnvironment => ({
  ...without(environment, [
    ...Object.keys(SINCE_0_16),
    'LANGSMITH_PUBLIC_API_ENDPOINT',
    'OAUTH_AS_ISSUER',
    'OAUTH_URL_ENCODE_SCOPE_SPACES',
    'CORS_ALLOWED_ORIGINS',
  ]),
  LANGSMITH_URL: 'https://tenantry.example.com',
});

/** Of charts 0.12 to 0.15: no address with a scheme. Up to 0.13.8 without the base path too. */
const IN_0_12 = (environment: ChartEnvironment): ChartEnvironment => ({
  ...IN_0_11(environment),
  LANGSMITH_URL: 'tenantry.example.com',
});

/** `LANGSMITH_URL` is what the server has to make of it. */
export const ACCEPTED: readonly (readonly [string, ChartEnvironment, { LANGSMITH_URL: string }])[] = [
  ['chart 0.11, basic auth', IN_0_11(BASIC_WITH_EXISTING_SECRETS), at('https://tenantry.example.com')],
  ['chart 0.11, single sign-on', IN_0_11(OAUTH_BELOW_PATH), at('https://tenantry.example.com')],
  ['chart 0.12, basic auth', IN_0_12(BASIC_WITH_EXISTING_SECRETS), at('https://tenantry.example.com')],
  ['chart 0.12, single sign-on', IN_0_12(OAUTH_BELOW_PATH), at('https://tenantry.example.com')],
  [
    'chart 0.13 to 0.15, base path',
    { ...IN_0_12(OAUTH_BELOW_PATH), LANGSMITH_URL: 'tenantry.example.com/langsmith' },
    at('https://tenantry.example.com/langsmith'),
  ],
  ['chart 0.16 and 0.17, existing secrets', BASIC_WITH_EXISTING_SECRETS, at('https://tenantry.example.com')],
  ['chart 0.16 and 0.17, base path', OAUTH_BELOW_PATH, at('https://tenantry.example.com/langsmith')],
  ['chart 0.16 and 0.17, PKCE', OAUTH_PKCE, at('https://tenantry.example.com')],
];

/** The `.env` file of docker compose, with password login instead of none. */
export const COMPOSE: ChartEnvironment = {
  AUTH_TYPE: 'mixed',
  VITE_BACKEND_AUTH_TYPE: 'mixed',
  BASIC_AUTH_ENABLED: 'true',
  VITE_BASIC_AUTH_ENABLED: 'true',
  BASIC_AUTH_JWT_SECRET: 'your-jwt-secret',
  OAUTH_CLIENT_ID: '',
  OAUTH_CLIENT_SECRET: '',
  OAUTH_ISSUER_URL: '',
  LANGSMITH_URL: 'http://localhost:1980',
  API_KEY_SALT: 'super',
  X_SERVICE_AUTH_JWT_SECRET: 'super',
  POSTGRES_DATABASE_URI: 'postgres:postgres@langchain-db:5432/postgres',
  ASYNCPG_POOL_MAX_SIZE: '3',
  LOG_LEVEL: 'warning',
  FF_ORG_CREATION_DISABLED: 'false',
  LANGSMITH_LICENSE_KEY: 'your-license-key',
  REDIS_DATABASE_URI: 'redis://langchain-redis:6379',
  CLICKHOUSE_HOST: 'langchain-clickhouse',
};

function at(LANGSMITH_URL: string): { LANGSMITH_URL: string } {
  return { LANGSMITH_URL };
}

function without(environment: ChartEnvironment, names: readonly string[]): ChartEnvironment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}
