/** Rows to order: `listed` is `from … where …`, `roleId` and `id` are columns of one index. */
type Listed = {
  readonly listed: string;
  readonly roleId: string;
  readonly id: string;
  readonly orgId: string;
};

/** The ids of a page ($2 rows from $3) by role. An organization has few roles, so each one contributes its first rows. */
export function pageOfIdsByRole(descending: boolean, { listed, roleId, id, orgId }: Listed): string {
  const direction = descending ? 'desc' : 'asc';
  return `
    select c.id from roles r cross join lateral (
      select ${id} ${listed} and ${roleId} = r.id
      order by ${id} ${direction} limit $2::bigint + $3::bigint) c
    where r.org_id is null or r.org_id = ${orgId}
    order by r.display_name ${direction}, c.id ${direction} limit $2 offset $3`;
}
