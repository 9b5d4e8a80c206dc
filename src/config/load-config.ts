import { resolve } from 'node:path';
import { HASH_QUEUE_BOUNDS } from '../common/secrets/hash-queue.js';
import { OWASP_COST } from '../common/secrets/password-hasher.js';
import type { BootstrapItem } from './bootstrap-items.js';
import type { Config } from './config.js';
import { connectionUrl, schemaOf } from './database-connection.js';
import type { Environment } from './environment.js';
import { templatesOf } from './mail-templates-folder.js';
import { type Installation, parseEnvironment } from './parse-environment.js';
import { findSecrets, loadOrCreateSecrets, type LoadSecrets } from './secrets-file.js';
import { sessionSecretFrom, sessionSecretOfSalt } from './session-secret.js';
import { settingWarnings } from './setting-warnings.js';
import { ssoOf } from './sso-config.js';
import { tracingOf } from './tracing.js';

/**
 * The configuration that an environment describes. Reads or creates the secrets file only if the environment is valid
 * and leaves a secret out.
 *
 * @throws InvalidEnvironment or UnusableSecretsFile; the messages are for the operator and hold no secret
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  loadSecrets: LoadSecrets = loadOrCreateSecrets,
  installation?: Installation,
): Config {
  const environment = parseEnvironment(env, installation);
  const { jwtSecret, salt, embeddedPassword } = secretsOf(environment, loadSecrets);
  return deepFreeze<Config>({
    warnings: settingWarnings(env, environment),
    server: serverOf(environment),
    database: databaseOf(environment, embeddedPassword),
    callerCache: { isOn: environment.CALLER_CACHE === 'on', maxEntries: environment.CALLER_CACHE_ENTRIES },
    trustedCertificatesFile: environment.SSL_CERT_FILE,
    lists: listsOf(environment),
    log: { level: environment.LOG_LEVEL },
    tracing: tracingOf(environment),
    bootstrap: bootstrapOf(environment),
    basicAuth: {
      jwtSecret,
      sessionSeconds: environment.BASIC_AUTH_SESSION_SECONDS,
      hashing: OWASP_COST,
      hashQueue: HASH_QUEUE_BOUNDS,
    },
    sso: ssoOf(environment),
    ssoSettings: { allowPrivateMetadataUrls: environment.SSO_METADATA_URL_ALLOW_PRIVATE_NETWORKS },
    apiKeys: { salt },
    mail: mailOf(environment),
    mailAppearance: mailAppearanceOf(environment),
    flags: environment.flags,
    audit: auditOf(environment, salt),
    retention: retentionOf(environment),
    limits: limitsOf(environment),
    groupNameSeparators: environment.FF_ALLOWED_SCIM_SEPARATORS,
    rateLimits: rateLimitsOf(environment),
  });
}

const limitsOf = (environment: Environment): Config['limits'] => ({
  invitationTtlDays: environment.INVITATION_TTL_DAYS,
  maxIdentities: environment.DEFAULT_ORG_MAX_IDENTITIES,
  maxWorkspaces: environment.DEFAULT_ORG_MAX_WORKSPACES,
  canUseUserGroups: environment.DEFAULT_ORG_FEATURE_CAN_USE_TEAMS,
});

/** Given secrets take precedence over stored ones; with a salt and a database, nothing is written. */
function secretsOf(environment: Environment, loadSecrets: LoadSecrets) {
  const { BASIC_AUTH_JWT_SECRET: given, API_KEY_SALT: salt, DATABASE_URL: url } = environment;
  const directory = resolve(environment.DATA_DIR);
  const jwtSecret = given === null ? null : sessionSecretFrom(given);
  if (salt !== null && url !== null)
    return { jwtSecret: jwtSecret ?? keptOrDerived(directory, salt), salt, embeddedPassword: null };
  const stored = loadSecrets(directory);
  return {
    jwtSecret: jwtSecret ?? stored.basicAuthJwtSecret,
    salt: salt ?? stored.apiKeySalt,
    embeddedPassword: url === null ? stored.databasePassword : null,
  };
}

/** One that an earlier version has generated stays valid; all replicas derive the same one from their salt. */
const keptOrDerived = (directory: string, salt: string): string =>
  findSecrets(directory)?.basicAuthJwtSecret ?? sessionSecretOfSalt(salt);

function serverOf(environment: Environment): Config['server'] {
  return {
    host: environment.HOST,
    port: environment.PORT,
    metricsPort: environment.METRICS_PORT,
    publicUrl: environment.LANGSMITH_URL,
    trustedProxies: environment.TRUSTED_PROXIES ?? [],
    corsAllowedOrigins: environment.CORS_ALLOWED_ORIGINS,
    corsAllowedOriginsRegex: environment.CORS_ALLOWED_ORIGINS_REGEX,
    consoleIsEnabled: environment.CONSOLE_ENABLED,
    shutdownDrainSeconds: environment.SHUTDOWN_DRAIN_SECONDS,
  };
}

