/** The groups of a login, by name; or null: the provider says that it has not told them. */
export type ClaimedGroups = { readonly names: readonly string[]; readonly unreadable: number };

/**
 * The groups claim (semantics, section 6). A single name counts as a list of one. A claim that is absent means no group,
 * unless the provider points elsewhere for it, as Entra does for people of too many groups (`_claim_names`, OpenID
 * Connect Core, section 5.6.2): then nobody may conclude that they have left.
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
