/** The group names of a login; null if the provider did not send the groups. */
export type ClaimedGroups = { readonly names: readonly string[]; readonly unreadable: number };

/**
 * Reads the groups claim (docs/contract/sign-in.md#group-claim); a single string counts as an array of one. A missing
 * claim means no groups, unless `_claim_names` refers to another source (OpenID Connect Core 1.0, section 5.6.2), as
 * Entra does for users with too many groups: then the memberships must stay.
 */
export function claimedGroups(
  claims: Readonly<Record<string, unknown>>,
  field: string,
): ClaimedGroups | null {
  const value = Object.hasOwn(claims, field) ? claims[field] : null;
  if (typeof value === 'string') return { names: [value], unreadable: 0 };
  if (Array.isArray(value)) {
    const names = value.filter((name): name is string => typeof name === 'string');
    return { names: [...new Set(names)], unreadable: value.length - names.length };
  }
  const isAbsent = value === null || value === undefined;
  return isAbsent && !isDistributedClaim(claims['_claim_names'], field) ? { names: [], unreadable: 0 } : null;
}

const isDistributedClaim = (names: unknown, field: string): boolean =>
  typeof names === 'object' && names !== null && Object.hasOwn(names, field);
