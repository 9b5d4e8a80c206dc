import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { adminCommand } from './admin-command.js';
import { pg } from './postgres-client.js';
import { API_KEY_SALT, JWT_SECRET } from './test-app.js';

export const SECRETS = { BASIC_AUTH_JWT_SECRET: JWT_SECRET, API_KEY_SALT };

/** Runs `npm run admin -- <args>` on a database, in a separate process. */
export const adminOn = (databaseUrl: string, ...args: string[]) =>
  adminCommand({ DATABASE_URL: databaseUrl, ...SECRETS }, args);

export async function query<Row extends object>(databaseUrl: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** All rows of every table in `public`, in an order that does not depend on how they are stored. */
export async function contentOf(databaseUrl: string): Promise<Record<string, unknown[]>> {
  const tables = await query<{ name: string }>(
    databaseUrl,
    `select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  );
  const content: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const rows = await query<{ row: unknown }>(
      databaseUrl,
      `select to_jsonb(t) as row from "${name}" t order by 1`,
    );
    content[name] = rows.map(({ row }) => row);
  }
  return content;
}

/** Tables and views of a database; empty for a new one. */
export const relationsOf = (databaseUrl: string) =>
  query(databaseUrl, `select relname from pg_class where relnamespace = 'public'::regnamespace`);

/** Rewrites the content of a backup file, with a valid digest at its end. */
export function rewriteBackup(path: string, target: string, change: (content: string) => string): void {
  const content = gunzipSync(readFileSync(path)).toString('latin1');
  const changed = Buffer.from(change(content.slice(0, content.lastIndexOf('\n{"sha256"') + 1)), 'latin1');
  const sha256 = createHash('sha256').update(changed).digest('hex');
  writeFileSync(target, gzipSync(Buffer.concat([changed, Buffer.from(`${JSON.stringify({ sha256 })}\n`)])));
}
