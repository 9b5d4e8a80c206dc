import { SYSTEM_ROLES } from '../../../src/modules/roles/system-roles.js';
import { role } from '../fixtures.js';

/** As a place: the organization. */
export const ORG = 'organization';
const ADMIN = role('ORGANIZATION_ADMIN');
/** Not a permission: Organization Admin, who has every permission everywhere. */
export const EVERYTHING = 'everything';
/** docs/contract/members.md#what-a-caller-whose-access-ends-gives */
const RANK: ReadonlySet<string> = new Set([
  EVERYTHING,
  'organization:manage',
  ...['', '-members', '-grants', '-policies'].map((what) => `organization:user-groups:manage${what}`),
  'workspaces:manage-members',
  'workspaces:manage-keys',
  'workspaces:user-groups:manage-members',
  'workspaces:user-groups:manage-policies',
]);
export const isRank = (permission: string): boolean => RANK.has(permission);

/**
 * Who gave something at which turn: the person who acted or at the root of the key, and what they have after the instant at which all
 * ends of a world lie, as far as they then still have what the change needs.
 */
export type Giver = {
  readonly at: number;
  readonly person: string;
  readonly has: (place: string, permission: string) => boolean;
};
/** A role, or the place in a group. `after`: what follows after the instant; null: nothing. */
export type Held = { now: string; after: string | null; giver: Giver; former?: Held | undefined };
export type Policy = {
  readonly effect: 'allow' | 'deny';
  readonly permission: string;
  readonly giver: Giver;
};
type Bearer = { readonly holder: string; readonly place: string; readonly giver: Giver };
type When = 'now' | 'after';
type Place = readonly [holder: string, place: string];

const key = (...parts: readonly string[]) => parts.join(' ');
const partsOf = (name: string) => name.split(' ') as [string, string];
const last = (...givers: Giver[]): Giver => givers.reduce((a, b) => (b.at >= a.at ? b : a));

/**
 * Who gave what, from the requests that succeeded. What somebody has is by several who gave (the role, its permissions, the place in a
 * group, what the group has): the last one counts, who made it whole.
 */
export class Ledger {
  /** By address or group, and place. */
  readonly roles = new Map<string, Held>();
  /** By address and group. */
  readonly inGroups = new Map<string, Held>();
  /** By address and place: what is given when it is accepted. */
  readonly offers = new Map<string, Held>();
  /** By custom role and permission; those of system roles were there before. */
  readonly permissions = new Map<string, Map<string, Giver>>();
  readonly policies = new Map<string, Policy>();
  /** By policy, and the role or group to which it is attached. */
  readonly attached = new Map<string, Giver>();
  /** By the same: who detached a policy that denies, or changed what it denies. */
  readonly released = new Map<string, Giver>();

  constructor(before: Giver) {
    for (const { id, permissions } of SYSTEM_ROLES)
      this.permissions.set(id, new Map(permissions.map((name) => [name, before])));
    this.permissions.get(ADMIN)?.set(EVERYTHING, before);
  }

  roleOf = (...place: Place): Held | undefined => this.roles.get(key(...place));

  /** What the holder had before stays given by who gave that, unless it is given by somebody whose rights last. */
  give(map: Map<string, Held>, place: Place, held: Held): void {
    const former = held.giver.has(ORG, EVERYTHING) ? undefined : map.get(key(...place));
    if (former?.now === held.now && former.after === held.after) return;
    map.set(key(...place), { ...held, former });
  }

  /** What was offered is given by who offered it. */
  accept(email: string): void {
    for (const [name, held] of this.offers)
      if (name.startsWith(key(email, '')) && this.offers.delete(name)) this.roles.set(name, held);
  }

  widen(id: string, permissions: readonly string[], giver: Giver): void {
    const former = this.permissions.get(id);
    this.permissions.set(id, new Map(permissions.map((name) => [name, former?.get(name) ?? giver])));
  }

