/**
 * Reads a page of rows together with the total of the list in one statement, so that both are consistent. If the page
 * has no row to carry the total (limit 0, or beyond the end), the first row of the list is read for it.
 */
export async function pageWithTotal<Row extends { total: number | string }>(
  { limit, offset }: { limit: number; offset: number },
  read: (limit: number, offset: number) => Promise<Row[]>,
): Promise<{ rows: Row[]; total: number }> {
  const rows = limit === 0 ? [] : await read(limit, offset);
  const hasTotal = rows.length > 0 || (limit > 0 && offset === 0);
  const [first] = hasTotal ? rows : await read(1, 0);
  return { rows, total: Number(first?.total ?? 0) };
}

/** Rows to order: `listed` is `from … where …`, `key` a column of an index, `id` the primary key. */
type Listed = { readonly listed: string; readonly key: string; readonly id: string };

/** Of the keys, only names and ends may be null; rows without one come last in both directions. */
type PageOrder = { readonly sortBy: string; readonly descending: boolean };

/** Ties are broken by id, so that pages neither repeat nor omit rows. */
export function orderBy({ sortBy, descending }: PageOrder, key: string, id: string): string {
  if (!descending) return `order by ${key}, ${id}`;
  return `order by ${key} desc${sortBy === 'name' || sortBy === 'access_expires_at' ? ' nulls last' : ''}, ${id} desc`;
}

/** The ids of a page ($2 rows from $3), in the order of an index. */
export function pageOfIds(order: PageOrder, { listed, key, id }: Listed): string {
  const hasTwoScans = order.sortBy === 'name' ? order.descending : order.sortBy === 'access_expires_at';
  if (hasTwoScans) return idsNullsLast(order.descending ? 'desc' : 'asc', { listed, key, id });
  return `select ${id} ${listed} ${orderBy(order, key, id)} limit $2 offset $3`;
}

/**
 * A backward scan of the index of names would begin with the rows without a key, and the index of ends does not have them;
 * two scans avoid sorting. `nulls last` would not be the order of a backward scan.
 */
function idsNullsLast(direction: 'asc' | 'desc', { listed, key, id }: Listed): string {
  return `
  with named as (
    select ${id} ${listed} and ${key} is not null
    order by ${key} ${direction}, ${id} ${direction} limit $2 offset $3),
  missing as (select $2::bigint - count(*) as count from named)
  select id from named
  union all
  (select ${id} ${listed} and ${key} is null and (select count from missing) > 0
  order by ${id} ${direction} limit (select count from missing) offset case when (select count from missing) > 0
    then greatest(0, $3::bigint - (select count(*) ${listed} and ${key} is not null)) else 0 end)`;
}
