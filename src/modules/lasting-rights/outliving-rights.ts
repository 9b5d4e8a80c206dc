import type { EndOf, PlaceOfRights } from '../../common/access/access-limits.js';
import { unique } from '../../common/collections.js';
import type { Permission } from '../../common/access/permissions.js';
import { ORG_ADMIN_ID, RANK, rightsOfRole } from '../roles/index.js';

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
  readonly policies: readonly Rule[];
};

/** What one policy says about one permission. `name`: a digest of the policy's id and of the conditions. */
type Rule = {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  readonly permission: Permission;
  readonly name: string;
};

/** `limit`: until when the caller holds all that the change needs. */
type EndingCaller = { readonly endOf: EndOf; readonly limit: number };

/** `who`: whose rights, or which setting. `until`: when the caller's rights end. */
export type Outliving = { readonly who: readonly string[]; readonly isOwn: boolean; readonly until: Date };

type Right = HeldRight & { readonly given: Permission; readonly end: number };

/**
 * What would last for longer than the rights of the caller who gives it; null if there is none
 * (docs/contract/members.md#what-a-caller-whose-access-ends-gives). Each source counts, also if another one gives the holder the same.
 */
export function findOutliving(
  before: LastingRights,
  after: LastingRights,
  { endOf, limit }: EndingCaller,
): Outliving | null {
  const [former, current] = [assignmentsOf(before), assignmentsOf(after)];
  const had = rightsOf(former, former);
  const has = rightsOf(current, former);
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
  const asAdmin = Math.min(limit, endOf(ALL_IN_ORG));
  const beyond = [...has.values()].filter(
    ({ given, isOwn, end }) => IS_RANK.has(given) && !isOwn && end > asAdmin,
  );
  const changed = changedSetting(before, after) ?? changedAccount(before, after, beyond);
  if (changed === null || asAdmin === Infinity) return null;
  return { who: [changed], isOwn: false, until: new Date(asAdmin) };
}

const ALL_IN_ORG: PlaceOfRights = { workspaceId: null, permissions: rightsOfRole(ORG_ADMIN_ID, null) };
const IS_RANK: ReadonlySet<Permission> = new Set(RANK);

/** A role that somebody has in a place, in force after `from` until `end`: it may follow another one of the same source. */
type Assignment = ReturnType<typeof assignmentsOf>[number];

function assignmentsOf({ held, roles, policies }: LastingRights) {
  const roleOf = new Map(roles.map((role) => [role.id, role]));
  const rulesOf = Map.groupBy(policies, ({ id }) => id);
  const lastEnds = new Map<string, number>();
  const rights = held.map((right) => ({ right, end: right.endsAt ?? Infinity }));
  return rights
    .sort((a, b) => Number(a.end > b.end) - Number(a.end < b.end))
    .map(({ right, end }) => {
      const place = `${right.kind} ${right.id} ${right.workspaceId}`;
      const source = `${place} ${right.source}`;
      const from = lastEnds.get(source) ?? -Infinity;
      lastEnds.set(source, end);
      const role = roleOf.get(right.roleId);
      const rules = [...(role?.policyIds ?? []), ...right.policyIds].flatMap((id) => rulesOf.get(id) ?? []);
      const { allow = [], deny: denies = [] } = Object.groupBy(rules, ({ effect }) => effect);
      const permissions = rightsOfRole(right.roleId, role?.permissions ?? null);
      const gives = [...[...permissions].map((permission) => ({ name: 'role', permission })), ...allow];
      return { right, place, source, from, end, gives, denies };
    });
}

/**
 * By holder, source, place, permission and what gives it, a role or a policy under its conditions; and once more for each policy that denied it
 * in that place, with the last moment at which it is not denied.
 */
function rightsOf(current: readonly Assignment[], former: readonly Assignment[]): Map<string, Right> {
  const inPlace = Map.groupBy(current, ({ place }) => place);
  const formerInPlace = Map.groupBy(former, ({ place }) => place);
  const found = new Map<string, Right>();
  for (const { right, place, source, from, end, gives } of current)
    for (const { name: by, permission: given } of gives) {
      if (!right.isOwn && !IS_RANK.has(given)) continue;
      const add = (key: string, until: number) => {
        if (until > (found.get(key)?.end ?? from)) found.set(key, { ...right, given, end: until });
      };
      const what = `${source} ${by} ${given}`;
      add(what, end);
      const denials = (formerInPlace.get(place) ?? []).flatMap(({ denies }) => denies);
      for (const { name } of denials.filter(({ permission }) => permission === given))
        add(`${what} but for ${name}`, undeniedUntil(end, name, inPlace.get(place) ?? []));
    }
  return found;
}

/** The last moment, until `end`, at which nothing that is assigned in the place denies by this policy. */
function undeniedUntil(end: number, name: string, assignments: readonly Assignment[]): number {
  const denying = assignments.find(
    (one) => one.from < end && end <= one.end && one.denies.some((policy) => policy.name === name),
  );
  return denying ? undeniedUntil(denying.from, name, assignments) : end;
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
