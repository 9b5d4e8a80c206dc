import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import {
  byAccessToken,
  byCookie,
  byPersonalToken,
  byServiceKey,
  bySession,
} from '../../src/modules/auth/authentication/principals.statements.js';
import { FIND_VALID } from '../../src/modules/scim/tokens/scim-tokens.repository.js';
import {
  toOrganization,
  toOrganizationInfo,
  toPlatformOrganizationInfo,
} from '../../src/modules/settings/org-settings.mapper.js';
import { Org } from '../../src/modules/orgs/org.entity.js';
import { REVOKING_ROUTES } from '../../src/optional/access-cache/confirm-access-changes.js';
import { WRITES } from '../support/access-comparison/writes.js';
import { ORGANIZATION } from '../../src/modules/settings/org-view.statements.js';
import { VISIBLE_WORKSPACES } from '../../src/modules/workspaces/visible-workspaces.js';
import { migratedDatabase } from '../support/migrated-database.js';
import { tablesIn } from '../support/sql-tables.js';

const ORG_CASES = ['named', 'derived'] as const;
const WORKSPACE_CASES = ['none', 'named', 'derived'] as const;

/** Statements whose results are cached until an access change (docs/decisions/0061). */
const CACHED: readonly { text: string }[] = [
  FIND_VALID,
  ...[null, ORGANIZATION, VISIBLE_WORKSPACES].flatMap((reads) =>
    WORKSPACE_CASES.flatMap((workspace) => [
      byServiceKey(workspace, reads),
      ...ORG_CASES.flatMap((org) =>
        [byPersonalToken, byAccessToken, bySession, byCookie].map((statement) =>
          statement(org, workspace, reads),
        ),
      ),
    ]),
  ),
];

/** Of the part for deleted workspaces, which no cached statement asks for. */
const NOT_FOR_CACHED_ANSWERS = ['deleted_workspaces'];

/** Tables whose new rows alter no result that is cached, and why. */
const NEW_ROWS_ALTER_NOTHING: Readonly<Record<string, string>> = {
  api_keys: 'an unknown key is not cached',
  oauth_artifacts: 'an unknown token is not cached',
  oauth_clients: 'a grant that names it has to follow',
  oauth_grants: 'a token of it has to follow',
  organizations: 'a membership in it has to follow',
  roles: 'a row that names it has to follow',
  scim_tokens: 'an unknown token is not cached',
  sessions: 'an unknown session is not cached',
  users: 'a membership has to follow',
};

/**
 * Columns of these names are read from other tables only; `rights_end_at` counts as it is read again under the lock, and no
 * cached response shows when an organization was modified.
 */
const NAMED_FOR_OTHER_TABLES = [
  'api_key_workspaces.org_id',
  'api_keys.acr',
  'api_keys.amr',
  'api_keys.authenticated_at',
  'api_keys.created_at',
  'api_keys.created_by_user_id',
  'api_keys.rights_end_at',
  'oauth_artifacts.created_at',
  'oauth_clients.created_at',
  'oauth_grants.acr',
  'oauth_grants.amr',
  'oauth_grants.authenticated_at',
  'oauth_grants.created_at',
  'org_memberships.created_by_user_id',
  'organizations.created_by_user_id',
  'organizations.modified_at',
  'roles.created_at',
  'scim_tokens.created_at',
  'scim_tokens.rights_end_at',
  'sessions.created_at',
  'users.created_at',
  'workspace_memberships.created_by_user_id',
];

/** Of the token endpoint's module. */
const REVOKES_TOKENS = 'POST /api/v1/oauth/revoke';

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

it('every table that cached statements read logs its changes, also where other triggers do not fire', async () => {
  const existingTables = new Set(database.entityMetadatas.map(({ tableName }) => tableName));
  const named = CACHED.flatMap(({ text }) => tablesIn(text)).map(({ table }) => table);
  const tables = new Set(
    named.filter((table) => existingTables.has(table) && !NOT_FOR_CACHED_ANSWERS.includes(table)),
  );
  const triggers: { name: string }[] = await database.query(
    `select tgrelid::regclass || ' ' || tgname as name from pg_trigger where not tgisinternal and tgenabled = 'A'`,
  );
  const existing = new Set(triggers.map(({ name }) => name));
  const needed = [...tables].flatMap((table) =>
    ['update', 'delete', 'truncate', ...(table in NEW_ROWS_ALTER_NOTHING ? [] : ['insert'])].map(
      (event) => `${table} log_access_${event}`,
    ),
  );

  expect(tables).toContain('user_group_roles');
  expect(needed.filter((name) => !existing.has(name))).toEqual([]);
});

it('each trigger compares every column that cached statements name', async () => {
  const functions: { table: string; source: string }[] = await database.query(
    `select substring(proname from '^log_(.*)_changes$') as table, prosrc as source
     from pg_proc where proname ~ '^log_.*_changes$'`,
  );
  const named = new Set(CACHED.flatMap(({ text }) => text.match(/\w+/g) ?? []));
  const ignored = functions.flatMap(({ table, source }) => {
    const compared = new Set(source.match(/\w+/g));
    return columnsOf(table)
      .filter((column) => named.has(column) && !compared.has(column))
      .map((column) => `${table}.${column}`);
  });

  expect(ignored.sort()).toEqual(NAMED_FOR_OTHER_TABLES);
});

it('the trigger of organizations compares every column that a cached response shows', async () => {
  const [metadata] = database.entityMetadatas.filter(({ tableName }) => tableName === 'organizations');
  const read = new Set<string | symbol>();
  const shown = new Org();
  shown.preferences = {};
  const org = new Proxy(shown, {
    get: (target, name) => {
      read.add(name);
      return Reflect.get(target, name) as unknown;
    },
  });
  const access = { mayInviteNewPeople: true, mayAddMembers: true, obstacle: null, message: null };
  const view = {
    org,
    workspaceAdminsMayInvite: true,
    inviteAccess: { organization: access, workspace: null },
    reachedMaxWorkspaces: true,
    permissions: [],
    role: null,
  };
  for (const map of [toOrganization, toOrganizationInfo, toPlatformOrganizationInfo]) map(view);
  const [{ source }]: [{ source: string }] = await database.query(
    `select prosrc as source from pg_proc where proname = 'log_organizations_changes'`,
  );
  const compared = new Set(source.match(/\w+/g));
  const columns = metadata!.columns.filter(({ propertyName }) => read.has(propertyName));

  expect(columns.map(({ databaseName }) => databaseName)).toContain('mail_language');
  expect(columns.filter(({ databaseName }) => !compared.has(databaseName))).toEqual([]);
});

it('the response of every operation by POST or GET that ends a credential waits for the changes of other requests', () => {
  const ending = [...Object.keys(WRITES), REVOKES_TOKENS].filter((route) =>
    /^(?:GET|POST) .*[/-](?:revocation|revoke|rotate|logout|Bulk)$/.test(route),
  );
  const paths = new Set(ending.map((route) => route.replace(/^\w+ /, '')));

  expect([...paths].sort()).toEqual([...REVOKING_ROUTES].sort());
});

const columnsOf = (table: string): string[] =>
  database.entityMetadatas
    .filter(({ tableName }) => tableName === table)
    .flatMap(({ columns }) => columns.map(({ databaseName }) => databaseName));
