import { type Finding, REASONS } from './finding.ts';

/** One object of the schema. */
export type CatalogRow = {
  readonly kind: 'table' | 'column' | 'constraint' | 'unique' | 'trigger' | 'function';
  readonly name: string;
  /** The table that it belongs to, or null. */
  readonly table: string | null;
  /** Its type or definition; if that changes, it is another object. */
  readonly definition: string;
  /** Of a column. */
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
  /** The columns of a constraint or unique index; empty for one over expressions. */
  readonly columns: readonly string[];
};

/** What servers depend on, from the catalog. Other indexes only make statements faster. */
export const COMPATIBILITY_CATALOG = `
  select 'table' as kind, relname::text as name, null as "table", relkind::text as definition, false as "isRequired",
    false as "hasDefault", '{}'::text[] as columns
  from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
  union all
  select 'column', c.relname || '.' || a.attname, c.relname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.atthasdef or a.attidentity <> '', '{}'
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
  union all
  select 'constraint', conrelid::regclass || '.' || conname, conrelid::regclass::text,
    replace(pg_get_constraintdef(oid), ' NOT VALID', ''), contype = 'f', false, array(
      select a.attname::text from pg_attribute a where a.attrelid = conrelid and a.attnum = any(conkey))
  from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'x')
  union all
  select 'unique', indrelid::regclass || '.' || i.relname, indrelid::regclass::text,
    regexp_replace(pg_get_indexdef(indexrelid), ' INCLUDE \\([^)]*\\)', ''), true, false, array(
      select a.attname::text from pg_attribute a
      where a.attrelid = indrelid and a.attnum = any(indkey[0:indnkeyatts - 1]))
  from pg_index join pg_class i on i.oid = indexrelid
  where i.relnamespace = 'public'::regnamespace and indisunique
  union all
  select 'trigger', tgrelid::regclass || '.' || tgname, tgrelid::regclass::text,
    pg_get_triggerdef(oid) || ' ' || tgenabled::text, true, false, '{}'
  from pg_trigger where not tgisinternal
  union all
  select 'function', proname::text, null,
    '(' || pg_get_function_identity_arguments(oid) || ') ' || pg_get_function_result(oid), true, false, '{}'
  from pg_proc where pronamespace = 'public'::regnamespace
  order by 1, 2`;

/**
 * How the schema of this version differs from that of the previous release in a way that servers of the previous release
 * may not work with. More may be added: tables, nullable columns, columns with a default, triggers, functions.
 */
export function compareCatalogs(before: readonly CatalogRow[], after: readonly CatalogRow[]): Finding[] {
  const later = new Map(after.map((row) => [keyOf(row), row]));
  const earlier = new Map(before.map((row) => [keyOf(row), row]));
  const isKept = ({ table }: CatalogRow) => table === null || later.has(`table ${table}`);
  return [
    ...before.filter(isKept).flatMap((row) => changed(row, later.get(keyOf(row)))),
    ...after
      .filter((row) => !earlier.has(keyOf(row)) && earlier.has(`table ${row.table}`))
      .flatMap((row) => added(row, earlier)),
  ];
}

const keyOf = ({ kind, name }: CatalogRow) => `${kind} ${name}`;
const finding = (change: string, reason: string): Finding => ({ change, reason });

/** Of check constraints and of tables that stay, only what becomes stricter matters. */
function changed(before: CatalogRow, after: CatalogRow | undefined): Finding[] {
  const { kind, name } = before;
  if (after === undefined) {
    if (kind === 'constraint' && !before.isRequired) return [];
    return [finding(`drop ${kind === 'unique' ? 'unique index' : kind} ${name}`, REASONS.removed)];
  }
  if (kind === 'column') return changedColumn(before, after);
  if (before.definition === after.definition) return [];
  if (kind === 'unique') return [finding(`create unique index ${name}`, REASONS.refused)];
  if (kind === 'constraint') return [finding(`add constraint ${name}`, REASONS.refused)];
  return [finding(`drop ${kind} ${name}`, REASONS.removed)];
}

function changedColumn(before: CatalogRow, after: CatalogRow): Finding[] {
  const { name } = before;
  return [
    ...(before.definition === after.definition ? [] : [finding(`change type of ${name}`, REASONS.retyped)]),
    ...(after.isRequired && !before.isRequired ? [finding(`set not null on ${name}`, REASONS.required)] : []),
    ...(before.hasDefault && !after.hasDefault ? [finding(`drop default of ${name}`, REASONS.required)] : []),
  ];
}

/** To a table that the previous release has. */
function added(
  { kind, name, table, ...row }: CatalogRow,
  earlier: ReadonlyMap<string, CatalogRow>,
): Finding[] {
  if (kind === 'column')
    return row.isRequired && !row.hasDefault
      ? [finding(`add required column ${name}`, REASONS.required)]
      : [];
  if (kind !== 'constraint' && kind !== 'unique') return [];
  const isOnNewColumns =
    row.columns.length > 0 && row.columns.every((column) => !earlier.has(`column ${table}.${column}`));
  if (isOnNewColumns) return [];
  return [
    finding(`${kind === 'unique' ? 'create unique index' : 'add constraint'} ${name}`, REASONS.refused),
  ];
}
