import { orderBy, pageOfIds } from '../../database/statements/pages.js';
import { named, type Statement } from '../../database/transactions/sql.js';
import { textSearch } from '../../database/statements/text-search.js';
import { pageOfIdsByRole } from '../roles/index.js';
import { hasRole, type Scope } from './member-scopes.statements.js';
import type { MembershipSource } from './core/provenance.js';

type MemberSort = 'name' | 'email' | 'role' | 'created_at' | 'access_expires_at';

/** One page of a member list; a null filter does not filter, several filters must be met together. */
export type MemberQuery = {
  readonly limit: number;
  readonly offset: number;
  readonly sortBy: MemberSort;
  readonly descending: boolean;
  /** In canonical form. */
  readonly emails: readonly string[] | null;
  readonly userIds: readonly string[] | null;
  readonly isDisabled: boolean | null;
  /** As in docs/contract/members.md#search. */
  readonly text: string | null;
  readonly roleIds: readonly string[] | null;
  readonly sources: readonly MembershipSource[] | null;
  /** Members of the organization since before that time who have not been active since. */
  readonly notActiveSince: Date | null;
  readonly neverActive: boolean | null;
  /** Of the membership that is listed. */
  readonly hasEnd: boolean | null;
  readonly endsBefore: Date | null;
  readonly among: UsersWith | null;
};

/** Users whom a module above finds: a query of their ids by the parameters for an organization and for `ids`. */
export type UsersWith = {
  readonly ids: readonly string[];
  readonly query: (org: string, ids: string) => string;
};

export type MembersOwner = { readonly orgId: string; readonly workspaceId: string | null };

/** In the order of an index. E-mails sort in byte order, the same on every installation. */
const KEYS = {
  created_at: 'm.created_at',
  role: 'r.display_name',
  email: 'm.user_email collate "C"',
  name: 'm.user_full_name',
  access_expires_at: 'm.access_expires_at',
} as const satisfies Record<MemberSort, string>;

/** `by`: in the name of the statement; null if its plan depends on the values. */
type Filter = { readonly by: 'emails' | 'userIds' | null; readonly condition: string };

/** The parameters are appended to `values`. */
function filtersOf(scope: Scope, orgId: string, query: MemberQuery, values: unknown[]): Filter[] {
  const { emails, userIds, text } = query;
  const filters: Filter[] = [];
  if (emails)
    filters.push({
      by: 'emails',
      condition: `m.user_email collate "C" = any($${values.push(emails)}::text[])`,
    });
  if (userIds)
    filters.push({ by: 'userIds', condition: `m.user_id = any($${values.push(userIds)}::uuid[])` });
  if (text !== null) {
    const { isIndexed, patterns, condition } = textSearch(text);
    const parameters = patterns.map((pattern) => `$${values.push(pattern)}`);
    const matches = (membership: string) =>
      condition(`${membership}.user_email`, `${membership}.user_full_name`, ...parameters);
    if (isIndexed) {
      const $org = `$${values.push(orgId)}`;
      filters.push({
        by: null,
        condition: scope.whoseMember((d) => `${d}.org_id = ${$org} and ${matches(d)}`),
      });
    } else filters.push({ by: null, condition: matches('m') });
  }
  return [
    ...filters,
    ...conditionsOf(scope, orgId, query, values).map((condition) => ({ by: null, condition })),
  ];
}

function conditionsOf(scope: Scope, orgId: string, query: MemberQuery, values: unknown[]): string[] {
  const { roleIds, sources, notActiveSince, neverActive, hasEnd, endsBefore, among } = query;
  const value = (of: unknown, type: string) => `$${values.push(of)}::${type}`;
  const inOrg = (condition: (membership: string) => string) => {
    const $org = value(orgId, 'uuid');
    return scope.whoseMember((d) => `${d}.org_id = ${$org} and ${condition(d)}`);
  };
  const isActive = (d: string, since = '') =>
    `exists (select from member_activity a where a.membership_id = ${d}.id ${since})`;
  const conditions: string[] = [];
  if (roleIds) conditions.push(hasRole('m', `= any(${value(roleIds, 'uuid[]')})`, scope.atEnd));
  if (sources) conditions.push(`m.source = any(${value(sources, 'text[]')})`);
  if (notActiveSince !== null) {
    const $time = value(notActiveSince, 'timestamptz');
    const since = `and a.last_active_at >= ${$time}`;
    conditions.push(inOrg((d) => `${d}.created_at < ${$time} and not ${isActive(d, since)}`));
  }
  if (neverActive !== null) conditions.push(inOrg((d) => `${neverActive ? 'not' : ''} ${isActive(d)}`));
  if (hasEnd !== null) conditions.push(`(m.access_expires_at > now()) is ${hasEnd ? '' : 'not'} true`);
  if (endsBefore !== null) {
    const $time = value(endsBefore, 'timestamptz');
    conditions.push(`m.access_expires_at > now() and m.access_expires_at < ${$time}`);
  }
  if (among)
    conditions.push(`m.user_id in (${among.query(value(orgId, 'uuid'), value(among.ids, 'uuid[]'))})`);
  return conditions;
}

