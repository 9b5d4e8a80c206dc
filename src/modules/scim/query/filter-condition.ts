import type { Shape } from '../protocol/attribute.js';
import type { AttributePath } from '../protocol/attribute-path.js';
import type { Filter } from '../protocol/filter.js';
import { ScimError } from '../protocol/scim.errors.js';
import { isStorable } from '../protocol/value.js';
import { columnOf, type Columns, type ListColumn, partOf, type SingleColumn } from './columns.js';
import { type Bind, comparison, type Leaf } from './comparison.js';

/**
 * A filter as an SQL condition with its parameters in `values`, numbered from `$first`. `isLookup`: it compares one
 * attribute with one value, as providers do for every user.
 */
export type Condition = {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly isLookup: boolean;
};

/** @throws ScimError invalidFilter for an unsupported filter, never a condition that is always true. */
export function conditionOf(filter: Filter, source: FilterSource, first: number): Condition {
  const translation = new Translation(source, first);
  const sql = translation.of(filter);
  return { sql, values: translation.values, isLookup: filter.kind === 'compare' && filter.operator === 'eq' };
}

/** `base` is the URL that locations begin with. */
export type FilterSource = { readonly shape: Shape; readonly columns: Columns; readonly base: string };

class Translation {
  readonly values: unknown[] = [];

  constructor(
    private readonly source: FilterSource,
    private readonly first: number,
  ) {}

  of(filter: Filter): string {
    return combined(filter, (leaf) => (leaf.kind === 'some' ? this.some(leaf) : this.leaf(leaf)));
  }

  private leaf(leaf: Leaf): string {
    const { column, part } = columnOf(this.source.shape, this.source.columns, leaf.path);
    if (column.kind !== 'list') return this.compare(column, leaf);
    if (leaf.kind === 'present' && part === null) return column.any('true');
    const condition = this.compare(partOf(column, part ?? 'value'), leaf);
    return this.narrowed(column, condition, (part ?? 'value') === 'value' ? equalText(leaf) : null);
  }

  /** `emails[type eq "work" and value eq "x"]`: one value that meets all of it. */
  private some({ path, filter }: { path: AttributePath; filter: Filter }): string {
    const { column, part } = columnOf(this.source.shape, this.source.columns, path);
    if (column.kind !== 'list' || part !== null)
      throw new ScimError('invalidFilter', `${path.name} is not a list of values.`);
    const condition = combined(filter, (leaf) => {
      if (leaf.kind === 'some')
        throw new ScimError('invalidFilter', 'A filter cannot contain a list within a list.');
      return this.compare(partOf(column, leaf.path.name), leaf);
    });
    return this.narrowed(column, condition, equalValue(filter));
  }

  /** Adds the indexed condition if the filter compares `value` for equality. */
  private narrowed(column: ListColumn, condition: string, value: string | null): string {
    const all = column.any(condition);
    return column.holding && value !== null ? `(${column.holding(this.bind(value))} and ${all})` : all;
  }

  private compare(column: SingleColumn, leaf: Leaf): string {
    return comparison(column, leaf, { bind: this.bind, base: this.source.base });
  }

  private readonly bind: Bind = (value) => {
    this.values.push(value);
    return `$${this.first + this.values.length - 1}`;
  };
}

function combined(
  filter: Filter,
  leaf: (leaf: Extract<Filter, { kind: 'compare' | 'present' | 'some' }>) => string,
): string {
  if (filter.kind === 'and' || filter.kind === 'or')
    return `(${combined(filter.left, leaf)} ${filter.kind} ${combined(filter.right, leaf)})`;
  if (filter.kind === 'not') return `((${combined(filter.filter, leaf)}) is not true)`;
  return leaf(filter);
}

const equalText = (leaf: Leaf): string | null =>
  leaf.kind === 'compare' &&
  leaf.operator === 'eq' &&
  typeof leaf.value === 'string' &&
  isStorable(leaf.value)
    ? leaf.value
    : null;

/** The text that `value` has to equal for any match; null if there is none. */
function equalValue(filter: Filter): string | null {
  if (filter.kind === 'and') return equalValue(filter.left) ?? equalValue(filter.right);
  return filter.kind === 'compare' && filter.path.name.toLowerCase() === 'value' ? equalText(filter) : null;
}
