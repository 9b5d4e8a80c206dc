import type { Attribute } from '../protocol/attribute.js';
import type { Columns, ListColumn, SingleColumn } from './columns.js';

type ResourceType = {
  readonly resourceType: string;
  /** Path of the resources below the base URL. */
  readonly endpoint: string;
  /** SQL of the array of schema URNs. */
  readonly schemas: string;
};

/** Columns of the attributes that every resource has (RFC 7643, section 3.1); `alias` is its table. */
export const metaColumns = (alias: string, { resourceType, endpoint, schemas }: ResourceType): Columns => ({
  schemas: {
    kind: 'list',
    any: (condition) => `exists (select from unnest(${schemas}) e where ${condition})`,
    parts: { value: { kind: 'text', sql: 'e', caseExact: true } },
  },
  id: { kind: 'id', sql: `${alias}.id` },
  externalId: { kind: 'text', sql: `${alias}.external_id`, caseExact: true, isUnique: true },
  meta: { kind: 'complex', sql: `${alias}.id` },
  'meta.resourceType': { kind: 'text', sql: `'${resourceType}'`, caseExact: true },
  'meta.created': { kind: 'instant', sql: `${alias}.created_at` },
  'meta.lastModified': { kind: 'instant', sql: `${alias}.updated_at` },
  'meta.location': { kind: 'location', sql: `${alias}.id`, endpoint },
  'meta.version': { kind: 'text', sql: `'W/"' || ${alias}.version || '"'`, caseExact: true },
});

/**
 * Columns of all attributes that are stored under their name in an SQL object: by path as `Columns` has them, below
 * `prefix`. Attributes that are never returned, such as a password, have none.
 */
export function storedColumns(attributes: readonly Attribute[], json: string, prefix = ''): Columns {
  const readable = attributes.filter(({ returned }) => returned !== 'never');
  return Object.fromEntries(readable.flatMap((attribute) => entriesOf(attribute, json, prefix)));
}

type Entry = [path: string, column: SingleColumn | ListColumn];

function entriesOf(attribute: Attribute, json: string, prefix: string): Entry[] {
  const path = `${prefix}${attribute.name}`;
  const { subAttributes = [] } = attribute;
  const within = `${json} -> '${attribute.name}'`;
  if (attribute.multiValued) return [[path, listColumn(within, subAttributes)]];
  if (attribute.type !== 'complex') return [[path, singleColumn(attribute, json)]];
  const parts = subAttributes.map((sub): [string, SingleColumn] => [sub.name, singleColumn(sub, within)]);
  const whole: SingleColumn = { kind: 'complex', sql: within, value: new Map(parts).get('value') };
  return [[path, whole], ...parts.map(([name, column]): Entry => [`${path}.${name}`, column])];
}

const listColumn = (json: string, subAttributes: readonly Attribute[]): ListColumn => ({
  kind: 'list',
  any: (condition) => `exists (select from jsonb_array_elements(${json}) e where ${condition})`,
  parts: Object.fromEntries(subAttributes.map((sub) => [sub.name, singleColumn(sub, 'e')])),
});

function singleColumn({ name, type, caseExact }: Attribute, json: string): SingleColumn {
  const sql = `${json} ->> '${name}'`;
  if (type === 'boolean') return { kind: 'boolean', sql: `(${sql})::boolean` };
  return { kind: 'text', sql, caseExact, isUnordered: type === 'binary' };
}
