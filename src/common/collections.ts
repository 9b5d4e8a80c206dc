/** The values without repetitions, in order. */
export const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

/**
 * The value of a key that is present, for maps that were filled for these keys.
 *
 * @throws RangeError if the key is missing
 */
export function getOrThrow<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new RangeError(`There is no entry ${String(key)}`);
  return value;
}

/** @throws RangeError if the list is empty */
export function first<Value>(values: readonly Value[]): Value {
  if (values.length === 0) throw new RangeError('The list is empty');
  return values[0] as Value;
}

/** @throws RangeError if the list is empty */
export function last<Value>(values: readonly Value[]): Value {
  if (values.length === 0) throw new RangeError('The list is empty');
  return values.at(-1) as Value;
}

/**
 * The pairs of two lists, in order.
 *
 * @throws RangeError if their lengths differ
 */
export function zip<Left, Right>(left: readonly Left[], right: readonly Right[]): [Left, Right][] {
  if (left.length !== right.length)
    throw new RangeError(`${left.length} values cannot be paired with ${right.length}`);
  return left.map((value, index) => [value, right[index] as Right]);
}

/** As `a, b, c, d, e and 2 more`. */
export const listedNames = (names: readonly string[]): string =>
  names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');

/** In order, each of `size` values, and the rest. */
export const chunks = <Value>(values: readonly Value[], size: number): Value[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );

/**
 * A value that a constraint of the database, a setting or an earlier check guarantees.
 *
 * @throws TypeError with its name if it is missing
 */
export function required<Value>(value: Value, name: string): NonNullable<Value> {
  if (value === null || value === undefined) throw new TypeError(`${name} is missing`);
  return value;
}

/** The values of each key of the rows, such as for a statement that reads them with `unnest`. */
export const columnsOf = <Row, Key extends keyof Row>(rows: readonly Row[], ...keys: Key[]): Row[Key][][] =>
  keys.map((key) => rows.map((row) => row[key]));
