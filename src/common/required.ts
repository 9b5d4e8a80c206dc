/**
 * A value that a constraint of the database, a setting or an earlier check guarantees.
 *
 * @throws TypeError with its name if it is missing
 */
export function required<Value>(value: Value, name: string): NonNullable<Value> {
  if (value === null || value === undefined) throw new TypeError(`${name} is missing`);
  return value;
}
