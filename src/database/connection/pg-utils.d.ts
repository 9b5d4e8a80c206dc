/** pg's serialization of values, which its cursors use too; missing in the types of the package. */
declare module 'pg/lib/utils.js' {
  /** @throws Error for an object that cannot be serialized as JSON */
  export function prepareValue(value: unknown): Buffer | string | null;
}
