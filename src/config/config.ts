import { hkdfSync, scryptSync } from 'node:crypto';
import { resolve } from 'node:path';
import { loadMailTemplates, SHIPPED_TEMPLATES } from '../common/mail/mail-templates.js';
import { OUTBOUND_BOUNDS } from '../common/outbound/outbound.js';
import { HASH_QUEUE_BOUNDS } from '../common/secrets/hash-queue.js';
import { OWASP_COST } from '../common/secrets/password-hasher.js';
import { findSecrets, loadOrCreateSecrets, type LoadSecrets } from '../common/secrets/secrets-file.js';
import type { BootstrapItem } from './bootstrap-items.js';
import {
  isShortSecret,
  parseEnvironment,
  readDatabaseSettings,
  secretFilesIn,
  settingWarnings,
} from './parse-environment.js';
import { connectionUrl, schemaOf } from './postgres-connection.js';
import { collectorUrl, type Installation } from './setting-conflicts.js';
import type { SettingValues } from './settings.js';

/**
 * The configuration of this installation, deeply frozen: the values of the settings, completed by what follows from
 * several of them, and by the stored secrets.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- only the token of its value, never constructed
export abstract class Config {}
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface Config extends ReturnType<typeof loadConfig> {}

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
) {
  const values = parseEnvironment(env, installation);
  const { login: _, ...given } = values;
  const { jwtSecret, salt, embeddedPassword } = secretsOf(values, loadSecrets);
  return deepFreeze({
    ...given,
    /** What the operator should know about the settings. */
    warnings: settingWarnings(env, values),
    /** The files in which secrets were given. */
    secretFiles: secretFilesIn(env),
    authorizationServer: {
      ...values.authorizationServer,
      /** Of tokens, if it is enabled (docs/contract/oauth.md#addresses-and-documents). */
      issuer: `${values.server.publicUrl}/api`,
    },
    database: databaseOf(values, embeddedPassword, env),
    tracing: tracingOf(values),
    bootstrap: bootstrapOf(values),
    basicAuth: {
      ...values.basicAuth,
      jwtSecret,
      /** Not a setting; tests, which create thousands of accounts, use a cheaper one. */
      hashing: OWASP_COST,
      /** Not a setting either. */
      hashQueue: HASH_QUEUE_BOUNDS,
    },
    sso: ssoOf(values),
    apiKeys: { salt },
    mail: mailOf(values),
    mailAppearance: {
      ...values.mailAppearance,
      templates: values.mailAppearance.templates ?? loadMailTemplates(SHIPPED_TEMPLATES),
    },
    /** `bounds` are not a setting; tests use shorter ones. */
    outbound: { ...values.outbound, bounds: OUTBOUND_BOUNDS },
    /** How often a process without webhooks or log streams looks for some. Not a setting; tests that count statements turn it off. */
    receivers: { lookEveryMs: 5_000 },
    audit: { ...values.audit, sealSecret: values.audit.sealSecret ?? salt },
    rateLimits: rateLimitsOf(values),
  });
}

/** Given secrets take precedence over stored ones; with a salt and a database, nothing is written. */
function secretsOf({ basicAuth, apiKeys: { salt }, database }: SettingValues, loadSecrets: LoadSecrets) {
  const directory = resolve(database.dataDirectory);
  const jwtSecret = basicAuth.jwtSecret === null ? null : stretched(basicAuth.jwtSecret);
  if (salt !== null && database.url !== null)
    return { jwtSecret: jwtSecret ?? keptOrDerived(directory, salt), salt, embeddedPassword: null };
  const stored = loadSecrets(directory);
  return {
    jwtSecret: jwtSecret ?? stored.basicAuthJwtSecret,
    salt: salt ?? stored.apiKeySalt,
    embeddedPassword: database.url === null ? stored.databasePassword : null,
  };
}

/** Part of the derivation: another value ends all sessions. */
const SESSIONS = 'tenantry: secret of sessions';

