/**
 * Whether an entry that was read is still there, or retention has removed it. If not, the database has gone back to an earlier
 * state, and gives its position to another entry (docs/contract/events.md#order-and-cursors).
 */
export const isStillThere = (position: string, id: string): string => `(
  exists (select from audit_entries where position = ${position} and id = ${id})
  or exists (select from audit_anchors where through >= ${position}))`;

const LAST = '9223372036854775807';

/**
 * `from` and the rest of a statement: the entries `e` of an organization after a position, in order. They are compared
 * as pairs, so that PostgreSQL uses the index `audit_entries_by_chain` and does not read the entries of all
 * organizations.
 *
 * @param organization, position, through expressions in SQL
 */
export const entriesAfter = (organization: string, position: string, through = LAST): string => `
  from audit_entries e
  where (e.org_id, e.position) > (${organization}, ${position}) and (e.org_id, e.position) <= (${organization}, ${through})
  order by e.org_id, e.position`;
