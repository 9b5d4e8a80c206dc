/**
 * A page of rows that carry the total of their list: in the same statement, so that both are of one moment. A page without
 * rows, being behind the end or of no rows at all, has the first row asked for it.
 */
export async function pageWithTotal<Row extends { total: number | string }>(
  { limit, offset }: { limit: number; offset: number },
  read: (limit: number, offset: number) => Promise<Row[]>,
): Promise<{ rows: Row[]; total: number }> {
  const rows = limit === 0 ? [] : await read(limit, offset);
  const saysAll = rows.length > 0 || (limit > 0 && offset === 0);
  const [first] = saysAll ? rows : await read(1, 0);
  return { rows, total: Number(first?.total ?? 0) };
}
