/** The part of tr46 (UTS #46) that is used here; the package ships no types. */
declare module 'tr46' {
  /** Null if the domain violates an enabled rule. */
  export function toASCII(
    domain: string,
    options: {
      checkBidi: boolean;
      checkHyphens: boolean;
      checkJoiners: boolean;
      useSTD3ASCIIRules: boolean;
      verifyDNSLength: boolean;
    },
  ): string | null;
}

/** pg's serialization of values, which its cursors use too; missing in the types of the package. */
declare module 'pg/lib/utils.js' {
  /** @throws Error for an object that cannot be serialized as JSON */
  export function prepareValue(value: unknown): Buffer | string | null;
}
