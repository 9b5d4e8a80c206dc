import type { Statement } from '../../database/sql.js';
import { members, ROLE, type Scope, USER } from './member-scopes.statements.js';

export type MemberSort = 'name' | 'email' | 'role' | 'createdAt';

/** Which page of which members; a filter that is null lets everybody through, several are all to be met. */
export type MemberQuery = {
  readonly limit: number;
  readonly offset: number;
  readonly sortBy: MemberSort;
  readonly descending: boolean;
  /** Canonical. */
  readonly emails: readonly string[] | null;
  readonly userIds: readonly string[] | null;
  readonly isDisabled: boolean | null;
  /** A part of the e-mail or of the full name, in any case. */
  readonly text: string | null;
};

/**
 * E-mails in byte order, so the same on every installation. It also keeps the planner from walking the e-mail index
 * of all users until a page is full: seconds, when the organization's addresses stand at its other end.
 */
const SORTS = {
  createdAt: { key: 'm.created_at', join: '', descending: 'desc' },
  role: { key: 'r.display_name', join: ROLE, descending: 'desc' },
  email: { key: 'u.email collate "C"', join: USER, descending: 'desc' },
  name: { key: 'u.full_name', join: USER, descending: 'desc nulls last' },
} as const satisfies Record<MemberSort, { key: string; join: string; descending: string }>;

const contains = (column: string, part: string) => `position(lower(${part}::text) in lower(${column})) > 0`;

/** Conditions with a value; `$` is the parameter that holds it. */
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
 * One page of members, each with the total of the list as `total`. Values are parameters, so there is one statement
 * for each order and set of filters: 192 a scope at most, and no more names than that.
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
 * A named statement gets one plan for organizations of every size after a few runs. Where all people of one are read,
 * that plan looks each of them up: twice the time at 100,000. Unnamed, it is planned (half a millisecond) for this one.
 */
const UNNAMED = '';

const isUnfiltered = ({ emails, userIds, text, sortBy }: MemberQuery): boolean =>
  !emails && !userIds && (text !== null || SORTS[sortBy].join === USER);

/**
 * The ids of the page first, from an index alone where the order allows; the rest is looked up for those only. The
 * array keeps it so: the planner takes it for ten ids, whatever the size of the organization. With filters, who
 * matches is found once, for the page and for the total.
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
  return `from ${scope.table} m ${[...joins].join(' ')} where ${where}`;
}

/** Ties are broken by id, so that pages neither repeat nor miss anybody. */
function orderBy({ sortBy, descending }: MemberQuery, key: string, id: string): string {
  return descending ? `order by ${key} ${SORTS[sortBy].descending}, ${id} desc` : `order by ${key}, ${id}`;
}

/** Newest first, as pages are unless asked otherwise. */
export const allMembersOf = (scope: Scope): Statement => ({
  name: `members_${scope.name}_all`,
  text: `${members(scope, '')} where m.${scope.owner} = $1 order by m.created_at desc, m.id desc`,
});

export const oneMemberOf = (scope: Scope): Statement => ({
  name: `members_${scope.name}_one`,
  text: `${members(scope, '')} where m.${scope.owner} = $1 and m.id = $2`,
});
