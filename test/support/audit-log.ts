import type { Client } from 'pg';
import type { Api } from './api.js';
import { pg } from './postgres-client.js';
import type { TestApp } from './test-app.js';

export const AUDIT_LOGS = '/api/v1/audit-logs';
/** A period that contains all entries. */
export const EVER = 'start_time=2000-01-01T00:00:00Z&end_time=2100-01-01T00:00:00Z';

/** The part of an entry that tests read. */
export type Activity = {
  time: number;
  status_id: number;
  metadata: { uid: string };
  api: { operation: string };
  actor: { user: Named };
  resources: { uid: string; owner?: Named }[];
};
type Named = { name?: string; email_addr?: string };

/** One page of the audit log of the client's organization. */
export async function auditPage(api: Api, query = ''): Promise<{ cursor: string | null; items: Activity[] }> {
  const { status, body } = await api.get(`${AUDIT_LOGS}?${EVER}&${query}`);
  if (status !== 200) throw new Error(`reading the audit log: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** All ids from the cursor on (from the beginning without one), page by page. */
export async function auditIds(api: Api, query = '', from: string | null = null): Promise<string[]> {
  const ids: string[] = [];
  let cursor = from;
  do {
    const page = await auditPage(api, `${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    ids.push(...page.items.map(({ metadata }) => metadata.uid));
    cursor = page.cursor;
  } while (cursor);
  return ids;
}

/** Inserts entries a second apart that end an hour ago. */
export const fillAuditLog = (t: TestApp, orgId: string, count: number) =>
  t.sql(
    `insert into audit_entries (id, created_at, org_id, operation, succeeded, resource_ids, request_method, request_path)
     select gen_random_uuid(), now() - interval '1 hour' - n * interval '1 second', $1, 'update_workspace', true,
       array[gen_random_uuid()], 'PATCH', '/api/v1/workspaces/' || n
     from generate_series(1, $2::int) n`,
    [orgId, count],
  );

/** The ids in the database, newest first. */
export async function storedIds(t: TestApp, orgId: string): Promise<string[]> {
  const rows = await t.sql<{ id: string }>(
    'select id from audit_entries where org_id = $1 order by created_at desc, id desc',
    [orgId],
  );
  return rows.map(({ id }) => id);
}

/** Runs `work` on a separate connection, so that its transaction can stay open. */
export async function onOwnConnection<T>(
  t: Pick<TestApp, 'databaseUrl'>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: t.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Polls until `isSo` returns true; throws after `seconds`, which are many since a machine may be slow, or stand still. */
export async function until(isSo: () => Promise<boolean> | boolean, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`not so after ${seconds} s: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
