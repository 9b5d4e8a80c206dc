/** The part of tr46 (UTS #46, the package ships no types) that we use. */
declare module 'tr46' {
  /** Null when the domain breaks a rule that is switched on. */
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
