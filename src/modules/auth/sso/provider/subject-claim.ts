/** Entra's `sub` differs per application; its `oid` is the person, which SCIM knows too. */
const BUILT_IN = { 'https://login.microsoftonline.com/': 'oid' };

/**
 * Which claim of this issuer says who somebody is. An entry counts for exactly its issuer, or for all below it when
 * it ends where a path segment does (contract decision 32); the longest one wins, a configured one before a built-in
 * one.
 */
export function subjectClaim(issuer: string, overrides: Readonly<Record<string, string>>): string {
  return longestMatch(issuer, overrides) ?? longestMatch(issuer, BUILT_IN) ?? 'sub';
}

function longestMatch(issuer: string, claims: Readonly<Record<string, string>>): string | undefined {
  const matches = Object.keys(claims).filter((entry) => isAtOrBelow(issuer, entry));
  const longest = matches.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : claims[longest];
}

const isAtOrBelow = (issuer: string, entry: string) =>
  issuer === entry || issuer.startsWith(entry.endsWith('/') ? entry : `${entry}/`);
