import { parse } from 'libpg-query';
import { type Finding, REASONS, UNBOUNDED_TABLES } from './finding.ts';

/** A node of PostgreSQL's parse tree, as far as the rules look into it. */
type Node = any; // eslint-disable-line -- libpg-query types it as any, too

/** What earlier statements have created: the previous release does not know it. */
type Created = { readonly tables: Set<string>; readonly columns: Set<string> };

/**
 * The statements that servers of the previous release may not work with. Statements that are found by their effect on
 * the catalog alone, such as dropped constraints, are left to `compare-catalogs.ts`.
 *
 * @param statements all of the migrations that the previous release does not have, in order
 */
export class BreakingStatements {
  private readonly created: Created = { tables: new Set(), columns: new Set() };

  /** The findings of the next statement. */
  async find(statement: string): Promise<Finding[]> {
    const { stmts } = (await parse(statement)) as { stmts: Node[] };
    return stmts.flatMap(({ stmt }) => {
      const [[kind, node]] = Object.entries(stmt) as [[string, Node]];
      return RULES[kind]?.(node, this.created) ?? [];
    });
  }
}

type Rule = (node: Node, created: Created) => Finding[];

const finding = (change: string, reason: string): Finding => ({ change, reason });
const lastOf = (names: readonly Node[]): string => names.at(-1).String.sval;
const dotted = (names: readonly Node[]): string => names.map(({ String: { sval } }) => sval).join('.');

const RULES: Readonly<Record<string, Rule>> = {
  CreateStmt: ({ relation }, { tables }) => {
    tables.add(relation.relname);
    return [];
  },
  CreateTableAsStmt: ({ into }, { tables }) => {
    tables.add(into.rel.relname);
    return [];
  },
  DropStmt: ({ removeType, objects }, { tables }) =>
    (objects as Node[]).flatMap((object) => dropped(removeType, object, tables)),
  RenameStmt: ({ renameType, relation, subname, object }, { tables }) => {
    if (relation && tables.has(relation.relname)) return [];
    if (renameType === 'OBJECT_TABLE') return [finding(`drop table ${relation.relname}`, REASONS.removed)];
    if (renameType === 'OBJECT_COLUMN')
      return [finding(`drop column ${relation.relname}.${subname}`, REASONS.removed)];
    if (renameType === 'OBJECT_FUNCTION')
      return [finding(`drop function ${lastOf(object.ObjectWithArgs.objname)}`, REASONS.removed)];
    return [];
  },
  AlterTableStmt: ({ relation: { relname }, cmds }, created) =>
    created.tables.has(relname)
      ? []
      : (cmds as Node[]).flatMap(({ AlterTableCmd: command }) => alteration(relname, command, created)),
  IndexStmt: (node, created) => index(node, created),
  TruncateStmt: ({ relations }, { tables }) =>
    (relations as Node[])
      .map(({ RangeVar: { relname } }) => relname as string)
      .filter((name) => !tables.has(name))
      .map((name) => finding(`truncate ${name}`, REASONS.removed)),
  DoStmt: () => [finding('run a do block', REASONS.opaque)],
};

function dropped(type: string, object: Node, tables: ReadonlySet<string>): Finding[] {
  const names = object.List?.items ?? object.ObjectWithArgs?.objname ?? [];
  if (type === 'OBJECT_TABLE' || type === 'OBJECT_VIEW')
    return tables.has(lastOf(names)) ? [] : [finding(`drop table ${lastOf(names)}`, REASONS.removed)];
  if (type === 'OBJECT_FUNCTION') return [finding(`drop function ${lastOf(names)}`, REASONS.removed)];
  if (type === 'OBJECT_TRIGGER')
    return tables.has(names.at(-2).String.sval)
      ? []
      : [finding(`drop trigger ${dotted(names)}`, REASONS.removed)];
  return [];
}

function alteration(table: string, { subtype, name, def }: Node, created: Created): Finding[] {
  const column = `${table}.${name}`;
  if (subtype === 'AT_AddColumn') return addedColumn(table, def.ColumnDef, created);
  if (subtype === 'AT_AddConstraint') return constraint(table, def.Constraint, created);
  if (created.columns.has(column)) return [];
  if (subtype === 'AT_DropColumn') return [finding(`drop column ${column}`, REASONS.removed)];
  if (subtype === 'AT_AlterColumnType') return [finding(`change type of ${column}`, REASONS.retyped)];
  if (subtype === 'AT_SetNotNull') return [finding(`set not null on ${column}`, REASONS.required)];
  if (subtype === 'AT_ColumnDefault' && !def) return [finding(`drop default of ${column}`, REASONS.required)];
  return [];
}

function addedColumn(table: string, { colname, constraints = [] }: Node, { columns }: Created): Finding[] {
  columns.add(`${table}.${colname}`);
  const kinds = (constraints as Node[]).map(({ Constraint: { contype } }) => contype as string);
  const isRequired = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY');
  const hasValue = ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'].some((kind) =>
    kinds.includes(kind),
  );
  return isRequired && !hasValue
    ? [finding(`add required column ${table}.${colname}`, REASONS.required)]
    : [];
}

/** One over new columns only holds for rows of the previous release, which have the default in them. */
function constraint(table: string, node: Node, { columns }: Created): Finding[] {
  const named = node.contype === 'CONSTR_CHECK' ? columnsIn(node.raw_expr) : keysOf(node);
  if (named.length > 0 && named.every((name) => columns.has(`${table}.${name}`))) return [];
  return [finding(`add constraint ${table}.${node.conname}`, REASONS.refused)];
}

const keysOf = ({ fk_attrs = [], keys = [] }: Node): string[] =>
  ([...fk_attrs, ...keys] as Node[]).map(({ String: { sval } }) => sval);

function index({ idxname, unique, relation: { relname }, indexParams }: Node, created: Created): Finding[] {
  if (created.tables.has(relname)) return [];
  const isOnNewColumns = columnsIn(indexParams).every((name) => created.columns.has(`${relname}.${name}`));
  if (unique && !isOnNewColumns)
    return [finding(`create unique index ${relname}.${idxname}`, REASONS.refused)];
  return UNBOUNDED_TABLES.has(relname) ? [finding(`create index ${relname}.${idxname}`, REASONS.locked)] : [];
}

/** Columns that an expression or the list of an index names. */
function columnsIn(node: Node): string[] {
  if (node === null || typeof node !== 'object') return [];
  if ('ColumnRef' in node)
    return (node.ColumnRef.fields as Node[]).flatMap(({ String: name }) => name?.sval ?? []);
  const own = node.IndexElem?.name === undefined ? [] : [node.IndexElem.name as string];
  return [...own, ...Object.values(node).flatMap(columnsIn)];
}