/** About a tenth of a second and 32 MiB for each guess. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

/** A short secret is stretched, so that guessing it takes longer; a long one is used as it is. */
const stretched = (secret: string): string =>
  isShortSecret(secret) ? scryptSync(secret, SESSIONS, 32, SCRYPT).toString('base64url') : secret;

/** One that an earlier version has generated stays valid; all replicas derive the same one from their salt (RFC 5869). */
const keptOrDerived = (directory: string, salt: string): string =>
  findSecrets(directory)?.basicAuthJwtSecret ??
  Buffer.from(hkdfSync('sha256', stretched(salt), '', SESSIONS, 32)).toString('base64url');

function databaseOf(values: SettingValues, embeddedPassword: string | null, env: NodeJS.ProcessEnv) {
  const { tls: _, password: __, ...database } = values.database;
  return {
    ...database,
    ...databaseUrls(values),
    /** The two URLs as the files of secrets say now. @throws InvalidEnvironment or InvalidVariable */
    readUrls: () => databaseUrls({ ...values, database: readDatabaseSettings(env) }),
    /** Null: the one that the role or the database has. */
    schema: schemaOf(values),
    /** An absolute path. */
    dataDirectory: resolve(database.dataDirectory),
    /** Null if `url` is set. */
    embeddedPassword,
  };
}

function databaseUrls(values: SettingValues) {
  const { url: given, directUrl: givenDirectUrl } = values.database;
  const url = given === null ? null : connectionUrl(given, values);
  const directUrl = givenDirectUrl === null ? url : connectionUrl(givenDirectUrl, values);
  return {
    /** Null: the embedded database. */
    url,
    /** The same database without a transaction pooler, for features of a session; null if `url` is. */
    directUrl,
  };
}

/** Null: traces are not exported. */
function tracingOf({ tracing }: SettingValues) {
  const url = collectorUrl(tracing);
  return url === null ? null : { url, serviceName: tracing.serviceName, environment: tracing.environment };
}

function bootstrapOf({ bootstrap: { file, serviceKey, scimToken, ...bootstrap } }: SettingValues) {
  const admin = { workspaces: [], workspaceRole: 'WORKSPACE_ADMIN', orgRole: 'ORGANIZATION_ADMIN' } as const;
  /** Applied to the default organization once, in this order. */
  const items: BootstrapItem[] = [...(file ?? [])];
  if (serviceKey !== null)
    items.push({ kind: 'service_key', name: 'BOOTSTRAP_SERVICE_KEY', secret: serviceKey, ...admin });
  if (scimToken !== null) items.push({ kind: 'scim_token', name: 'BOOTSTRAP_SCIM_TOKEN', secret: scimToken });
  return { ...bootstrap, items: items as readonly BootstrapItem[] };
}

/** The identity provider of the installation; null: password login (basic auth). */
function ssoOf({ sso }: SettingValues) {
  const { issuerUrl, clientId } = sso;
  return issuerUrl === null || clientId === null ? null : { ...sso, issuerUrl, clientId };
}

/** Null: no mail is sent. */
const mailOf = ({ mail: { smtpUrl, from } }: SettingValues) => (smtpUrl && from ? { smtpUrl, from } : null);

/** Unset limits are derived from related ones, so that turning one of those off, or raising it, applies to both. */
const rateLimitsOf = ({ rateLimits: given }: SettingValues) => ({
  ...given,
  scimRequestsPerMinute: given.scimRequestsPerMinute ?? 6 * given.requestsPerMinute,
  loginsPerIpv6Net56PerMinute: given.loginsPerIpv6Net56PerMinute ?? given.loginsPerAddressPerMinute,
  loginsPerIpv6Net48PerMinute: given.loginsPerIpv6Net48PerMinute ?? 2 * given.loginsPerAddressPerMinute,
  loginsPerEmailAndNetworkPerMinute: given.loginsPerEmailAndNetworkPerMinute ?? given.loginsPerEmailPerMinute,
});

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
