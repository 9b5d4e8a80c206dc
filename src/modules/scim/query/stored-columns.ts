import type { Attribute } from '../protocol/attribute.js';
import type { Columns, ListColumn, SingleColumn } from './columns.js';

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
