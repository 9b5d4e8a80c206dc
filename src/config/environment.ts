import { IsIn, Matches, MaxLength } from 'class-validator';
import type { LogLevel } from '../common/logging/server-log.js';
import type { Mailbox } from '../common/mail/mailer.js';
import type { MailTemplates } from '../common/mail/texts/mail-templates.js';
import { MAX_NAME_LENGTH } from '../common/http/fields.decorator.js';
import { INVISIBLE } from '../common/http/value-checks.js';
import { bootstrapFile } from './bootstrap-file.js';
import { type BootstrapItem, scimTokenSecret, serviceKeySecret } from './bootstrap-items.js';
import { certificates, certificatesPath, clientKey, type ClientKey, contentOf } from './client-key.js';
import { readablePath } from './database-connection.js';
import { mailTemplates } from './mail-templates-folder.js';
import { postgresUrl } from './postgres-url.js';
import type { FeatureFlags } from './feature-flags.js';
import { AUTH_METHODS, type AuthMethod } from './login-mode.js';
import { AcceptablePassword, InRange, Limit, MAX_INTEGER } from './value-rules.decorator.js';
import * as read from './variable-readers.js';

/** The longest lifetime of a cookie in browsers (RFC 6265bis, section 5.5). */
const FOUR_HUNDRED_DAYS_IN_SECONDS = 34_560_000;
const A_WEEK_IN_SECONDS = 604_800;

/** Something to see, and nothing that is `INVISIBLE`. */
const VISIBLE = new RegExp(`^(?=.*\\S)(?:(?!${INVISIBLE.source}).)+$`, 'u');

const WHICH_AUTH_TYPE =
  'must be mixed or oauth: every request needs a user. ' +
  'Set mixed and BASIC_AUTH_ENABLED=true for passwords, or OAUTH_CLIENT_ID and OAUTH_ISSUER_URL for single sign-on';

/** Collectors accept JSON at the address of protobuf. */
const OTLP_PROTOCOLS = ['http/json', 'http/protobuf'];

/** The environment variables with their defaults; null means that a variable is not set. */
export class Environment {
  @Matches(/^\S+$/, { message: 'must be a host name or an IP address' }) HOST = '127.0.0.1';
  @InRange(0, 65_535) PORT = 1984;
  @InRange(0, 65_535) METRICS_PORT: number | null = null;
  LANGSMITH_URL: string | null = null;
  TRUSTED_PROXIES: readonly string[] | null = null;
  CORS_ALLOWED_ORIGINS: '*' | readonly string[] = '*';
  CORS_ALLOWED_ORIGINS_REGEX: RegExp | null = null;
  CONSOLE_ENABLED = true;
  @InRange(0, 3600) SHUTDOWN_DRAIN_SECONDS = 8;
  LOG_LEVEL: LogLevel = 'info';
  OTEL_EXPORTER_OTLP_ENDPOINT: string | null = null;
  @IsIn(OTLP_PROTOCOLS, { message: `must be ${OTLP_PROTOCOLS.join(' or ')}; traces are sent over HTTP only` })
  OTEL_EXPORTER_OTLP_PROTOCOL: string | null = null;
  OTEL_SERVICE_NAME = 'tenantry';
  OTEL_TRACING_ENABLED = false;
  OTLP_ENDPOINT: string | null = null;
  OTEL_EXPORTER: string | null = null;
  OTEL_USE_TLS = true;
  OTEL_ENVIRONMENT: string | null = null;

  DATABASE_URL: string | null = null;
  DATABASE_DIRECT_URL: string | null = null;
  @Matches(/^(?!pg_)[a-z_]\w{0,39}$/i, {
    message: 'must be a name of letters, digits and _, at most 40, which does not begin with a digit or pg_',
  })
  POSTGRES_SCHEMA: string | null = null;
  POSTGRES_TLS = false;
  POSTGRES_TLS_CLIENT_CERT_PATH: string | null = null;
  POSTGRES_TLS_CLIENT_KEY_PATH: string | null = null;
  SSL_CERT_FILE: string | null = null;
  @Matches(/\S/, { message: 'must not be blank' }) DATA_DIR = './data';
  @InRange(2, 1000) DATABASE_POOL_SIZE = 10;
  @InRange(0, 3600) DATABASE_WAIT_SECONDS = 60;
  @InRange(1, 3600) DATABASE_MIGRATION_LOCK_SECONDS = 2;
  @InRange(1, 100) DATABASE_TRANSACTIONS_PERCENT = 70;
  @InRange(1, 600) DATABASE_CONNECT_SECONDS = 5;
  @InRange(0, 86_400) DATABASE_STATEMENT_SECONDS = 30;
  @InRange(0, 86_400) DATABASE_LOCK_SECONDS = 10;
  @InRange(0, 86_400) DATABASE_IDLE_IN_TRANSACTION_SECONDS = 30;
  @InRange(0, 7200) DATABASE_KEEPALIVE_SECONDS = 10;
  @IsIn(['on', 'off'], { message: 'must be on or off' }) CALLER_CACHE = 'on';
  @InRange(100, 1_000_000) CALLER_CACHE_ENTRIES = 10_000;
  @InRange(1, 3600) LIST_WAIT_SECONDS = 10;
  @InRange(0, 3600) LIST_STALL_SECONDS = 30;
  @InRange(0, 86_400) LIST_SECONDS = 1800;

