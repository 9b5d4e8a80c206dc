import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Statement } from '../../src/database/transactions/sql.js';
import {
  type AuditFilter,
  pageOf as pageOfEntries,
} from '../../src/modules/audit/entries/audit-entries.repository.js';
import { ACCESS_FACTS } from '../../src/modules/access-answers/decisions/access-facts.read-model.js';
import {
  GROUPS,
  POLICIES,
  WORKSPACES,
} from '../../src/modules/access-answers/member-access/member-access-report.read-model.js';
import { ADMINS, BY_OWN_ROLE } from '../../src/modules/access-answers/authzen/candidates.read-model.js';
import {
  type CredentialFilter,
  pageOf as pageOfCredentials,
} from '../../src/modules/credentials/credentials.read-model.js';
import { GRANTS } from '../../src/modules/access-answers/report/access-grants.statements.js';
import {
  type EnrichedMembersList,
  type MatchingNames,
  matchingNamesOf,
  NO_NAMES,
} from '../../src/modules/directory/enriched-members/enriched-member-filter.statements.js';
import { pageOf as pageOfEnriched } from '../../src/modules/directory/enriched-members/enriched-member.statements.js';
import {
  pageOf as pageOfPending,
  type PendingListQuery,
} from '../../src/modules/invitations/core/pending-member-directory.read-model.js';
import { type MemberQuery, pageOf as pageOfMembers } from '../../src/modules/members/member.statements.js';
import { IN_ORG, IN_WORKSPACE } from '../../src/modules/members/member-scopes.statements.js';
import { entriesAfter } from '../../src/modules/events/events.read-model.js';
import { ORG_ADMIN_ID } from '../../src/modules/roles/index.js';
import { LIST_USERS } from '../../src/modules/scim/records/scim-records.read-model.js';
import { USER_SHAPE } from '../../src/modules/scim/protocol/schemas.js';
import { listQuery } from '../../src/modules/scim/query/list.statements.js';
import { partsAfter } from '../../src/modules/scim/query/scim-pages.read-model.js';
import { USER_COLUMNS, pageOf as pageOfScimUsers } from '../../src/modules/scim/users/user.statements.js';
import { LIST_EFFECTIVE } from '../../src/modules/user-groups/effective-roles/user-group-roles.repository.js';
import { migratedDatabase } from '../support/migrated-database.js';

/** Tables of which an installation may have a million rows. */
const GROWING = [
  'users',
  'workspaces',
  'org_memberships',
  'workspace_memberships',
  'login_methods',
  'member_activity',
  'audit_entries',
  'invitations',
  'invitation_workspaces',
  'scim_users',
  'api_keys',
  'scim_tokens',
];
const ID = '00000000-0000-4000-8000-000000000000';

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Plan[];
};

const readsAll = (plan: Plan): boolean =>
  plan['Node Type'] === 'Seq Scan' || (/^Index (Only )?Scan$/.test(plan['Node Type']) && !plan['Index Cond']);

/** The nodes of a plan that avoids to read whole tables, or what else is named, wherever an index can be used. */
async function nodesOf(
  { text }: Pick<Statement, 'text'>,
  avoided = ['enable_seqscan'],
  dataSource = database,
): Promise<Plan[]> {
  const [{ 'QUERY PLAN': plans }] = await dataSource.transaction(async (manager) => {
    for (const setting of avoided) await manager.query(`set local ${setting} = off`);
    return manager.query(`explain (generic_plan, format json) ${text}`);
  });
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
  return nodes((plans as [{ Plan: Plan }])[0].Plan);
}

/** The tables that a statement reads whole. */
async function wholeScans(statement: Pick<Statement, 'text'>): Promise<string[]> {
  const tables = (await nodesOf(statement)).filter(readsAll).map((plan) => plan['Relation Name'] ?? '');
  return tables.filter((table) => GROWING.includes(table));
}

/** Whether a statement sorts rows to limit them, even if it is to be avoided. */
async function limitsSorted(statement: Pick<Statement, 'text'>): Promise<boolean> {
  const nodes = await nodesOf(statement, ['enable_seqscan', 'enable_bitmapscan', 'enable_sort']);
  return nodes.some(
    (plan) =>
      plan['Node Type'] === 'Limit' && plan.Plans?.some((input) => input['Node Type'].endsWith('Sort')),
  );
}

const MEMBERS: MemberQuery = {
  limit: 100,
  offset: 0,
  sortBy: 'created_at',
  descending: true,
  emails: null,
  userIds: null,
  isDisabled: null,
  text: null,
  roleIds: null,
  sources: null,
  notActiveSince: null,
  neverActive: null,
  hasEnd: null,
  endsBefore: null,
  among: null,
};

