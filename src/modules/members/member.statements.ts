import type { Statement } from '../../database/sql.js';
import { members, ROLE, type Scope, USER } from './member-scopes.statements.js';

export type MemberSort = 'name' | 'email' | 'role' | 'createdAt';

/** One page of a member list; a null filter does not filter, several filters have to be met together. */
export type MemberQuery = {
  readonly limit: number;
  readonly offset: number;
  readonly sortBy: MemberSort;
  readonly descending: boolean;
  /** In canonical form. */
  readonly emails: readonly string[] | null;
  readonly userIds: readonly string[] | null;
  readonly isDisabled: boolean | null;
  /** A part of the e-mail or full name, case-insensitive. */
  readonly text: string | null;
};

/**
 * E-mails sort in byte order, the same on every installation. This also keeps the planner from scanning the e-mail
 * index of all users until a page is full: seconds, if the organization's addresses are at its other end.
 */
const SORTS = {
  createdAt: { key: 'm.created_at', join: '', descending: 'desc' },
  role: { key: 'r.display_name', join: ROLE, descending: 'desc' },
  email: { key: 'u.email collate "C"', join: USER, descending: 'desc' },
  name: { key: 'u.full_name', join: USER, descending: 'desc nulls last' },
} as const satisfies Record<MemberSort, { key: string; join: string; descending: string }>;

const contains = (column: string, part: string) => `position(lower(${part}::text) in lower(${column})) > 0`;

/** Filters with a value; `$` is its parameter. */
const FILTERS = [
  { by: 'emails', join: USER, condition: ($: string) => `u.email = any(${$}::text[])` },
  { by: 'userIds', join: '', condition: ($: string) => `m.user_id = any(${$}::uuid[])` },
  {
    by: 'text',
    join: USER,
    condition: ($: string) => `(${contains('u.email', $)} or ${contains('u.full_name', $)})`,
  },
] as const;

const filtersOf = (query: MemberQuery) => FILTERS.filter(({ by }) => query[by] !== null);

/**
 * One page of members, each with the total of the list as `total`. Values are parameters, so each combination of
 * order and filters is one statement: at most 192 names per scope.
 */
export function pageOf(scope: Scope, ownerId: string, query: MemberQuery) {
  const filters = filtersOf(query);
  const state = query.isDisabled === null ? [] : [query.isDisabled ? 'disabled' : 'enabled'];
  const order = [query.sortBy, query.descending ? 'desc' : 'asc'];
  const name = ['members', scope.name, ...order, ...filters.map(({ by }) => by), ...state].join('_');
  const values = [ownerId, query.limit, query.offset, ...filters.map(({ by }) => query[by])];
  return { statement: memoizedStatement(name, () => pageStatement(scope, name, query)), values };
}

const pageStatement = (scope: Scope, name: string, query: MemberQuery): Statement => ({
  name: isUnfiltered(query) ? UNNAMED : name,
  text: pageText(scope, query),
});

const statementsByName = new Map<string, Statement>();

function memoizedStatement(name: string, create: () => Statement): Statement {
  const statement = statementsByName.get(name) ?? create();
  statementsByName.set(name, statement);
  return statement;
}

/**
 * A named statement soon gets one generic plan for organizations of every size. For reading all members that plan
 * looks up each user: twice the time at 100,000. Unnamed, the statement is planned each time (half a millisecond).
 */
const UNNAMED = '';

const isUnfiltered = ({ emails, userIds, text, sortBy }: MemberQuery): boolean =>
  !emails && !userIds && (text !== null || SORTS[sortBy].join === USER);

/**
 * Selects the ids of the page first, by an index-only scan if the order allows, and looks up the rest for those only.
 * The array enforces this: the planner estimates it as ten ids for any size of organization. With filters, the
 * matches are computed once, for the page and for the total.
 */
function pageText(scope: Scope, query: MemberQuery): string {
  const { key } = SORTS[query.sortBy];
  const matching = candidates(scope, query);
  const page = (ids: string) =>
    `where m.id = any(array(${ids} limit $2 offset $3)) ${orderBy(query, key, 'm.id')}`;
  if (filtersOf(query).length === 0 && query.isDisabled === null) {
    const ids = `select m.id ${matching} ${orderBy(query, key, 'm.id')}`;
    return `${members(scope, `, (${scope.headcount}) as total`)} ${page(ids)}`;
  }
  return `
    with matching as materialized (select m.id, ${key} as key ${matching})
    ${members(scope, ', (select count(*)::int from matching) as total')}
    ${page(`select id from matching ${orderBy(query, 'key', 'id')}`)}`;
}

function candidates(scope: Scope, query: MemberQuery): string {
  const filters = filtersOf(query);
  const joins = new Set([SORTS[query.sortBy].join, ...filters.map(({ join }) => join)]);
  const conditions = filters.map(({ condition }, index) => condition(`$${index + 4}`));
  if (query.isDisabled !== null) conditions.push(query.isDisabled ? scope.disabled : `not ${scope.disabled}`);
  const where = [`m.${scope.owner} = $1`, ...conditions].join(' and ');
  return `${scope.from} ${[...joins].join(' ')} where ${where}`;
}

/** Ties are broken by id, so that pages neither repeat nor omit members. */
function orderBy({ sortBy, descending }: MemberQuery, key: string, id: string): string {
  return descending ? `order by ${key} ${SORTS[sortBy].descending}, ${id} desc` : `order by ${key}, ${id}`;
}

/** Newest first, the default order of pages. */
export const allMembersOf = (scope: Scope): Statement => ({
  name: `members_${scope.name}_all`,
  text: `${members(scope, '')} where m.${scope.owner} = $1 order by m.created_at desc, m.id desc`,
});

export const oneMemberOf = (scope: Scope): Statement => ({
  name: `members_${scope.name}_one`,
  text: `${members(scope, '')} where m.${scope.owner} = $1 and m.id = $2`,
});
