/** Rows to order: `listed` is `from … where …`, `key` a nullable column of an index, `id` the primary key. */
type Listed = { readonly listed: string; readonly key: string; readonly id: string };

/**
 * The ids of a page ($2 rows from $3) in descending order, rows without a key last. They come last in ascending order as
 * well, so a backward scan of the index would begin with them; two scans avoid sorting.
 */
export const idsDescendingNullsLast = ({ listed, key, id }: Listed): string => `
  with named as (
    select ${id} ${listed} and ${key} is not null
    order by ${key} desc, ${id} desc limit $2 offset $3),
  missing as (select $2::bigint - count(*) as count from named)
  select id from named
  union all
  (select ${id} ${listed} and ${key} is null and (select count from missing) > 0
  order by ${id} desc limit (select count from missing) offset case when (select count from missing) > 0
    then greatest(0, $3::bigint - (select count(*) ${listed} and ${key} is not null)) else 0 end)`;
