import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { typeParsers } from './database/connection/statement-batch.js';
import { clientLimits, type ConnectionLimits, NO_LIMITS } from './database/connection/connection-limits.js';
import type { CurrentCredentials } from './database/connection/current-credentials.js';
import { DatabaseClient } from './database/connection/database-client.js';
import { SnakeCaseNamingStrategy } from './database/statements/entity-columns.js';
import * as rateWindows from './database/rate-limits/rate-window.entity.js';
import * as auditEntries from './modules/audit/entries/entities.js';
import * as auditSeals from './modules/audit/seals/entities.js';
import * as accessRequests from './modules/access-requests/core/entities.js';
import * as apiKeys from './modules/auth/api-keys/core/entities.js';
import * as passwords from './modules/passwords/core/entities.js';
import * as signIn from './modules/auth/sign-in/core/entities.js';
import * as serviceAccounts from './modules/service-accounts/entities.js';
import * as sessions from './modules/sessions/session.entity.js';
import * as expiryMails from './modules/expiry-mails/entities.js';
import * as oldNotices from './modules/expiry-mails/until-0.8.0/entities.js';
import * as idempotencyKeys from './modules/idempotency/idempotency-key.entity.js';
import * as bootstrapItems from './modules/instance/applied-bootstrap-item.entity.js';
import * as invitations from './modules/invitations/core/entities.js';
import * as members from './modules/members/core/entities.js';
import * as mails from './modules/notices/entities.js';
import * as oldMails from './modules/notices/until-0.8.0/entities.js';
import * as orgs from './modules/orgs/org.entity.js';
import * as policies from './modules/policies/entities.js';
import * as receivers from './modules/receivers/core/entities.js';
import * as roles from './modules/roles/entities.js';
import * as scimGroups from './modules/scim/groups/entities.js';
import * as scimTokens from './modules/scim/tokens/scim-token.entity.js';
import * as scimUsers from './modules/scim/users/scim-user.entity.js';
import * as onboarding from './modules/settings/onboarding-state.entity.js';
import * as ssoSettings from './modules/settings/sso/entities.js';
import * as tags from './modules/tags/entities.js';
import * as userGroups from './modules/user-groups/core/entities.js';
import * as users from './modules/users/entities.js';
import * as workspaces from './modules/workspaces/entities.js';

const ENTITY_FILES = [
  rateWindows,
  auditEntries,
  auditSeals,
  accessRequests,
  apiKeys,
  passwords,
  signIn,
  serviceAccounts,
  sessions,
  expiryMails,
  oldNotices,
  idempotencyKeys,
  bootstrapItems,
  invitations,
  members,
  mails,
  oldMails,
  orgs,
  policies,
  receivers,
  roles,
  scimGroups,
  scimTokens,
  scimUsers,
  onboarding,
  ssoSettings,
  tags,
  userGroups,
  users,
  workspaces,
];

/** All entities, for the server, the tests and the TypeORM command line: the classes of these files. */
const entities = ENTITY_FILES.flatMap((file) => Object.values<unknown>(file)).filter(
  (value) => typeof value === 'function',
);

const MIGRATIONS = join(import.meta.dirname, '../migrations');

/** Listed here: TypeORM would take brackets in the name of the folder for a pattern. */
const migrations = await Promise.all(
  readdirSync(MIGRATIONS)
    .filter((name) => /\.[jt]s$/.test(name))
    .map((name) => import(pathToFileURL(join(MIGRATIONS, name)).href) as Promise<Record<string, () => void>>),
);

const dataSourceOptions = (
  url: string,
  poolSize: number,
  limits: ConnectionLimits,
  credentials: CurrentCredentials | null,
): DataSourceOptions => ({
  type: 'postgres',
  url,
  poolSize,
  entities,
  migrations: migrations.flatMap((file) => Object.values(file)),
  migrationsTransactionMode: 'each',
  namingStrategy: new SnakeCaseNamingStrategy(),
  applicationName: 'tenantry',
  uuidExtension: 'pgcrypto',
  installExtensions: false,
  extra: { types: typeParsers, Client: DatabaseClient, credentials, ...clientLimits(limits) },
});

export const createDataSource = (
  url: string,
  poolSize = 10,
  limits = NO_LIMITS,
  credentials: CurrentCredentials | null = null,
) => new DataSource(dataSourceOptions(url, poolSize, limits, credentials));
