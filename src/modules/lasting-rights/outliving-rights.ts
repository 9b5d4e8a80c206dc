import type { EndOf } from '../../common/access/access-limits.js';
import { unique } from '../../common/collections.js';
import type { Permission } from '../../common/access/permissions.js';
import { RANK, rightsOfRole } from '../roles/index.js';

/** A role that somebody or something has or is offered. `workspaceId` null: in the organization, or for a key in all workspaces. */
type HeldRight = {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** By what: the membership, a user group or a group of the identity provider. */
  readonly source: string;
  readonly workspaceId: string | null;
  readonly roleId: string;
  /** Attached to the group, for this workspace. */
  readonly policyIds: readonly string[];
  /** In milliseconds since the Unix epoch; null: permanent. */
  readonly endsAt: number | null;
  /** Of the caller's own person. */
  readonly isOwn: boolean;
};

/** Who has rank until when, by what they sign in, and the settings by which an identity provider gives roles. */
export type LastingRights = {
  readonly held: readonly HeldRight[];
  /** `state`: a digest. */
  readonly accounts: readonly { readonly kind: string; readonly id: string; readonly state: string }[];
  readonly settings: readonly { readonly name: string }[];
  readonly roles: readonly {
    readonly id: string;
    readonly permissions: readonly Permission[] | null;
    readonly policyIds: readonly string[];
  }[];
  readonly policies: readonly {
    readonly id: string;
    readonly effect: 'allow' | 'deny';
    readonly permissions: readonly Permission[];
  }[];
};

/** `limit`: until when the caller holds all that the change needs. */
type EndingCaller = { readonly endOf: EndOf; readonly limit: number };

/** `who`: whose rights, or which setting. `until`: when the caller's rights end. */
export type Outliving = { readonly who: readonly string[]; readonly isOwn: boolean; readonly until: Date };

/** What one source gives to one holder in one place: a permission, and once more if no policy denies it. */
type Right = HeldRight & { readonly given: Permission; readonly end: number };

/**
 * What would last for longer than the rights of the caller who gives it; null if there is none
 * (docs/contract/members.md#what-a-caller-whose-access-ends-gives). What is assigned counts for each source, also where the holder has it by another one.
 */
export function findOutliving(
  before: LastingRights,
  after: LastingRights,
  { endOf, limit }: EndingCaller,
): Outliving | null {
  const had = rightsOf(before);
  const has = rightsOf(after);
  const lasting = [...has].flatMap(([key, { given, workspaceId, end, name, isOwn }]) => {
    if (end <= (had.get(key)?.end ?? -Infinity)) return [];
    const until = Math.min(limit, endOf({ workspaceId, permissions: new Set([given]) }));
    return end > until ? [{ name, isOwn, until }] : [];
  });
  const [first = null] = lasting;
  if (first) {
    const who = unique(lasting.map(({ name }) => name));
    return { who, isOwn: lasting.some(({ isOwn }) => isOwn), until: new Date(first.until) };
  }
  const beyond = [...has.values()].filter(
    ({ given, isOwn, end }) => IS_RANK.has(given) && !isOwn && end > limit,
  );
  const changed = changedSetting(before, after) ?? changedAccount(before, after, beyond);
  if (changed === null || limit === Infinity) return null;
  return { who: [changed], isOwn: false, until: new Date(limit) };
}

const IS_RANK: ReadonlySet<Permission> = new Set(RANK);

/** By holder, source, place and permission. Two rights with one key follow each other, as a role and that after its end do. */
function rightsOf({ held, roles, policies }: LastingRights): Map<string, Right> {
  const roleOf = new Map(roles.map((role) => [role.id, role]));
  const policyOf = new Map(policies.map((policy) => [policy.id, policy]));
  const policiesBy = (effect: 'allow' | 'deny', { roleId, policyIds }: HeldRight) =>
    [...(roleOf.get(roleId)?.policyIds ?? []), ...policyIds]
      .flatMap((id) => policyOf.get(id) ?? [])
      .filter((policy) => policy.effect === effect);
  const inPlace = ({ kind, id, workspaceId }: HeldRight) => `${kind} ${id} ${workspaceId}`;
  const denied = new Map(
    [...Map.groupBy(held, inPlace)].map(([place, rights]) => [
      place,
      new Set(rights.flatMap((right) => policiesBy('deny', right).flatMap(({ permissions }) => permissions))),
    ]),
  );
  const found = new Map<string, Right>();
  const add = (key: string, right: Right) => {
    if (right.end > (found.get(key)?.end ?? -Infinity)) found.set(key, right);
  };
  for (const right of held) {
    const [place, end] = [inPlace(right), right.endsAt ?? Infinity];
    const key = `${place} ${right.source}`;
    const own = rightsOfRole(right.roleId, roleOf.get(right.roleId)?.permissions ?? null);
    const rules = [{ id: 'role', permissions: own }, ...policiesBy('allow', right)]; // a policy is about some resources only
    const assigned = rules.flatMap(({ id, permissions }) =>
      [...permissions].map((one) => [id, one] as const),
    );
    for (const [id, given] of assigned) {
      if (!right.isOwn && !IS_RANK.has(given)) continue;
      const what = `${key} ${id} ${given}`;
      add(what, { ...right, given, end });
      if (!denied.get(place)?.has(given)) add(`${what} undenied`, { ...right, given, end });
    }
  }
  return found;
}

function changedSetting(before: LastingRights, after: LastingRights): string | null {
  const former = new Set(before.settings.map(({ name }) => name));
  return after.settings.find(({ name }) => !former.has(name))?.name ?? null;
}

/** How somebody signs in who has one of these rights. */
function changedAccount(
  before: LastingRights,
  after: LastingRights,
  rights: readonly Right[],
): string | null {
  const stateOf = new Map(before.accounts.map(({ kind, id, state }) => [`${kind} ${id}`, state]));
  const changed = new Set(
    after.accounts
      .map(({ kind, id, state }) => ({ key: `${kind} ${id}`, state }))
      .filter(({ key, state }) => stateOf.has(key) && stateOf.get(key) !== state)
      .map(({ key }) => key),
  );
  return rights.find(({ kind, id }) => changed.has(`${kind} ${id}`))?.name ?? null;
}
