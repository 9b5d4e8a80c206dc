import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';

type Column = { name: string; type: string; is_required: boolean; comment: string | null };
type Table = {
  name: string;
  comment: string | null;
  columns: Column[];
  keys: string[];
  references: string[];
  triggers: string[];
};
type View = { name: string; columns: string[] };

const TABLES = `
  select c.relname as name, obj_description(c.oid, 'pg_class') as comment,
    (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'is_required', a.attnotnull, 'comment', col_description(c.oid, a.attnum)) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    array(select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype in ('p', 'u') order by k.contype, k.conname) as keys,
    array(select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'f' order by k.conname) as references,
    array(select pg_get_triggerdef(t.oid) from pg_trigger t
      where t.tgrelid = c.oid and not t.tgisinternal and t.tgname !~ '^log_access_' order by t.tgname) as triggers
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`;

const VIEWS = `
  select c.relname as name, array(
    select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 order by a.attnum) as columns
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' order by c.relname`;

const VIEWS_FILE = new URL('../../src/database/schema/views.sql', import.meta.url);

/** The text of docs/schema.md for the database, and the tables without a comment. */
export async function describeSchema(
  database: DataSource,
): Promise<{ text: string; undescribed: readonly string[] }> {
  const tables: Table[] = await database.query(TABLES);
  const views: View[] = await database.query(VIEWS);
  return {
    text: [HEADING, ...tables.map(tableSection), '## Views\n', ...views.map(viewSection)].join('\n'),
    undescribed: tables.filter(({ comment }) => comment === null).map(({ name }) => name),
  };
}

const HEADING = `# Database schema

Written by \`npm run schema:write\` from a migrated database; the texts are its comments. A column that may be null has "?" behind its
type. Who owns which table: [architecture.md](architecture.md). Check constraints and indexes: \`\\d\` of psql. Views, functions and
triggers, with why they are there: \`src/database/schema/*.sql\`; the triggers \`log_access_…\` are those of the
[cache](postgresql.md#cache-of-recognized-callers).
`;

function tableSection({ name, comment, columns, keys, references, triggers }: Table): string {
  const [described, others] = [
    columns.filter((each) => each.comment),
    columns.filter((each) => !each.comment),
  ];
  const table = ['| column | type | meaning |\n|---|---|---|', ...described.map(row), ''];
  return [
    `## ${name}\n`,
    `${comment}\n`,
    ...(described.length > 0 ? table : []),
    ...item(described.length > 0 ? 'other columns' : 'columns', others.map(codeOf)),
    ...item(
      'keys',
      keys.map((key) => code(lower(key))),
    ),
    ...item('refers to', references.map(referenceOf)),
    ...item('triggers', triggers.map(triggerOf)),
    '',
  ].join('\n');
}

function viewSection({ name, columns }: View): string {
  const [, comment] = new RegExp(`^-- (.*)\\ncreate or replace view ${name} `, 'm').exec(
    readFileSync(VIEWS_FILE, 'utf8'),
  )!;
  return [`### ${name}\n`, `${comment}\n`, ...item('columns', columns.map(code)), ''].join('\n');
}

const item = (name: string, texts: readonly string[]) =>
  texts.length === 0 ? [] : [`- ${name}: ${texts.join(', ')}`];

const typeOf = ({ type, is_required: isRequired }: Column) =>
  `${type.replace(/timestamp(.*) with time zone/, 'timestamptz$1')}${isRequired ? '' : '?'}`;

const row = (column: Column) => `| ${column.name} | ${typeOf(column)} | ${column.comment} |`;
const code = (text: string) => `\`${text}\``;
const codeOf = (column: Column) => code(`${column.name} ${typeOf(column)}`);

/** In lower case, as migrations write it. */
const lower = (text: string) =>
  text.replace(
    /\b(PRIMARY KEY|UNIQUE|ON DELETE|CASCADE|RESTRICT|SET NULL|BEFORE|AFTER|INSERT|UPDATE|DELETE|TRUNCATE|OR|OF)\b/g,
    (word) => word.toLowerCase(),
  );

/** As `(org_id) → organizations(id) on delete cascade`. */
const referenceOf = (key: string) => code(lower(key.replace('FOREIGN KEY ', '').replace('REFERENCES', '→')));

/** As `count_joined after insert`. */
const triggerOf = (definition: string) => code(lower(/^CREATE TRIGGER (.*?) ON /.exec(definition)![1]!));
