import { named, type Statement } from '../../../database/transactions/sql.js';
import { ENTERPRISE_URN, USER_SHAPE } from '../protocol/schemas.js';
import {
  type Columns,
  comparable,
  type ListColumn,
  metaColumns,
  orderBy,
  type SingleColumn,
  storedColumns,
  type TextColumn,
} from '../query/columns.js';
import { keyOf, type ListQuery, listStatement, whereOf } from '../query/list.statements.js';
import { SHOWN_ATTRIBUTES } from '../roles/user-roles.repository.js';

const STORED: Columns = Object.assign(
  storedColumns(USER_SHAPE.core.attributes, 's.attributes'),
  ...USER_SHAPE.extensions.map(({ id, attributes }) =>
    storedColumns(attributes, `s.attributes -> '${id}'`, `${id}:`),
  ),
);

/** Of the membership `m`, which may have ended and not be removed yet. */
const HAS_ENDED = '((m.access_expires_at <= now() and m.reverts_to_role_id is null) is true)';
const IS_ACTIVE = `(not m.is_disabled and not ${HAS_ENDED})`;
/** The end is a change of the representation that writes nothing. */
const VERSION = `(s.version + ${HAS_ENDED}::int)`;

/** Of the organization `$1`. */
const COUNT_ALL = '(select scim_users from headcounts where org_id = $1)';
const COUNT_DISABLED = `(
  select count(*) from org_memberships d join scim_users u on u.org_id = d.org_id and u.user_id = d.user_id
  where d.org_id = $1 and d.is_disabled)`;
const COUNT_ENDED = `(
  select count(*) from org_memberships e join scim_users u on u.org_id = e.org_id and u.user_id = e.user_id
  where e.org_id = $1 and e.access_expires_at <= now() and e.reverts_to_role_id is null and not e.is_disabled)`;

const shared = (column: SingleColumn | ListColumn | undefined): TextColumn => ({
  ...(column as TextColumn),
  countWhere: (condition) => `(select count(*) from scim_users s where s.org_id = $1 and ${condition})`,
});

/** The attributes that users can be filtered by: all that are returned. */
export const USER_COLUMNS: Columns = {
  ...STORED,
  ...metaColumns(
    's',
    'User',
    `array_remove(array['${USER_SHAPE.core.id}', case when s.attributes ? '${ENTERPRISE_URN}' then '${ENTERPRISE_URN}' end], null)`,
  ),
  'meta.version': { kind: 'text', sql: `'W/"' || ${VERSION} || '"'`, caseExact: true },
  userName: { kind: 'text', sql: 's.user_name', isUnique: true },
  active: {
    kind: 'boolean',
    sql: IS_ACTIVE,
    count: (isActive) => (isActive ? `${COUNT_ALL} - ${COUNT_DISABLED} - ${COUNT_ENDED}` : null),
  },
  title: shared(STORED.title),
  nickName: shared(STORED.nickName),
  emails: {
    ...(STORED.emails as ListColumn),
    holding: (value) => `s.emails @> array[lower(${value}::text)]`,
    like: (pattern) => `scim_emails_text(s.emails) like lower(${pattern}::text)`,
    sortedBy: { kind: 'text', sql: 's.emails[1]' },
  },
  groups: {
    kind: 'list',
    any: (condition) => `exists (
      select from scim_group_members gm join scim_groups g on g.id = gm.group_id
      where gm.scim_user_id = s.id and ${condition})`,
    parts: {
      value: { kind: 'id', sql: 'g.id' },
      $ref: { kind: 'location', sql: 'g.id', endpoint: '/Groups/' },
      display: { kind: 'text', sql: 'g.display_name' },
      type: { kind: 'text', sql: `'direct'` },
    },
  },
};

const SHOWN = `
  s.id, s.user_name as "userName", s.external_id as "externalId", ${SHOWN_ATTRIBUTES} as attributes,
  ${VERSION} as version, s.created_at as "createdAt", s.updated_at as "updatedAt", ${IS_ACTIVE} as "isActive"`;
const COLUMNS = `${SHOWN}, ${HAS_ENDED} as "hasEnded", s.org_id as "orgId", s.user_id as "userId", s.made_account as "madeAccount", s.emails,
  s.roles_are_confirmed as "rolesAreConfirmed"`;

const JOIN = 'join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id';
const FROM = `from scim_users s ${JOIN}`;

const GROUPS = `(
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.display_name) order by g.created_at, g.id), '[]')
  from scim_group_members gm join scim_groups g on g.id = gm.group_id where gm.scim_user_id = s.id) as groups`;

export const FIND: Statement = named('scim_users_find')`
  select ${COLUMNS}, ${GROUPS} ${FROM} where s.org_id = $1 and s.id = $2`;

export const LOCK: Statement = named('scim_users_lock')`
  select ${COLUMNS}, '[]'::jsonb as groups ${FROM} where s.org_id = $1 and s.id = $2 for no key update of s`;

/**
 * All rows in one JSON text: node-postgres cannot send arrays of arrays of different lengths. Inserts no row that a unique
 * constraint refuses: a violation would write an error into PostgreSQL's log for each race that a client loses.
 */
