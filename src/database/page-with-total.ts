/**
 * Reads a page of rows together with the total of the list in one statement, so that both are consistent. If the page
 * has no row to carry the total (limit 0, or beyond the end), the first row of the list is read for it.
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
