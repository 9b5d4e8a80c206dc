/** Rows to order: `listed` is `from … where …`, `key` a column of an index, `id` the primary key. */
type Listed = { readonly listed: string; readonly key: string; readonly id: string };

/** Of the keys, only names may be null; rows without one come last in both directions. */
type PageOrder = { readonly sortBy: string; readonly descending: boolean };

/** Ties are broken by id, so that pages neither repeat nor omit rows. */
export function orderBy({ sortBy, descending }: PageOrder, key: string, id: string): string {
  if (!descending) return `order by ${key}, ${id}`;
  return `order by ${key} desc${sortBy === 'name' ? ' nulls last' : ''}, ${id} desc`;
}

/** The ids of a page ($2 rows from $3), in the order of an index. */
export function pageOfIds(order: PageOrder, { listed, key, id }: Listed): string {
  if (order.sortBy === 'name' && order.descending) return idsDescendingNullsLast({ listed, key, id });
  return `select ${id} ${listed} ${orderBy(order, key, id)} limit $2 offset $3`;
}

/** A backward scan of the index would begin with the rows without a key; two scans avoid sorting. */
const idsDescendingNullsLast = ({ listed, key, id }: Listed): string => `
  with named as (
    select ${id} ${listed} and ${key} is not null
    order by ${key} desc, ${id} desc limit $2 offset $3),
  missing as (select $2::bigint - count(*) as count from named)
  select id from named
  union all
  (select ${id} ${listed} and ${key} is null and (select count from missing) > 0
  order by ${id} desc limit (select count from missing) offset case when (select count from missing) > 0
    then greatest(0, $3::bigint - (select count(*) ${listed} and ${key} is not null)) else 0 end)`;
