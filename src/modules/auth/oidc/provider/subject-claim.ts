/** The issuers of all clouds of Entra ID, with those of its tokens of version 1.0. */
const ENTRA = [
  'https://login.microsoftonline.com/',
  'https://login.microsoftonline.us/',
  'https://login.partner.microsoftonline.cn/',
  'https://sts.windows.net/',
  'https://sts.chinacloudapi.cn/',
];

/** Entra's `sub` differs per application; its `oid` identifies the user and is the id that SCIM sends. */
const BUILT_IN = Object.fromEntries(ENTRA.map((issuer) => [issuer, 'oid']));

/**
 * The claim that identifies a user of this issuer. An entry matches its exact issuer and all issuers below it at a path
 * boundary; the longest match wins, configured entries before built-in ones (docs/contract/sign-in.md#subject-claim).
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