export const INSERT: Statement = named('scim_users_insert')`
  insert into scim_users (id, org_id, user_id, made_account, user_name, external_id, emails, attributes, roles_are_confirmed)
  select id, "orgId", "userId", "madeAccount", "userName", "externalId", array(select lower(e) from unnest(emails) e),
    attributes, "rolesAreConfirmed"
  from jsonb_to_recordset($1::jsonb) as given (id uuid, "orgId" uuid, "userId" uuid, "madeAccount" boolean,
    "userName" text, "externalId" text, emails text[], attributes jsonb, "rolesAreConfirmed" boolean)
  on conflict do nothing
  returning id, version, created_at as "createdAt", updated_at as "updatedAt"`;

/** Updates nothing if another user has the `userName` or `externalId`. The caller holds the roster lock. */
export const UPDATE: Statement = named('scim_users_update')`
  update scim_users set user_name = $3, external_id = $4,
    emails = array(select lower(e) from unnest($5::text[]) e), attributes = $6, roles_are_confirmed = $7,
    version = version + 1, updated_at = now()
  where org_id = $1 and id = $2
    and not exists (
      select from scim_users o where o.org_id = $1 and o.id <> $2 and ${comparable({ sql: 'o.user_name' })} = ${comparable({ sql: '$3::text' })})
    and not exists (select from scim_users o where o.org_id = $1 and o.id <> $2 and o.external_id = $4)`;

const others = (condition: string) => `
  exists (
    select from jsonb_to_recordset($2::jsonb) as given (id uuid, "userId" uuid, "userName" text, "externalId" text)
      join scim_users s on s.org_id = $1 and s.id <> given.id and ${condition})`;

/** Which unique attributes of the given users other users of the organization have. */
export const FIND_TAKEN: Statement = named('scim_users_find_taken')`
  select ${others('s.user_id = given."userId"')} as "userId",
    ${others('s.external_id = given."externalId"')} as "externalId",
    ${others(`${comparable({ sql: 's.user_name' })} = ${comparable({ sql: 'given."userName"' })}`)} as "userName"`;

/** Members by their account, and other SCIM users in any position of `emails`. With `offset 0` the planner looks up each address. */
export const LIST_ADDRESS_HOLDERS: Statement = named('scim_users_list_address_holders')`
  select given.email, null as "userName", null as attributes
  from unnest($2::uuid[], $3::text[]) as given (user_id, email)
    cross join lateral (select id from users where email = given.email and id <> given.user_id offset 0) u
    join current_org_memberships m on m.org_id = $1 and m.user_id = u.id
  union all
  select given.email, s.user_name, s.attributes
  from unnest($2::uuid[], $3::text[]) as given (user_id, email)
    cross join lateral (select * from scim_users where emails @> array[given.email] offset 0) s
  where s.org_id = $1 and s.user_id <> given.user_id`;

export const IS_SOLELY_HELD: Statement = named('scim_account_is_ours_alone')`
  select not exists (select from org_memberships where user_id = $2 and org_id <> $1)
    and not exists (
      select from login_methods where user_id = $2 and provisioning_method is distinct from 'scim') as alone`;

export const LIST_ABANDONED: Statement = named('scim_accounts_list_abandoned')`
  select id from users u where id = any($1)
    and not exists (select from org_memberships where user_id = u.id)
    and not exists (
      select from login_methods where user_id = u.id and provisioning_method is distinct from 'scim')`;

/** The membership, if the condition or the order uses it: the column of an unused join prevents an index-only scan. */
const membershipFor = (use: string): string => (use.includes(HAS_ENDED) ? `left ${JOIN}` : '');

/** The total comes from a counter or an index where there is one, since a window function would read all matches for each page. */
export const pageOf = (query: ListQuery, withGroups: boolean): Statement =>
  listStatement('scim_users_page', query, pageText(query, withGroups));

function pageText(query: ListQuery, withGroups: boolean): string {
  const { condition, isSorted } = query;
  const where = whereOf(query, 's');
  const order = orderBy(query.order);
  const columns = `${SHOWN}, ${withGroups ? GROUPS : `'[]'::jsonb as groups`}${keyOf(query)}`;
  const total = totalOf(query);
  const shown = (page: string) => `
      select ${columns}, total from (${page} limit $2 offset $3) s ${JOIN}`;
  const matches = (count: string) =>
    `select s.*, ${count} as total from scim_users s ${membershipFor(where)} ${where}`;
  if (condition?.isUnique) return shown(matches('1'));
  if (condition?.isLookup && !isSorted && total === null)
    return `${shown(`${matches('count(*) over ()')} order by ${order}`)} order by ${order}`;
  return `
      select ${columns}, ${total ?? 'p.total'} as total
      from (
        select s.*, row_number() over () as place from (
          select s.id${total === null ? ', count(*) over () as total' : ''} from scim_users s
          ${membershipFor(where + order)} ${where} order by ${order} limit $2 offset $3) s) p
      join scim_users s on s.id = p.id ${JOIN}
      order by p.place`;
}

/** Null: no way is faster than counting on the way to the page. After another page, it is known. */
function totalOf({ condition, after }: ListQuery): string | null {
  if (after !== null) return '0';
  return condition ? condition.total : COUNT_ALL;
}