/** One page, each row with `total`. Values are parameters, so that there are at most 120 named statements per scope. */
export function pageOf(scope: Scope, { orgId, workspaceId }: MembersOwner, query: MemberQuery) {
  const values: unknown[] = [workspaceId ?? orgId, query.limit, query.offset];
  const filters = filtersOf(scope, orgId, query, values);
  const state = query.isDisabled === null ? [] : [query.isDisabled ? 'disabled' : 'enabled'];
  const order = [query.sortBy, query.descending ? 'desc' : 'asc'];
  const name = ['members', scope.name, ...order, ...filters.map(({ by }) => by), ...state].join('_');
  const statement: Statement = {
    name: filters.every(({ by }) => by) ? name : UNNAMED,
    text: pageText(scope, query, filters),
  };
  return { statement, values };
}

/** Planned each time (half a millisecond): a rare text needs another index than a frequent one. */
const UNNAMED = '';

/**
 * Selects the ids of the page first, by an index-only scan if the order allows. The array enforces this: the planner
 * estimates it as ten ids for any size of organization.
 */
function pageText(scope: Scope, query: MemberQuery, filters: readonly Filter[]): string {
  const key = KEYS[query.sortBy];
  const page = (ids: string) => `where m.id = any(array(${ids})) ${orderBy(query, key, 'm.id')}`;
  if (filters.length === 0 && query.isDisabled !== true)
    return `${members(scope, `, (${headcountOf(scope, query)}) as total`)} ${page(idsOf(scope, query))}`;
  return `
    with matching as materialized (select m.id, ${key} as key ${candidates(scope, query, filters)})
    ${members(scope, ', (select count(*)::int from matching) as total')}
    ${page(`select id from matching ${orderBy(query, 'key', 'id')} limit $2 offset $3`)}`;
}

const headcountOf = (scope: Scope, { isDisabled }: MemberQuery): string =>
  isDisabled === false
    ? `${scope.headcount} - (select count(*)::int ${inTable(scope)} and ${scope.disabled})`
    : scope.headcount;

/** The current members, from the table: the view needs columns that the indexes do not have. */
const inTable = ({ from, owner, ended }: Scope, joins = ''): string =>
  `${from} ${joins} where m.${owner} = $1 and m.id not in (${ended})`;

function candidates(scope: Scope, query: MemberQuery, filters: readonly Filter[]): string {
  const conditions = filters.map(({ condition }) => condition);
  if (query.isDisabled !== null) conditions.push(query.isDisabled ? scope.disabled : `not ${scope.disabled}`);
  return [inTable(scope, query.sortBy === 'role' ? ROLE : ''), ...conditions].join(' and ');
}

function idsOf(scope: Scope, query: MemberQuery): string {
  const listed = whereListed(scope, query);
  if (query.sortBy !== 'role') return pageOfIds(query, { listed, key: KEYS[query.sortBy], id: 'm.id' });
  return pageOfIdsByRole(query.descending, { listed, roleId: 'm.role_id', id: 'm.id', orgId: scope.orgId });
}

const whereListed = (scope: Scope, { isDisabled }: MemberQuery): string =>
  `${inTable(scope)} ${isDisabled === false ? `and not ${scope.disabled}` : ''}`;

/** Newest first. */
export const allMembersOf = (scope: Scope): Statement => named(`members_${scope.name}_all`)`
  ${members(scope, '')} where m.${scope.owner} = $1 order by m.created_at desc, m.id desc`;

export const oneMemberOf = (scope: Scope): Statement => named(`members_${scope.name}_one`)`
  ${members(scope, '')} where m.${scope.owner} = $1 and m.id = $2`;

const USER = 'join users u on u.id = m.user_id';
const ROLE = 'join roles r on r.id = m.role_id';

/** Login methods are unsorted arrays: PostgreSQL takes a third of the time of a page longer for objects in order. */
const members = ({ fromCurrent, columns, joins }: Scope, total: string) => `
  select
    m.id, m.org_id as "orgId", m.user_id as "userId", m.created_at as "createdAt",
    u.email, u.full_name as "fullName", u.avatar_url as "avatarUrl",
    r.id as "roleId", r.display_name as "roleName",
    m.access_expires_at as "accessExpiresAt", m.reverts_to_role_id as "revertsToRoleId",
    (select json_agg(json_build_array(
        l.id, l.provider, l.provisioning_method, l.email_confirmed_at, l.provider_email, l.provider_username,
        l.created_at, l.updated_at))
      from login_methods l where l.user_id = m.user_id) as "loginMethods",${columns}${total}
  ${fromCurrent} ${USER} ${ROLE} ${joins}`;