  attach(policyId: string, target: string, giver: Giver): void {
    this.attached.set(key(policyId, target), giver);
    this.released.delete(key(policyId, target));
  }

  detach(policyId: string, target: string, giver: Giver): void {
    this.attached.delete(key(policyId, target));
    if (this.policies.get(policyId)?.effect === 'deny') this.released.set(key(policyId, target), giver);
  }

  /** Its effect or its conditions: what it denied until then, it denies no more. */
  changePolicy(policyId: string, effect: Policy['effect'], giver: Giver): void {
    const former = this.policies.get(policyId)!;
    for (const name of this.attached.keys())
      if (name.startsWith(policyId) && former.effect === 'deny')
        this.released.set(`${name} ${giver.at}`, giver);
    this.policies.set(policyId, { ...former, effect, giver });
  }

  /** Without a place: everything. */
  remove(holder: string, place = ''): void {
    for (const map of [this.roles, ...(place === '' ? [this.inGroups] : [])])
      for (const name of map.keys()) if (name.startsWith(key(holder, place))) map.delete(name);
  }

  isTemporary(email: string): boolean {
    const org = this.roleOf(email, ORG);
    if (org?.now === ADMIN || !org) return !!org && org.after !== ADMIN;
    return [...this.roles, ...this.inGroups].some(
      ([name, { now, after }]) => name.startsWith(key(email, '')) && now !== after,
    );
  }

  /** What a person has after the instant; of somebody who has nothing that ends, whatever they give. */
  lastingOf(email: string): Giver['has'] {
    if (!this.isTemporary(email)) return () => true;
    const has = new Map<string, boolean>();
    const look = (place: string, permission: string) =>
      this.roleOf(email, ORG)?.after === ADMIN || this.giversOf(email, place, permission).length > 0;
    for (const place of new Set([...this.roles.keys()].map((name) => partsOf(name)[1])))
      for (const permission of [...this.permissions.values()].flatMap((one) => [...one.keys()]))
        has.set(key(place, permission), look(place, permission));
    const hasAll = look(ORG, EVERYTHING);
    return (place, permission) => has.get(key(place, permission)) ?? hasAll;
  }

  /** For each way by which a person has a permission, who made it whole. */
  giversOf(email: string, place: string, permission: string, when: When = 'after'): Giver[] {
    const org = this.roleOf(email, ORG);
    if (!org || org[when] === null) return [];
    const own = this.roleOf(email, place);
    const byOwn = [org, ...(own && place !== ORG ? [own] : [])].flatMap((held) => {
      const id = held[when];
      if (id === null || (held === org && place !== ORG && id !== ADMIN)) return [];
      const what = id === ADMIN && place !== ORG ? EVERYTHING : permission;
      const by = this.permissions.get(id)?.get(what);
      return by ? [last(this.giverFor(held, what), this.joined(org), by)] : [];
    });
    const groups = this.groupsOf(email, place, when).flatMap(({ grant, giver }) => {
      const by = this.permissions.get(grant[when] ?? '')?.get(permission);
      return by ? [last(giver, this.giverFor(grant, permission), by)] : [];
    });
    return [...byOwn, ...groups];
  }

  /** Who gave the role, as far as it has this permission. */
  private giverFor({ giver, former }: Held, permission: string): Giver {
    const by = this.permissions.get(former?.after ?? '')?.get(permission);
    return former && by && by.at < giver.at ? this.giverFor(former, permission) : giver;
  }

  /** Who made somebody a member, whatever the role has become. */
  private joined({ giver, former }: Held): Giver {
    return former?.after ? this.joined(former) : giver;
  }

  /** The groups by which a member of the workspace has something there, and who made them a member of both. */
  private groupsOf(email: string, place: string, when: When) {
    const own = this.roleOf(email, place);
    if (place === ORG || !own || own[when] === null) return [];
    return [...this.inGroups].flatMap(([name, member]) => {
      const [person, group] = partsOf(name);
      const grant = this.roleOf(group, place);
      if (person !== email || member[when] === null || !grant) return [];
      return [{ group, grant, giver: last(this.joined(own), member.giver) }];
    });
  }

