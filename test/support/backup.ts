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

type BackupContent = {
  magic: string;
  header: { migrations: string[]; tables: { name: string; columns: string[] }[] };
  /** By table, the lines that `COPY` has written. */
  rows: Record<string, string>;
};

/** Rewrites the content of a backup file, with a valid checksum. */
export function rewriteBackup(path: string, target: string, change: (content: BackupContent) => void): void {
  const [, magic, json, body] = /^(.*)\n(.*)\n([^]*)$/.exec(
    gunzipSync(readFileSync(path)).toString('latin1'),
  )!;
  const header = JSON.parse(json!) as BackupContent['header'];
  const parts = body!.split(/(?<=^|\n)\\\.\n/);
  const content = {
    magic: magic!,
    header,
    rows: Object.fromEntries(header.tables.map(({ name }, index) => [name, parts[index]!])),
  };
  change(content);
  const rows = Object.values(content.rows).map((lines) => `${lines}\\.\n`);
  const text = `${content.magic}\n${JSON.stringify(header)}\n${rows.join('')}`;
  writeFileSync(target, gzipSync(Buffer.from(text, 'latin1')));
}