  @MaxLength(MAX_NAME_LENGTH, { message: `must have at most ${MAX_NAME_LENGTH} characters` })
  @Matches(VISIBLE, { message: 'must not be blank, nor hold control or invisible characters' })
  INITIAL_ORG_NAME = 'Default';
  @Matches(/^[a-zA-Z0-9\-_ '@()]+$/, { message: "may hold only letters, digits, spaces, - _ ' @ ( and )" })
  DEFAULT_WORKSPACE_NAME = 'Workspace 1';
  INITIAL_ORG_ADMIN_EMAIL: string | null = null;
  @AcceptablePassword() INITIAL_ORG_ADMIN_PASSWORD: string | null = null;
  BOOTSTRAP_FILE: readonly BootstrapItem[] | null = null;
  BOOTSTRAP_SERVICE_KEY: string | null = null;
  BOOTSTRAP_SCIM_TOKEN: string | null = null;

  @IsIn(['mixed', 'oauth'], { message: WHICH_AUTH_TYPE }) AUTH_TYPE: string | null = null;
  BASIC_AUTH_ENABLED: boolean | null = null;
  @Matches(/\S/, { message: 'must not be blank' })
  BASIC_AUTH_JWT_SECRET: string | null = null;
  @InRange(1, FOUR_HUNDRED_DAYS_IN_SECONDS) BASIC_AUTH_SESSION_SECONDS = 86_400;
  OAUTH_CLIENT_ID: string | null = null;
  OAUTH_CLIENT_SECRET: string | null = null;
  OAUTH_CLIENT_PRIVATE_KEY: ClientKey | null = null;
  @IsIn(AUTH_METHODS, { message: `must be one of ${AUTH_METHODS.join(', ')}` })
  OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: AuthMethod | null = null;
  OAUTH_ISSUER_URL: string | null = null;
  OAUTH_SCOPES: readonly string[] = ['email', 'profile', 'openid'];
  OAUTH_AUTHORIZATION_PARAMS: Readonly<Record<string, string>> | null = null;
  OAUTH_URL_ENCODE_SCOPE_SPACES = false;
  @InRange(1, A_WEEK_IN_SECONDS) OAUTH_SESSION_MAX_SEC = 86_400;
  OAUTH_OVERRIDE_TOKEN_EXPIRY = false;
  OAUTH_IDP_LOGOUT_ENABLED = false;
  OAUTH_LOGOUT_URL: string | null = null;
  @Matches(/^(?!client_id$|id_token_hint$)[\w.-]+$/, {
    message: 'must be the name of a parameter for the return address',
  })
  OAUTH_LOGOUT_RETURN_PARAM = 'post_logout_redirect_uri';
  OAUTH_TRUST_UNVERIFIED_EMAIL = false;
  OAUTH_ALLOWED_EMAIL_DOMAINS: readonly string[] | null = null;
  OAUTH_GROUP_NAMES: Readonly<Record<string, string>> | null = null;
  SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS = false;
  ISSUER_SUB_CLAIM_OVERRIDES: Readonly<Record<string, string>> | null = null;
  OAUTH_CA_CERTIFICATES_FILE: string | null = null;
  HTTPS_PROXY: string | null = null;
  NO_PROXY: string | null = null;
  @Matches(/\S/, { message: 'must not be blank' }) API_KEY_SALT: string | null = null;

  @InRange(0, 36_500) AUDIT_RETENTION_DAYS = 400;
  @InRange(1, 3600) AUDIT_SEAL_SECONDS = 5;
  @Matches(/\S/, { message: 'must not be blank' }) AUDIT_SEAL_SECRET: string | null = null;
  SMTP_URL: string | null = null;
  MAIL_FROM: Mailbox | null = null;
  @MaxLength(MAX_NAME_LENGTH)
  @Matches(VISIBLE, { message: 'must have visible characters and no control characters' })
  MAIL_PRODUCT_NAME = 'Tenantry';
  MAIL_LOGO_URL: string | null = null;
  MAIL_ACCENT_COLOR = '#1c5d50';
  MAIL_BACKGROUND_COLOR = '#f3f5f6';
  MAIL_LANGUAGE = 'en';
  MAIL_TEMPLATES_DIR: MailTemplates | null = null;

  @InRange(0, 36_500) INVITATION_TTL_DAYS = 30;
  @InRange(0, 36_500) INVITATION_RETENTION_DAYS = 180;
  @InRange(0, 36_500) KEY_RETENTION_DAYS = 180;
  @InRange(0, 36_500) DELETED_WORKSPACE_RETENTION_DAYS = 400;
  @InRange(1, 86_400) REMOVAL_INTERVAL_SECONDS = 600;
  @Limit() DEFAULT_ORG_MAX_IDENTITIES = -1;
  @Limit() DEFAULT_ORG_MAX_WORKSPACES = -1;
  DEFAULT_ORG_FEATURE_CAN_USE_TEAMS = true;
  @Matches(/^[^\p{L}\p{M}\p{N}\p{C}]+$/u, { message: 'may hold no letters, digits and control characters' })
  FF_ALLOWED_SCIM_SEPARATORS = ':-_ &';

  @InRange(0, MAX_INTEGER) RATE_LIMIT_REQUESTS_PER_MINUTE = 2000;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_SCIM_REQUESTS_PER_MINUTE: number | null = null;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_INVITE_BATCHES_PER_MINUTE = 60;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_LOGINS_PER_MINUTE = 60;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_LOGINS_PER_IPV6_56_PER_MINUTE: number | null = null;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE: number | null = null;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE = 600;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE = 10;
  @InRange(0, MAX_INTEGER) RATE_LIMIT_LOGINS_PER_EMAIL_AND_NETWORK_PER_MINUTE: number | null = null;

  /** Variables, defaults and meanings are in `FEATURE_FLAGS` of feature-flags.ts. */
  flags: FeatureFlags;
}

export type VariableName = Exclude<keyof Environment, 'flags'>;

export const READERS: { readonly [Name in VariableName]: read.VariableReader<Environment[Name]> } = {
  HOST: read.text,
  PORT: read.integer,
  METRICS_PORT: read.integer,
  LANGSMITH_URL: read.publicUrl,
  TRUSTED_PROXIES: read.networks,
  CORS_ALLOWED_ORIGINS: read.origins,
  CORS_ALLOWED_ORIGINS_REGEX: read.anchoredPattern,
  CONSOLE_ENABLED: read.boolean,
  SHUTDOWN_DRAIN_SECONDS: read.integer,
  LOG_LEVEL: read.logLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: read.publicUrl,
  OTEL_EXPORTER_OTLP_PROTOCOL: read.text,
  OTEL_SERVICE_NAME: read.text,
  OTEL_TRACING_ENABLED: read.boolean,
  OTLP_ENDPOINT: read.text,
  OTEL_EXPORTER: read.text,
  OTEL_USE_TLS: read.boolean,
  OTEL_ENVIRONMENT: read.text,
  DATABASE_URL: postgresUrl,
  DATABASE_DIRECT_URL: postgresUrl,
  POSTGRES_SCHEMA: read.text,
  POSTGRES_TLS: read.boolean,
  POSTGRES_TLS_CLIENT_CERT_PATH: readablePath,
  POSTGRES_TLS_CLIENT_KEY_PATH: readablePath,
  SSL_CERT_FILE: certificatesPath,
  DATA_DIR: read.text,
  DATABASE_POOL_SIZE: read.integer,
  DATABASE_WAIT_SECONDS: read.integer,
  DATABASE_MIGRATION_LOCK_SECONDS: read.integer,
  DATABASE_TRANSACTIONS_PERCENT: read.integer,
  DATABASE_CONNECT_SECONDS: read.integer,
  DATABASE_STATEMENT_SECONDS: read.integer,
  DATABASE_LOCK_SECONDS: read.integer,
  DATABASE_IDLE_IN_TRANSACTION_SECONDS: read.integer,
  DATABASE_KEEPALIVE_SECONDS: read.integer,
  CALLER_CACHE: read.text,
  CALLER_CACHE_ENTRIES: read.integer,
  LIST_WAIT_SECONDS: read.integer,
  LIST_STALL_SECONDS: read.integer,
  LIST_SECONDS: read.integer,
  INITIAL_ORG_NAME: read.text,
  DEFAULT_WORKSPACE_NAME: read.text,
  INITIAL_ORG_ADMIN_EMAIL: read.email,
  INITIAL_ORG_ADMIN_PASSWORD: read.text,
  BOOTSTRAP_FILE: contentOf(bootstrapFile),
  BOOTSTRAP_SERVICE_KEY: serviceKeySecret,
  BOOTSTRAP_SCIM_TOKEN: scimTokenSecret,
  AUTH_TYPE: read.text,
  BASIC_AUTH_ENABLED: read.boolean,
  BASIC_AUTH_JWT_SECRET: read.text,
  BASIC_AUTH_SESSION_SECONDS: read.integer,
  OAUTH_CLIENT_ID: read.text,
  OAUTH_CLIENT_SECRET: read.text,
  OAUTH_CLIENT_PRIVATE_KEY: clientKey,
  OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: read.text as read.VariableReader<AuthMethod>,
  OAUTH_ISSUER_URL: read.issuerUrl,
  OAUTH_SCOPES: read.scopes,
  OAUTH_AUTHORIZATION_PARAMS: read.authorizationParameters,
  OAUTH_URL_ENCODE_SCOPE_SPACES: read.boolean,
  OAUTH_SESSION_MAX_SEC: read.integer,
  OAUTH_OVERRIDE_TOKEN_EXPIRY: read.boolean,
  OAUTH_IDP_LOGOUT_ENABLED: read.boolean,
  OAUTH_LOGOUT_URL: read.issuerUrl,
  OAUTH_LOGOUT_RETURN_PARAM: read.text,
  OAUTH_TRUST_UNVERIFIED_EMAIL: read.boolean,
  OAUTH_ALLOWED_EMAIL_DOMAINS: read.emailDomains,
  OAUTH_GROUP_NAMES: read.groupNames,
  SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS: read.boolean,
  ISSUER_SUB_CLAIM_OVERRIDES: read.claimPerIssuer,
  OAUTH_CA_CERTIFICATES_FILE: contentOf(certificates),
  HTTPS_PROXY: read.proxyUrl,
  NO_PROXY: read.text,
  API_KEY_SALT: read.text,
  AUDIT_RETENTION_DAYS: read.integer,
  AUDIT_SEAL_SECONDS: read.integer,
  AUDIT_SEAL_SECRET: read.text,
  SMTP_URL: read.smtpUrl,
  MAIL_FROM: read.mailbox,
  MAIL_PRODUCT_NAME: read.text,
  MAIL_LOGO_URL: read.httpsUrl,
  MAIL_ACCENT_COLOR: read.color,
  MAIL_BACKGROUND_COLOR: read.color,
  MAIL_LANGUAGE: read.text,
  MAIL_TEMPLATES_DIR: mailTemplates,
  INVITATION_TTL_DAYS: read.integer,
  INVITATION_RETENTION_DAYS: read.integer,
  KEY_RETENTION_DAYS: read.integer,
  DELETED_WORKSPACE_RETENTION_DAYS: read.integer,
  REMOVAL_INTERVAL_SECONDS: read.integer,
  DEFAULT_ORG_MAX_IDENTITIES: read.integer,
  DEFAULT_ORG_MAX_WORKSPACES: read.integer,
  DEFAULT_ORG_FEATURE_CAN_USE_TEAMS: read.boolean,
  FF_ALLOWED_SCIM_SEPARATORS: read.text,
  RATE_LIMIT_REQUESTS_PER_MINUTE: read.integer,
  RATE_LIMIT_SCIM_REQUESTS_PER_MINUTE: read.integer,
  RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: read.integer,
  RATE_LIMIT_LOGINS_PER_MINUTE: read.integer,
  RATE_LIMIT_LOGINS_PER_IPV6_56_PER_MINUTE: read.integer,
  RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE: read.integer,
  RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE: read.integer,
  RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: read.integer,
  RATE_LIMIT_LOGINS_PER_EMAIL_AND_NETWORK_PER_MINUTE: read.integer,
};

export const VARIABLE_NAMES = Object.keys(READERS) as VariableName[];
