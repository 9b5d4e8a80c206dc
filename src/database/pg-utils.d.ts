/** Where pg keeps how it writes a value (the package's types leave it out); what its cursors use too. */
declare module 'pg/lib/utils.js' {
  /** Throws for an object that JSON cannot write. */
  export function prepareValue(value: unknown): Buffer | string | null;
}
