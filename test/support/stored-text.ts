import type { TestApp } from './test-app.js';

type Column = { table_name: string; column_name: string; data_type: string };

/**
 * The columns that contain a text, as `table.column`: every column of every table is searched, binary ones for its
 * bytes. Empty for a secret that is stored as a digest only.
 */
export async function columnsContaining(sql: TestApp['sql'], text: string): Promise<string[]> {
  const columns = await sql<Column>(
    `select c.table_name, c.column_name, c.data_type from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`,
  );
  const places: string[] = [];
  for (const { table_name, column_name, data_type } of columns) {
    const holds =
      data_type === 'bytea'
        ? `position(convert_to($1, 'UTF8') in "${column_name}") > 0`
        : `position($1 in "${column_name}"::text) > 0`;
    const found = await sql(`select 1 from "${table_name}" where ${holds} limit 1`, [text]);
    if (found.length > 0) places.push(`${table_name}.${column_name}`);
  }
  return places;
}

/** By servers, while requests come. */
const WRITTEN_AT_INTERVALS = ['access_cache_replicas', 'audit_counted', 'audit_counts', 'member_activity'];

/** The number of rows of each table: equal before and after a refused request that wrote nothing. */
export async function rowCounts(
  sql: TestApp['sql'],
  except: readonly string[] = [],
): Promise<Record<string, number>> {
  const tables = await sql<{ table_name: string }>(
    `select table_name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and not table_name = any($1) order by 1`,
    [[...WRITTEN_AT_INTERVALS, ...except]],
  );
  const counts = tables.map(({ table_name: name }) => `(select count(*)::int from "${name}") as "${name}"`);
  const [row] = await sql<Record<string, number>>(`select ${counts.join(', ')}`);
  return row!;
}
