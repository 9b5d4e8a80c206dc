import { isInstant, toInstant } from '../../../common/http/operations/instant.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { escapeLike } from '../../../database/statements/text-search.js';
import type { FilterLeaf, FilterValue, Operator } from '../protocol/filter.js';
import { ScimError } from '../protocol/scim.errors.js';
import { booleanOf, isStorable } from '../protocol/value.js';
import { comparable, type SingleColumn, type TextColumn } from './columns.js';

export type Leaf = Extract<FilterLeaf, { kind: 'compare' | 'present' }>;
/** Adds a query parameter and returns its placeholder: `$3`. */
export type Bind = (value: unknown) => string;

/** One comparison as an SQL condition. An absent value matches neither `eq` nor `ne`. Locations begin with `base`. */
export function comparison(column: SingleColumn, leaf: Leaf, bind: Bind, base: string): string {
  if (leaf.kind === 'present') return `(${column.sql}) is not null`;
  const { operator, value } = leaf;
  if (column.kind === 'complex') {
    if (!column.value)
      throw new ScimError('invalidFilter', 'A complex attribute can only be compared in parts.');
    return comparison(column.value, leaf, bind, base);
  }
  if (value === null) return againstNothing(column, operator);
  if (column.kind === 'text') return ofTexts(column, operator, value, bind);
  if (column.kind === 'location') {
    const sql = `${bind(`${base}${column.endpoint}`)}::text || ${column.sql}::text`;
    return ofTexts({ kind: 'text', sql, caseExact: true }, operator, value, bind);
  }
  const isEquality = operator === 'eq' || operator === 'ne';
  if (column.kind === 'id' && !isEquality)
    return ofTexts({ kind: 'text', sql: `${column.sql}::text`, caseExact: true }, operator, value, bind);
  if (column.kind === 'boolean' && !isEquality) throw unsupportedComparison(operator);
  const known = typed(column.kind, value);
  if (known === null) return operator === 'ne' ? 'true' : 'false';
  // As a literal, the planner finds the index of the rare value.
  if (column.kind === 'boolean') return `(${column.sql}) ${signOf(operator)} ${known === true}`;
  return `(${column.sql}) ${signOf(operator)} ${bind(known)}::${SQL_TYPES[column.kind]}`;
}

function ofTexts(column: TextColumn, operator: Operator, value: FilterValue, bind: Bind): string {
  if (typeof value !== 'string')
    throw new ScimError('invalidFilter', 'A string attribute can only be compared with a string.');
  if (!isStorable(value)) return operator === 'ne' ? 'true' : 'false'; // no stored text contains it
  // Equality is the same in every collation, and the indexes of case-exact texts use the default one.
  if (column.caseExact && (operator === 'eq' || operator === 'ne'))
    return `(${column.sql}) ${signOf(operator)} ${bind(value)}::text`;
  const held = comparable(column);
  if (operator === 'co' || operator === 'ew') {
    const pattern = `%${escapeLike(value)}${operator === 'co' ? '%' : ''}`; // trigram indexes have it
    return `${held} like ${comparable({ ...column, sql: `${bind(pattern)}::text` })}`;
  }
  const expected = comparable({ ...column, sql: `${bind(value)}::text` });
  if (operator === 'sw') return `${held} ^@ (${expected})`;
  if (column.isUnordered && operator !== 'eq' && operator !== 'ne') throw unsupportedComparison(operator);
  return `${held} ${signOf(operator)} ${expected}`;
}

function againstNothing({ sql }: SingleColumn, operator: Operator): string {
  if (operator === 'eq') return `(${sql}) is null`;
  if (operator === 'ne') return `(${sql}) is not null`;
  throw unsupportedComparison(operator);
}

const SIGNS: Readonly<Partial<Record<Operator, string>>> = {
  eq: '=',
  ne: 'is distinct from',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};

function signOf(operator: Operator): string {
  const sign = SIGNS[operator];
  if (!sign) throw unsupportedComparison(operator);
  return sign;
}

const SQL_TYPES = { boolean: 'boolean', instant: 'timestamptz', id: 'uuid' } as const;

/** Null for a malformed id: nothing matches, and it is no error. */
function typed(kind: keyof typeof SQL_TYPES, value: FilterValue): unknown {
  if (kind === 'id') return typeof value === 'string' && UUID.test(value) ? value : null;
  const known = kind === 'boolean' ? booleanOf(value) : instantOf(value);
  if (known === null)
    throw new ScimError('invalidFilter', `${JSON.stringify(value)} is not a valid ${kind}.`);
  return known;
}

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const KNOWN_YEAR = /^(?!0000)\d{4}-/;

/** In UTC and within PostgreSQL's range of years, since it rejects some offsets that JavaScript accepts; with fractions. */
function instantOf(value: FilterValue): string | null {
  const [, seconds, fraction = '', zone] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  if (!seconds || !isInstant(value)) return null;
  const inUtc = toInstant(`${seconds}${zone}`).toISOString();
  return KNOWN_YEAR.test(inUtc) ? inUtc.replace('.000Z', `${fraction}Z`) : null;
}

const unsupportedComparison = (operator: Operator) =>
  new ScimError('invalidFilter', `${operator} is not supported for an attribute of this type.`);