describe.each([
  ['an organization', IN_ORG, null],
  ['a workspace', IN_WORKSPACE, ID],
])('a page of the members of %s', (_, scope, workspaceId) => {
  const sorted = (['name', 'email', 'role', 'created_at', 'access_expires_at'] as const).flatMap((sortBy) =>
    [true, false].map((descending) => ({ sortBy, descending })),
  );
  const filtered = [
    { emails: ['ada@example.com'] },
    { userIds: [ID] },
    { isDisabled: true },
    { isDisabled: false },
    { text: 'ada' },
    { text: 'ad' },
    { text: "o'" },
    { roleIds: [ID] },
    { sources: ['scim' as const] },
    { notActiveSince: new Date('2026-01-01T00:00:00Z') },
    { neverActive: true },
    { hasEnd: true },
    { hasEnd: false },
    { endsBefore: new Date('2026-01-01T00:00:00Z') },
  ];

  it.each([...sorted, ...filtered])('reads no table whole: %j', async (part) => {
    const { statement } = pageOfMembers(scope, { orgId: ID, workspaceId }, { ...MEMBERS, ...part });

    expect(await wholeScans(statement)).toEqual([]);
  });

  it.each(sorted.filter(({ sortBy }) => sortBy !== 'role'))(
    'is read in the order of an index: %j',
    async (part) => {
      const { statement } = pageOfMembers(scope, { orgId: ID, workspaceId }, { ...MEMBERS, ...part });

      expect(await limitsSorted(statement)).toBe(false);
    },
  );
});

it.each(['ada', 'ad'])(
  'a search in a workspace reads who was found from an index alone: %s',
  async (text) => {
    const owner = { orgId: ID, workspaceId: ID };
    for (const sortBy of ['created_at', 'name'] as const) {
      const nodes = await nodesOf(pageOfMembers(IN_WORKSPACE, owner, { ...MEMBERS, sortBy, text }).statement);

      expect(nodes).toContainEqual(
        expect.objectContaining({
          'Node Type': 'Index Only Scan',
          'Index Name': 'workspace_memberships_one_per_user',
        }),
      );
    }
  },
);

const PENDING: PendingListQuery = {
  limit: 100,
  offset: 0,
  sortBy: 'created_at',
  descending: true,
  emails: [],
  waitingForLink: false,
  mailRefused: false,
  q: null,
  roleIds: [],
  isExpired: null,
};

describe.each([
  ['an organization', null],
  ['a workspace', ID],
])('a page of the pending members of %s', (_, workspaceId) => {
  const sorted = (['name', 'email', 'role', 'created_at'] as const).flatMap((sortBy) =>
    [true, false].map((descending) => ({ sortBy, descending })),
  );

  it.each([
    ...sorted,
    { emails: ['ada@example.com'] },
    { q: 'ada' },
    { q: 'ad' },
    { q: 'ada', sortBy: 'name' as const },
    { roleIds: [ID] },
    { isExpired: true },
    { mailRefused: true },
  ])('reads no table whole: %j', async (part) => {
    const { statement } = pageOfPending({ orgId: ID, workspaceId }, { ...PENDING, ...part });

    expect(await wholeScans(statement)).toEqual([]);
  });
});

const ENRICHED: EnrichedMembersList = {
  limit: 100,
  offset: 0,
  isActive: null,
  isPending: null,
  names: null,
  emails: null,
  orgRoles: null,
  workspaces: null,
  workspaceRoles: null,
  ids: null,
  hasEnd: null,
  endsBefore: null,
  includesEnded: false,
};

const ENRICHED_SCOPE = { orgId: ID, workspaceIds: null };

it.each<Partial<Omit<EnrichedMembersList, 'workspaces'> & MatchingNames>>([
  {},
  { isActive: true },
  { isActive: false },
  { isPending: true },
  { names: ['*ada*', 'Bob*'] },
  { emails: ['*@example.com'] },
  { orgRoleIds: [ID] },
  { ids: [ID] },
  { workspaces: [{ id: ID, members: 1 }] },
  { workspaces: [{ id: ID, members: 25 }] },
  { workspaces: [{ id: ID, members: 25 }], isPending: false },
  { workspaces: [{ id: ID, members: 25 }], workspaceRoleIds: [ID] },
])('a page of enriched members reads no table whole: %j', async (part) => {
  const { workspaces = null, orgRoleIds = null, workspaceRoleIds = null, ...list } = part;
  const matching = { ...NO_NAMES, workspaces, orgRoleIds, workspaceRoleIds, members: 100 };
  const { statement } = pageOfEnriched(ENRICHED_SCOPE, matching, { ...ENRICHED, ...list });

  expect(await wholeScans(statement)).toEqual([]);
});

it('the search for names of roles and workspaces reads no table whole', async () => {
  const { statement } = matchingNamesOf(ENRICHED_SCOPE, { ...ENRICHED, workspaces: ['Design*'] })!;

  expect(await wholeScans(statement)).toEqual([]);
});

