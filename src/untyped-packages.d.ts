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
