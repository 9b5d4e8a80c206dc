import type { DataSource } from 'typeorm';

type Column = { name: string; type: string; is_required: boolean; comment: string | null };
type Table = { name: string; comment: string | null; columns: Column[]; keys: string[] };

const TABLES = `
  select c.relname as name, obj_description(c.oid, 'pg_class') as comment,
    (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'is_required', a.attnotnull, 'comment', col_description(c.oid, a.attnum)) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    array(select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype in ('p', 'u', 'f') order by k.contype = 'f', k.contype, k.conname) as keys
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`;

/** The text of docs/schema.md for the database, and the tables without a comment. */
export async function describeSchema(
  database: DataSource,
): Promise<{ text: string; undescribed: readonly string[] }> {
  const tables: Table[] = await database.query(TABLES);
  return {
    text: `${HEADING}\n${tables.map(section).join('\n')}`,
    undescribed: tables.filter(({ comment }) => comment === null).map(({ name }) => name),
  };
}

const HEADING = `# Database schema

Written by \`npm run schema:write\` from a database with all migrations; the texts are its comments. A column that may be null has
"?" behind its type. Who owns which table: [architecture.md](architecture.md). Check constraints, indexes and triggers: \`\\d\` of psql.
`;

const section = ({ name, comment, columns, keys }: Table) =>
  [
    `## ${name}\n`,
    `${comment}\n`,
    '| column | type | meaning |\n|---|---|---|',
    `${columns.map(line).join('\n')}\n`,
    ...(keys.length > 0 ? [`${keys.map((key) => `- ${definitionOf(key)}`).join('\n')}\n`] : []),
  ].join('\n');

const line = ({ name, type, is_required: isRequired, comment }: Column) =>
  `| ${name} | ${type.replace(/timestamp(.*) with time zone/, 'timestamptz$1')}${isRequired ? '' : '?'} | ${comment ?? ''} |`;

const code = (text: string) => `\`${text}\``;
/** In lower case, as migrations write it. */
const definitionOf = (key: string) =>
  code(
    key.replace(
      /\b(PRIMARY KEY|FOREIGN KEY|UNIQUE|REFERENCES|ON DELETE|CASCADE|RESTRICT|SET NULL)\b/g,
      (word) => word.toLowerCase(),
    ),
  );
