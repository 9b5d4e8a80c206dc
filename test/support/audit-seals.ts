import { until } from './audit-log.js';
import { adminIn } from './server-host.js';
import { API_KEY_SALT, JWT_SECRET, type TestApp } from './test-app.js';

/** Runs `npm run admin -- …` on the database of the test. */
export const runAdmin = (t: TestApp, ...args: string[]): Promise<{ code: number; lines: string[] }> =>
  adminIn(t.databaseUrl, { BASIC_AUTH_JWT_SECRET: JWT_SECRET, API_KEY_SALT }, args);

/** The output of the command for one organization. */
export const lineOf = (lines: string[], orgId: string): string | undefined =>
  lines.find((line) => line.startsWith(`organization ${orgId}: `))?.slice(`organization ${orgId}: `.length);

/** Resolves once every committed entry is sealed. */
export const allSealed = (t: TestApp): Promise<void> =>
  until(async () => {
    const open = await t.sql(
      'select from audit_entries where position > coalesce((select max(through) from audit_seals), 0) limit 1',
    );
    return open.length === 0;
  });

/** Inserts entries of that age for an organization, which need not exist; returns their positions. */
export async function writeEntries(
  t: TestApp,
  orgId: string,
  count: number,
  age = '0 days',
): Promise<string[]> {
  const rows = await t.sql<{ position: string }>(
    `insert into audit_entries (id, created_at, org_id, operation, succeeded, resource_ids, request_path)
     select gen_random_uuid(), clock_timestamp() - $3::interval, $1, 'update_workspace', true, '{}', '/' || n
     from generate_series(1, $2::int) n returning position`,
    [orgId, count, age],
  );
  return rows.map(({ position }) => position);
}

/** Runs statements with the triggers disabled, as the owner of the tables can. */
export async function tamper(t: Pick<TestApp, 'sql'>, ...statements: string[]): Promise<void> {
  const tables = ['audit_entries', 'audit_seals'];
  const triggers = (what: string) => tables.map((table) => `alter table ${table} ${what} trigger user`);
  await t.sql([...triggers('disable'), ...statements, ...triggers('enable')].join(';'));
}
