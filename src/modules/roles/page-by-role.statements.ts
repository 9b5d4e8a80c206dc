/** Rows to order: `listed` is `from … where …`, `roleId` and `id` are columns of one index. */
type Listed = {
  readonly listed: string;
  readonly roleId: string;
  readonly id: string;
  readonly orgId: string;
};

/**
 * The ids of a page ($2 rows from $3) by role. An organization has few roles, whose rows are counted, as far as the page
 * needs, so that only the roles of the page are read.
 */
export function pageOfIdsByRole(descending: boolean, { listed, roleId, id, orgId }: Listed): string {
  const direction = descending ? 'desc' : 'asc';
  const byRole = `r.display_name ${direction}, r.id ${direction}`;
  return `
    select c.id
    from (
      select r.id, r.display_name, s.count, (sum(s.count) over (order by ${byRole}) - s.count)::bigint as before
      from roles r cross join lateral (
        select count(*) from (
          select ${listed} and ${roleId} = r.id order by ${id} limit $2::bigint + $3::bigint) counted) s
      where r.org_id is null or r.org_id = ${orgId}) r
    cross join lateral (
      select ${id} ${listed} and ${roleId} = r.id
      order by ${id} ${direction} limit $2 offset greatest(0, $3::bigint - r.before)) c
    where r.before < $2::bigint + $3::bigint and r.before + r.count > $3::bigint
    order by ${byRole}, c.id ${direction} limit $2`;
}