  /** Whether somebody gave it who has it for that long or, of what is no rank, somebody else. */
  isGiven(email: string, place: string, permission: string): boolean {
    return this.giversOf(email, place, permission).some(
      ({ has, person }) => has(place, permission) || (!isRank(permission) && person !== email),
    );
  }

  /** Whether what a group, an offer or the default of sign-in gives may last. */
  mayLast(held: Held, place: string): boolean {
    return [...(this.permissions.get(held.after ?? '') ?? [])].every(
      ([permission, by]) =>
        !isRank(permission) || last(this.giverFor(held, permission), by).has(place, permission),
    );
  }

  /** Policies that allow somebody rank, or that deny it no more, by somebody whose rights end. */
  outlivingPolicies(): string[] {
    const allowed = [...this.attached].flatMap(([name, giver]) => {
      const [policyId, target] = partsOf(name);
      const { effect, permission, giver: by } = this.policies.get(policyId)!;
      const bearers = effect === 'allow' ? this.bearersOf(target) : [];
      return bearers
        .filter(({ place, giver: own }) => !last(own, giver, by).has(place, permission))
        .map(({ holder }) => `${holder} has ${permission} by a policy`);
    });
    const released = [...this.released].flatMap(([name, giver]) => {
      const [policyId, target] = partsOf(name);
      const { permission } = this.policies.get(policyId)!;
      return this.bearersOf(target)
        .filter(({ giver: own }) => own.at <= giver.at) // to whom it applied until then
        .filter((bearer) => !this.wasDeniedLonger(bearer, name))
        .filter(({ holder, place }) =>
          this.giversOfAny(holder, place, permission).some((by) => !last(by, giver).has(place, permission)),
        )
        .map(({ holder }) => `${holder} has ${permission}: a policy does not deny it any more`);
    });
    return [...allowed, ...released];
  }

  /** Whether a policy that was detached applied to somebody by another role or group, after that or still. */
  private wasDeniedLonger({ holder, place }: Bearer, detached: string): boolean {
    const [policyId, , changed] = detached.split(' ');
    const until = this.released.get(detached)?.at ?? 0;
    return [...this.attached, ...this.released].some(([name, { at }]) => {
      if (changed || !name.startsWith(policyId!) || (at <= until && !this.attached.has(name))) return false;
      return this.bearersOf(partsOf(name)[1]).some((one) => one.holder === holder && one.place === place);
    });
  }

  /** To whom a policy of a role or group applies after the instant, other than Organization Admins: people and groups, and where. */
  private bearersOf(target: string): Bearer[] {
    return [...this.roles].flatMap(([name, held]) => {
      const [holder, place] = partsOf(name);
      const org = this.roleOf(holder, ORG);
      if (held.after === null || place === ORG || org?.after === null || org?.after === ADMIN) return [];
      const bornBy = (one: string, its: Held) =>
        one === target ? [this.joined(its)] : its.after === target ? [its.giver] : [];
      const byOwn = bornBy(holder, held).map((by) => (org ? last(by, this.joined(org)) : by));
      const byGroups = this.groupsOf(holder, place, 'after').flatMap(({ group, grant, giver }) =>
        bornBy(group, grant).map((by) => last(giver, by)),
      );
      return [...byOwn, ...byGroups].map((by) => ({ holder, place, giver: by }));
    });
  }

  /** Of a person or a group. */
  private giversOfAny(holder: string, place: string, permission: string): Giver[] {
    const grant = this.roleOf(holder, place);
    const by = this.permissions.get(grant?.after ?? '')?.get(permission);
    if (this.roleOf(holder, ORG) || !grant) return this.giversOf(holder, place, permission);
    return by ? [last(this.giverFor(grant, permission), by)] : [];
  }
}
