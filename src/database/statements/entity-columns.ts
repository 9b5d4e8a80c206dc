import {
  DefaultNamingStrategy,
  getMetadataArgsStorage,
  type ObjectLiteral,
  type ObjectType,
  type Table,
} from 'typeorm';

/** `of`: the alias of the table in the statement. */
type ListOptions<Row> = { of?: string; without?: readonly (keyof Row & string)[] };

/** The select list for the properties that are loaded with an entity: `display_name as "displayName", …`. */
export const entityColumns = <Row extends ObjectLiteral>(
  entity: ObjectType<Row>,
  { of, without = [] }: ListOptions<Row> = {},
): string =>
  getMetadataArgsStorage()
    .columns.filter(({ target, options }) => isOrExtends(entity, target) && options.select !== false)
    .filter(({ propertyName }) => !without.includes(propertyName))
    .map(({ propertyName, options }) => {
      const column = snake(options.name ?? propertyName);
      return `${of === undefined ? column : `${of}.${column}`} as "${propertyName}"`;
    })
    .join(', ');

const isOrExtends = (entity: ObjectType<ObjectLiteral>, target: unknown): boolean =>
  typeof target === 'function' && (entity === target || Object.prototype.isPrototypeOf.call(target, entity));

const MAX_IDENTIFIER_LENGTH = 63; // PostgreSQL, NAMEDATALEN - 1

const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
const tableName = (table: Table | string) =>
  (typeof table === 'string' ? table : table.name).split('.').pop() ?? '';
const join = (table: Table | string, columns: string[], suffix: string) =>
  [tableName(table), ...columns, suffix].join('_').slice(0, MAX_IDENTIFIER_LENGTH);

/** Readable names: `workspaces_org_id_fkey`, snake_case columns. Explicit names are kept. */
export class SnakeCaseNamingStrategy extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]) {
    return snake([...prefixes, custom ?? property].join('_'));
  }
  override joinColumnName(relation: string, referenced: string) {
    return snake(`${relation}_${referenced}`);
  }
  override primaryKeyName(table: Table | string) {
    return join(table, [], 'pkey');
  }
  override foreignKeyName(table: Table | string, columns: string[]) {
    return join(table, columns, 'fkey');
  }
  override uniqueConstraintName(table: Table | string, columns: string[]) {
    return join(table, columns, 'key');
  }
  override indexName(table: Table | string, columns: string[]) {
    return join(table, columns, 'idx');
  }
}
