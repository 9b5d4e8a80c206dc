import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Statement } from '../../src/database/sql.js';
import {
  type AuditFilter,
  pageOf as pageOfEntries,
} from '../../src/modules/audit/entries/audit-page.statements.js';
import {
  type EnrichedMembersList,
  pageOf as pageOfEnriched,
} from '../../src/modules/directory/enriched-members/enriched-member.statements.js';
import {
  pageOf as pageOfPending,
  type PendingListQuery,
} from '../../src/modules/invitations/core/pending-member.statements.js';
import { IN_ORG, IN_WORKSPACE } from '../../src/modules/members/member-scopes.statements.js';
import { type MemberQuery, pageOf as pageOfMembers } from '../../src/modules/members/member.statements.js';
import { migratedDatabase } from '../support/migrated-database.js';

/** Tables of which an installation may have a million rows. */
const GROWING = [
  'users',
  'org_memberships',
  'workspace_memberships',
  'login_methods',
  'member_activity',
  'audit_entries',
  'invitations',
  'invitation_workspaces',
];
const ID = '00000000-0000-4000-8000-000000000000';

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.destroy());

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Cond'?: string; Plans?: Plan[] };

const readsAll = (plan: Plan): boolean =>
  plan['Node Type'] === 'Seq Scan' || (/^Index (Only )?Scan$/.test(plan['Node Type']) && !plan['Index Cond']);

/** The tables that a statement reads whole although the planner avoids that wherever an index can be used. */
async function wholeScans({ text }: Pick<Statement, 'text'>): Promise<string[]> {
  const [{ 'QUERY PLAN': plans }] = await database.transaction(async (manager) => {
    await manager.query('set local enable_seqscan = off');
    return manager.query(`explain (generic_plan, format json) ${text}`);
  });
  const scans = (plan: Plan): string[] => [
    ...(readsAll(plan) ? [plan['Relation Name'] ?? ''] : []),
    ...(plan.Plans ?? []).flatMap(scans),
  ];
  return scans((plans as [{ Plan: Plan }])[0].Plan).filter((table) => GROWING.includes(table));
}

const MEMBERS: MemberQuery = {
  limit: 100,
  offset: 0,
  sortBy: 'createdAt',
  descending: true,
  emails: null,
  userIds: null,
  isDisabled: null,
  text: null,
};

describe.each([
  ['an organization', IN_ORG, null],
  ['a workspace', IN_WORKSPACE, ID],
])('a page of the members of %s', (_, scope, workspaceId) => {
  const sorted = (['name', 'email', 'role', 'createdAt'] as const).flatMap((sortBy) =>
    [true, false].map((descending) => ({ sortBy, descending })),
  );
  const filtered = [
    { emails: ['ada@example.com'] },
    { userIds: [ID] },
    { isDisabled: true },
    { isDisabled: false },
    { text: 'ada' },
    { text: 'ad' },
  ];

  it.each([...sorted, ...filtered])('reads no table whole: %j', async (part) => {
    const { statement } = pageOfMembers(scope, { orgId: ID, workspaceId }, { ...MEMBERS, ...part });

    expect(await wholeScans(statement)).toEqual([]);
  });
});

const PENDING: PendingListQuery = {
  limit: 100,
  offset: 0,
  sortBy: 'created_at',
  descending: true,
  emails: [],
  q: null,
};

describe.each([
  ['an organization', null],
  ['a workspace', ID],
])('a page of the pending members of %s', (_, workspaceId) => {
  const sorted = (['name', 'email', 'role', 'created_at'] as const).flatMap((sortBy) =>
    [true, false].map((descending) => ({ sortBy, descending })),
  );

  it.each([...sorted, { emails: ['ada@example.com'] }, { q: 'ada' }, { q: 'ada', sortBy: 'name' as const }])(
    'reads no table whole: %j',
    async (part) => {
      const { statement } = pageOfPending({ orgId: ID, workspaceId }, { ...PENDING, ...part });

      expect(await wholeScans(statement)).toEqual([]);
    },
  );
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
};

it.each<Partial<EnrichedMembersList>>([
  {},
  { isActive: true },
  { isActive: false },
  { isPending: true },
  { names: ['*ada*', 'Bob*'] },
  { emails: ['*@example.com'] },
  { orgRoles: ['*Admin*'] },
  { workspaces: ['Design*'] },
  { workspaceRoles: ['*Admin*'] },
  { workspaces: ['Design*'], workspaceRoles: ['*Admin*'] },
])('a page of enriched members reads no table whole: %j', async (part) => {
  const { statement } = pageOfEnriched({ orgId: ID, workspaceIds: null }, { ...ENRICHED, ...part });

  expect(await wholeScans(statement)).toEqual([]);
});

const ENTRIES: AuditFilter = {
  from: new Date(0),
  to: new Date(1),
  workspaceId: null,
  operations: null,
  userIds: null,
  apiKeyIds: null,
  resourceIds: null,
};

it.each<Partial<AuditFilter>>([
  {},
  { workspaceId: ID },
  { operations: ['login'] },
  { userIds: [ID] },
  { apiKeyIds: [ID] },
  { resourceIds: [ID] },
])('a page of the audit log does not read the table whole: %j', async (part) => {
  const page = { orgId: ID, filter: { ...ENTRIES, ...part }, position: null, limit: 100 };

  expect(await wholeScans(pageOfEntries('id', page).statement)).toEqual([]);
});

it('notices a statement that no index serves', async () => {
  expect(await wholeScans({ text: `select from users where length(full_name) = $1` })).toEqual(['users']);
});
