import { ENTERPRISE_URN, USER_SHAPE } from '../protocol/schemas.js';
import type { Columns, ListColumn, SingleColumn, TextColumn } from '../query/columns.js';
import { metaColumns, storedColumns } from '../query/resource-columns.js';

/** `s` is the SCIM user, `m` its membership. */
const STORED: Columns = Object.assign(
  storedColumns(USER_SHAPE.core.attributes, 's.attributes'),
  ...USER_SHAPE.extensions.map(({ id, attributes }) =>
    storedColumns(attributes, `s.attributes -> '${id}'`, `${id}:`),
  ),
);

const GROUPS: ListColumn = {
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
};

/** Of the membership `m`. */
export const IS_ACTIVE = 'not m.is_disabled';

/** Of the organization `$1`. */
export const COUNT_ALL = '(select scim_users from headcounts where org_id = $1)';
const COUNT_DISABLED = `(
  select count(*) from org_memberships d join scim_users u on u.org_id = d.org_id and u.user_id = d.user_id
  where d.org_id = $1 and d.is_disabled)`;

/** An attribute that has an index by its value and age. */
const shared = (column: SingleColumn | ListColumn | undefined): TextColumn => ({
  ...(column as TextColumn),
  countWhere: (condition) => `(select count(*) from scim_users s where s.org_id = $1 and ${condition})`,
});

/** The attributes that users can be filtered by: all that are returned. */
export const USER_COLUMNS: Columns = {
  ...STORED,
  ...metaColumns('s', {
    resourceType: 'User',
    endpoint: '/Users/',
    schemas: `array_remove(array['${USER_SHAPE.core.id}', case when s.attributes ? '${ENTERPRISE_URN}' then '${ENTERPRISE_URN}' end], null)`,
  }),
  userName: { kind: 'text', sql: 's.user_name', isUnique: true },
  active: {
    kind: 'boolean',
    sql: IS_ACTIVE,
    count: (isActive) => (isActive ? `${COUNT_ALL} - ${COUNT_DISABLED}` : null),
  },
  title: shared(STORED.title),
  nickName: shared(STORED.nickName),
  emails: {
    ...(STORED.emails as ListColumn),
    holding: (value) => `s.emails @> array[lower(${value}::text)]`,
    like: (pattern) => `scim_emails_text(s.emails) like lower(${pattern}::text)`,
    sortedBy: { kind: 'text', sql: 's.emails[1]' },
  },
  groups: GROUPS,
};
