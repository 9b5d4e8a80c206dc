/** What an expected value may hold beside JSON: a pattern of a text, a condition, and undefined for "absent". */
export type Expected =
  | string
  | number
  | boolean
  | null
  | undefined
  | RegExp
  | ((value: unknown) => boolean)
  | readonly Expected[]
  | { readonly [name: string]: Expected };

/** Where the actual value differs, with what is found there. Properties that are not expected may have any value. */
export function differences(expected: Expected, actual: unknown, path = ''): string[] {
  const found = () => [`${path === '' ? '' : `${path}: `}${JSON.stringify(actual) ?? 'absent'}`];
  if (expected instanceof RegExp) return typeof actual === 'string' && expected.test(actual) ? [] : found();
  if (typeof expected === 'function') return expected(actual) ? [] : found();
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return found();
    return expected.flatMap((one: Expected, index) => differences(one, actual[index], `${path}[${index}]`));
  }
  if (typeof expected !== 'object' || expected === null) return actual === expected ? [] : found();
  if (typeof actual !== 'object' || actual === null) return found();
  const values = actual as Record<string, unknown>;
  return Object.entries(expected).flatMap(([name, one]) =>
    differences(one, values[name], path === '' ? name : `${path}.${name}`),
  );
}

/** An expected value in one line. */
export const describe = (expected: Expected): string =>
  JSON.stringify(expected, (_, value: unknown) => {
    if (value instanceof RegExp) return String(value);
    if (typeof value === 'function') return 'as described';
    return value === undefined ? 'absent' : value;
  });
