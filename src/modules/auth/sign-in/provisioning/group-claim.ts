import { isJsonObject } from '../../../../common/json-object.js';

/** The group names of a login; null if the provider did not send the groups. */
export type ClaimedGroups = { readonly names: readonly string[]; readonly unreadable: number };

type Claims = Readonly<Record<string, unknown>>;

const NO_GROUPS: ClaimedGroups = { names: [], unreadable: 0 };

/**
 * Reads the groups claim (docs/contract/sign-in.md#group-claim): an array of names, one name, or an object whose keys are
 * the names, as Zitadel sends roles. A missing claim means no groups, unless `_claim_names` refers to another source
 * (OpenID Connect Core 1.0, section 5.6.2), as Entra does for users with too many groups: then the memberships must stay.
 *
 * @param field a claim, or the path of a nested one: `realm_access.roles`
 */
export function claimedGroups(claims: Claims, field: string): ClaimedGroups | null {
  const value = valueAt(claims, field);
  if (typeof value === 'string') return { names: [value], unreadable: 0 };
  if (Array.isArray(value)) {
    const names = value.filter((name): name is string => typeof name === 'string');
    return { names: [...new Set(names)], unreadable: value.length - names.length };
  }
  if (isJsonObject(value))
    return Object.values(value).every(isJsonObject) ? { ...NO_GROUPS, names: Object.keys(value) } : null;
  const isAbsent = value === null || value === undefined;
  return isAbsent && !isDistributedClaim(claims['_claim_names'], field) ? NO_GROUPS : null;
}

/** A claim with that very name comes first, since names of claims may be URLs. */
function valueAt(claims: Claims, field: string): unknown {
  if (Object.hasOwn(claims, field)) return claims[field];
  const steps = field.split('.');
  return steps.reduce<unknown>(
    (value, step) => (isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    claims,
  );
}

const isDistributedClaim = (names: unknown, field: string): boolean =>
  isJsonObject(names) && [field, ...field.split('.', 1)].some((name) => Object.hasOwn(names, name));
