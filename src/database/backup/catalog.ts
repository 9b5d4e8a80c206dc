import type { ClientBase, QueryResultRow } from 'pg';
import { first } from '../../common/collections.js';

/** Columns that `COPY` can write: generated ones are computed. */
export type Table = { readonly name: string; readonly columns: readonly string[] };

/** `value` is the last one if `isCalled`, else the next. Text, since it may exceed the integers of JSON. */
export type SequenceState = { readonly name: string; readonly value: string; readonly isCalled: boolean };

const SCHEMA = 'quote_ident(current_schema())::regnamespace';

const OF_AN_EXTENSION = `
  exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

const TABLES = `
  select c.relname::text as name, array(
    select a.attname::text from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attnum) as columns
  from pg_class c
  where c.relnamespace = ${SCHEMA} and c.relkind in ('r', 'p') and not c.relispartition and not ${OF_AN_EXTENSION}
  order by c.relname`;

const SEQUENCES = `
  select relname::text as name from pg_class c
  where relnamespace = ${SCHEMA} and relkind = 'S' and relname <> 'migrations_id_seq' order by relname`;

const ANYTHING = `
  select n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and not ${OF_AN_EXTENSION}
    and n.nspname <> 'information_schema' and not starts_with(n.nspname, 'pg_')
    and current_schema() in ('public', n.nspname)
  order by name`;

export async function rowsOf<Row extends QueryResultRow>(client: ClientBase, text: string): Promise<Row[]> {
  return (await client.query<Row>(text)).rows;
}

/** An identifier of PostgreSQL, quoted. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const quotedList = (names: readonly string[]) => names.map(quoted).join(', ');

/** The tables of the schema that unqualified names refer to, by name. */
export const tablesIn = (client: ClientBase) => rowsOf<Table>(client, TABLES);

/** Also with rows of an open transaction; later than the snapshot of a transaction, never earlier. */
export async function sequencesIn(client: ClientBase): Promise<SequenceState[]> {
  const states: SequenceState[] = [];
  for (const { name } of await rowsOf<{ name: string }>(client, SEQUENCES)) {
    const text = `select last_value::text as value, is_called as "isCalled" from ${quoted(name)}`;
    states.push({ name, ...first(await rowsOf<Omit<SequenceState, 'name'>>(client, text)) });
  }
  return states;
}

/**
 * Tables, views and sequences outside of the system's schemas and of extensions, with their schema; for an installation in a
 * schema of its own, those of that schema.
 */
export async function relationsIn(client: ClientBase): Promise<string[]> {
  return (await rowsOf<{ name: string }>(client, ANYTHING)).map(({ name }) => name);
}

/** In the order in which they were run. */
export async function migrationsIn(client: ClientBase): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(client, 'select name from migrations order by id');
  return rows.map(({ name }) => name);
}