it.each([ACCESS_FACTS, WORKSPACES, GROUPS, POLICIES, LIST_EFFECTIVE])(
  'an answer about access reads no table whole: $name',
  async (statement) => {
    expect(await wholeScans(statement)).toEqual([]);
  },
);

it.each(GRANTS)('the access report reads no table whole: $name', async (statement) => {
  expect(await wholeScans(statement)).toEqual([]);
});

const SCIM_USER_LIST = { shape: USER_SHAPE, columns: USER_COLUMNS, alias: 's', base: '' };
const SCIM = { count: 100, startIndex: 1, descending: false, attributes: null, excludedAttributes: null };

const scimQuery = (filter: string | null, sortBy: string | null = null) =>
  listQuery(SCIM_USER_LIST, { ...SCIM, cursor: null, filter, sortBy });
const scimPage = (...list: Parameters<typeof scimQuery>) => pageOfScimUsers(scimQuery(...list), true);

const scimPagesAfter = (key: string | null, sortBy: string | null, descending: boolean) => {
  const query = listQuery(SCIM_USER_LIST, { ...SCIM, cursor: '', filter: null, sortBy, descending });
  return partsAfter(query, { key, id: ID, total: 0 }).map((part) => pageOfScimUsers(part, true));
};

/** So many that the trigram index is the cheapest way to a few of them. */
const SCIM_USERS = `
  insert into scim_users (id, org_id, user_id, made_account, user_name, emails, attributes)
  select uuidv7(), '${ID}', uuidv7(), true, name, array[name], jsonb_build_object('displayName', name,
    'name', jsonb_build_object('familyName', name), 'emails', jsonb_build_array(jsonb_build_object('value', name)))
  from (select md5(n::text) || '@example.com' as name from generate_series(1, 3000) n) generated`;

describe('a page of SCIM users', () => {
  it.each([
    null,
    'userName eq "ada"',
    'externalId eq "1"',
    'emails eq "ada@example.com"',
    'title eq "Engineer"',
    'nickName eq "Ada"',
    'active eq true',
    'active eq false',
    'displayName sw "Ada"',
  ])('reads no table whole with the filter %s', async (filter) => {
    expect(await wholeScans(scimPage(filter))).toEqual([]);
  });

  it.each(['userName', 'displayName', 'name.familyName', 'meta.lastModified'])(
    'reads no table whole in the order of %s',
    async (sortBy) => {
      expect(await wholeScans(scimPage(null, sortBy))).toEqual([]);
    },
  );

  it.each([null, 'userName', 'displayName', 'meta.lastModified'])(
    'reads no table whole after another page in the order of %s',
    async (sortBy) => {
      for (const descending of [false, true])
        for (const key of ['2026-11-29T00:00:00Z', null])
          for (const statement of scimPagesAfter(key, sortBy, descending))
            expect(await wholeScans(statement)).toEqual([]);
    },
  );
});

describe('where an organization has thousands of SCIM users', () => {
  let filled: DataSource;
  beforeAll(async () => {
    filled = await migratedDatabase();
    await filled.transaction(async (manager) => {
      await manager.query('set local session_replication_role = replica');
      await manager.query(SCIM_USERS);
    });
    await filled.query('vacuum analyze scim_users'); // the planner avoids an index with many pending entries
  });
  afterAll(() => filled.destroy());

  it.each([
    'userName co "ada"',
    'userName ew "@example.com"',
    'displayName co "ada"',
    'name.familyName ew "ada"',
    'emails co "example"',
    'emails.value ew "example.com"',
  ])('a search for a part of a text reads the trigram index: %s', async (filter) => {
    const text = scimPage(filter)
      .text.replaceAll(/\$[45]::text/g, `'%a1b2c3%'`)
      .replaceAll('$1', `'${ID}'`);
    const names = (await nodesOf({ text }, undefined, filled)).map((plan) => plan['Index Name']);

    expect(names).toContain('scim_users_by_trigrams');
  });

  it.each(['userName eq "ada"', 'externalId eq "1"', 'displayName eq "Ada"'])(
    'a look-up is planned once for a connection: %s',
    async (filter) => {
      const query = scimQuery(filter);
      const text = pageOfScimUsers(query, true).text;
      const values = [ID, 100, 0, ...query.values].map((value) => `'${String(value)}'`).join(', ');

      const [counted] = await filled.transaction(async (manager) => {
        await manager.query(`prepare look_up as ${text}`);
        for (let run = 0; run < 6; run++) await manager.query(`execute look_up(${values})`);
        const counts = await manager.query<{ generic_plans: string }[]>(
          `select generic_plans from pg_prepared_statements where name = 'look_up'`,
        );
        await manager.query('deallocate look_up');
        return counts;
      });

      expect(Number(counted?.generic_plans)).toBeGreaterThan(0);
    },
  );
});