function databaseOf(environment: Environment, embeddedPassword: string | null): Config['database'] {
  const url = urlOf(environment.DATABASE_URL, environment);
  return {
    url,
    directUrl: urlOf(environment.DATABASE_DIRECT_URL, environment) ?? url,
    schema: schemaOf(environment),
    dataDirectory: resolve(environment.DATA_DIR),
    embeddedPassword,
    poolSize: environment.DATABASE_POOL_SIZE,
    waitSeconds: environment.DATABASE_WAIT_SECONDS,
    migrationLockSeconds: environment.DATABASE_MIGRATION_LOCK_SECONDS,
    transactionsPercent: environment.DATABASE_TRANSACTIONS_PERCENT,
    limits: {
      connectSeconds: environment.DATABASE_CONNECT_SECONDS,
      statementSeconds: environment.DATABASE_STATEMENT_SECONDS,
      lockSeconds: environment.DATABASE_LOCK_SECONDS,
      idleInTransactionSeconds: environment.DATABASE_IDLE_IN_TRANSACTION_SECONDS,
      keepAliveSeconds: environment.DATABASE_KEEPALIVE_SECONDS,
    },
  };
}

const urlOf = (url: string | null, environment: Environment): string | null =>
  url === null ? null : connectionUrl(url, environment);

const listsOf = (environment: Environment): Config['lists'] => ({
  waitSeconds: environment.LIST_WAIT_SECONDS,
  stallSeconds: environment.LIST_STALL_SECONDS,
  totalSeconds: environment.LIST_SECONDS,
});

function bootstrapOf(environment: Environment): Config['bootstrap'] {
  return {
    orgName: environment.INITIAL_ORG_NAME,
    workspaceName: environment.DEFAULT_WORKSPACE_NAME,
    adminEmail: environment.INITIAL_ORG_ADMIN_EMAIL,
    adminPassword: environment.INITIAL_ORG_ADMIN_PASSWORD,
    items: [...(environment.BOOTSTRAP_FILE ?? []), ...itemsOfVariables(environment)],
  };
}

function itemsOfVariables(environment: Environment): BootstrapItem[] {
  const { BOOTSTRAP_SERVICE_KEY: key, BOOTSTRAP_SCIM_TOKEN: token } = environment;
  const admin = { workspaces: [], workspaceRole: 'WORKSPACE_ADMIN', orgRole: 'ORGANIZATION_ADMIN' } as const;
  return [
    ...(key === null
      ? []
      : [{ kind: 'service_key', name: 'BOOTSTRAP_SERVICE_KEY', secret: key, ...admin } as const]),
    ...(token === null ? [] : [{ kind: 'scim_token', name: 'BOOTSTRAP_SCIM_TOKEN', secret: token } as const]),
  ];
}

const mailOf = ({ SMTP_URL: smtpUrl, MAIL_FROM: from }: Environment): Config['mail'] =>
  smtpUrl && from ? { smtpUrl, from } : null;

const mailAppearanceOf = (environment: Environment): Config['mailAppearance'] => ({
  templates: templatesOf(environment),
  productName: environment.MAIL_PRODUCT_NAME,
  logoUrl: environment.MAIL_LOGO_URL,
  accentColor: environment.MAIL_ACCENT_COLOR,
  backgroundColor: environment.MAIL_BACKGROUND_COLOR,
  language: environment.MAIL_LANGUAGE,
});

const auditOf = (environment: Environment, salt: string): Config['audit'] => ({
  retentionDays: environment.AUDIT_RETENTION_DAYS,
  sealSeconds: environment.AUDIT_SEAL_SECONDS,
  sealSecret: environment.AUDIT_SEAL_SECRET ?? salt,
});

function retentionOf(environment: Environment): Config['retention'] {
  return {
    invitationDays: environment.INVITATION_RETENTION_DAYS,
    keyDays: environment.KEY_RETENTION_DAYS,
    deletedWorkspaceDays: environment.DELETED_WORKSPACE_RETENTION_DAYS,
    intervalSeconds: environment.REMOVAL_INTERVAL_SECONDS,
  };
}

/** Unset limits are derived from related ones, so that turning one of those off, or raising it, applies to both. */
function rateLimitsOf(environment: Environment): Config['rateLimits'] {
  const { RATE_LIMIT_LOGINS_PER_MINUTE: perAddress, RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: perEmail } =
    environment;
  return {
    requestsPerMinute: environment.RATE_LIMIT_REQUESTS_PER_MINUTE,
    scimRequestsPerMinute:
      environment.RATE_LIMIT_SCIM_REQUESTS_PER_MINUTE ?? 6 * environment.RATE_LIMIT_REQUESTS_PER_MINUTE,
    inviteBatchesPerMinute: environment.RATE_LIMIT_INVITE_BATCHES_PER_MINUTE,
    loginsPerAddressPerMinute: perAddress,
    loginsPerIpv6Net56PerMinute: environment.RATE_LIMIT_LOGINS_PER_IPV6_56_PER_MINUTE ?? perAddress,
    loginsPerIpv6Net48PerMinute: environment.RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE ?? 2 * perAddress,
    loginsOfNewNetworksPerMinute: environment.RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE,
    loginsPerEmailPerMinute: perEmail,
    loginsPerEmailAndNetworkPerMinute:
      environment.RATE_LIMIT_LOGINS_PER_EMAIL_AND_NETWORK_PER_MINUTE ?? perEmail,
  };
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