const ENTRIES: AuditFilter = {
  from: new Date(0),
  to: new Date(1),
  workspaceId: null,
  operations: null,
  userIds: null,
  apiKeyIds: null,
  resourceIds: null,
  clientHosts: null,
};

it.each<Partial<AuditFilter>>([
  {},
  { workspaceId: ID },
  { operations: ['login'] },
  { userIds: [ID] },
  { apiKeyIds: [ID] },
  { resourceIds: [ID] },
  { clientHosts: ['::1'] },
])('a page of the audit log does not read the table whole: %j', async (part) => {
  const page = { orgId: ID, filter: { ...ENTRIES, ...part }, position: null, limit: 100 };

  expect(await wholeScans(pageOfEntries('id', page).statement)).toEqual([]);
});

const CREDENTIALS: CredentialFilter = {
  owner: null,
  unusedForDays: null,
  endsBefore: null,
  ownerGone: null,
  neverUsed: null,
  neverExpires: null,
  signIn: null,
};

it.each<Partial<CredentialFilter>>([
  {},
  { owner: ID },
  { unusedForDays: 90 },
  { endsBefore: new Date(1) },
  { ownerGone: true },
  { ownerGone: false },
  { neverUsed: true },
  { neverExpires: true },
])('a page of credentials reads no table whole: %j', async (part) => {
  const kinds = ['service_key', 'personal_access_token', 'application', 'scim_token'] as const;
  const filter = { ...CREDENTIALS, ...part };
  const page = { orgId: ID, kinds, filter, ids: null, except: [], after: null, limit: 100 };

  expect(await wholeScans(pageOfCredentials(page).statement)).toEqual([]);
});

it('notices a statement that no index serves', async () => {
  expect(await wholeScans({ text: `select from users where length(full_name) = $1` })).toEqual(['users']);
});

it('a page of the SCIM records of users reads no table whole', async () => {
  expect(await wholeScans(LIST_USERS)).toEqual([]);
});

describe('a search for subjects by their role', () => {
  const SOME = `(array['${ID}', gen_random_uuid()])[1 + (random() < 0.5)::integer]`;
  /**
   * What PostgreSQL has to expect holders for: half of all members are in one scope, all have one role, and a quarter has it
   * since an end. Their order is that of ids, not that of scopes.
   */
  const FILL = [
    `insert into org_memberships (id, org_id, user_id, role_id, source, created_via, user_email)
      select uuidv7(), ${SOME}::uuid, gen_random_uuid(), '${ORG_ADMIN_ID}', 'manual', 'unknown', n
      from generate_series(1, 20000) n`,
    `insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via, user_email)
      select uuidv7(), '${ID}', ${SOME}::uuid, gen_random_uuid(), '${ID}', 'manual', 'unknown', n
      from generate_series(1, 20000) n`,
    ...['org_memberships', 'workspace_memberships'].map(
      (table) => `
        update ${table} set access_expires_at = now(), reverts_to_role_id = role_id where user_email::integer % 4 = 0`,
    ),
  ];
  const NIL = '00000000-0000-0000-0000-000000000000';

  let filled: DataSource;
  beforeAll(async () => {
    filled = await migratedDatabase();
    await filled.transaction(async (manager) => {
      await manager.query('set local session_replication_role = replica');
      for (const statement of FILL) await manager.query(statement);
    });
    await filled.query('vacuum analyze org_memberships, workspace_memberships');
  });
  afterAll(() => filled.destroy());

  it.each([
    ['organization admins', ADMINS, [ID, NIL, 101]],
    ['members of a workspace', BY_OWN_ROLE, [ID, ID, [randomUUID()], NIL, 101]],
  ])('never looks for %s by id in the whole table', async (_, { text }, values) => {
    const [{ 'QUERY PLAN': plans }] = await filled.query(`explain (format json) ${text}`, values);
    const plan = JSON.stringify(plans);

    expect(plan).toMatch(/_memberships_by_role/);
    expect(plan).not.toMatch(/_memberships_pkey|Seq Scan/);
  });
});

it('the entries of an organization that has none are found without those of others', async () => {
  const runner = database.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`
    insert into organizations (id, display_name) select gen_random_uuid(), n::text from generate_series(1, 5) n`);
  await runner.query(`
    insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
    select gen_random_uuid(), (select id from organizations where display_name = '1'), 'login', true, '{}'
    from generate_series(1, 5000)`);
  await runner.query('analyze audit_entries');
  const [{ 'QUERY PLAN': plans }] = await runner.query(`
    explain (format json)
    select (select true ${entriesAfter('o.id', '0', '1000000')} limit 1) from organizations o`);
  await runner.rollbackTransaction();
  await runner.release();

  expect(JSON.stringify(plans)).toContain('"Index Name":"audit_entries_by_chain"');
});
