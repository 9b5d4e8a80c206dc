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
 * ends of a world lie.
 */
export type Giver = {
  readonly at: number;
  readonly person: string;
  readonly has: (place: string, permission: string) => boolean;
};
/** `after`: what follows after the instant; null: nothing. */
export type Held = { now: string; after: string | null; giver: Giver; former?: Held | undefined };
type When = 'now' | 'after';

const key = (...parts: string[]) => parts.join(' ');
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
  /** By address: what is given when it is accepted. */
  readonly offers = new Map<string, Map<string, Held>>();
  /** By custom role and permission; those of system roles were there before. */
  readonly permissions = new Map<string, Map<string, Giver>>();
  /** By policy and role; `false`: was detached. */
  readonly attached = new Map<string, { isOn: boolean; giver: Giver }>();

  constructor(private readonly before: Giver) {
    for (const { id, permissions } of SYSTEM_ROLES)
      this.permissions.set(id, new Map(permissions.map((name) => [name, before])));
    this.permissions.get(ADMIN)?.set(EVERYTHING, before);
  }

  roleOf = (holder: string, place: string): Held | undefined => this.roles.get(key(holder, place));

  /** What the holder had before stays given by who gave that, unless it is given by somebody whose rights last. */
  give(map: Map<string, Held>, [a, b]: [string, string], held: Held): void {
    const former = held.giver.has(ORG, EVERYTHING) ? undefined : map.get(key(a, b));
    if (former?.now === held.now && former.after === held.after) return;
    map.set(key(a, b), { ...held, former });
  }

  private giverFor({ giver, former }: Held, permission: string): Giver {
    const by = this.permissions.get(former?.after ?? '')?.get(permission);
    return former && by && by.at < giver.at ? this.giverFor(former, permission) : giver;
  }

  /** Who made somebody a member, whatever the role has become. */
  private joined({ giver, former }: Held): Giver {
    return former?.after ? this.joined(former) : giver;
  }

  offer(email: string, place: string, held: Held): void {
    const offers = this.offers.get(email) ?? new Map<string, Held>();
    this.offers.set(email, offers.set(place, held));
  }

  /** What was offered is given by who offered it. */
  accept(email: string): void {
    for (const [place, held] of this.offers.get(email) ?? []) this.give(this.roles, [email, place], held);
    this.offers.delete(email);
  }

  widen(id: string, permissions: readonly string[], giver: Giver): void {
    const former = this.permissions.get(id);
    this.permissions.set(id, new Map(permissions.map((name) => [name, former?.get(name) ?? giver])));
  }

  /** Without a place: everything. */
  remove(holder: string, place = ''): void {
    const start = key(holder, place);
    for (const map of [this.roles, ...(place === '' ? [this.inGroups] : [])])
      for (const name of map.keys()) if (name.startsWith(start)) map.delete(name);
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
    const places = new Set([...this.roles.keys()].map((name) => name.split(' ')[1] ?? ''));
    const known = [...this.permissions.values()].flatMap((one) => [...one.keys()]);
    const had = [...places].flatMap((place) =>
      known
        .filter((one) => this.giversOf(email, place, one).length > 0)
        .map((permission) => key(place, permission)),
    );
    const has = new Set(had);
    const hasAll = this.roleOf(email, ORG)?.after === ADMIN;
    return (place, permission) => hasAll || has.has(key(place, permission));
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
    if (place === ORG || !own || own[when] === null) return byOwn;
    const byGroups = [...this.inGroups].flatMap(([name, member]) => {
      const [person, group = ''] = name.split(' ');
      const grant = this.roleOf(group, place);
      const id = grant?.[when];
      if (person !== email || member[when] === null || !grant || !id) return [];
      const by = this.permissions.get(id)?.get(permission);
      return by ? [last(this.joined(own), member.giver, this.giverFor(grant, permission), by)] : [];
    });
    return [...byOwn, ...byGroups];
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

  /** What holds a role after the instant: people and groups, and where. */
  holdersOf(id: string): { holder: string; place: string; giver: Giver }[] {
    return [...this.roles].flatMap(([name, { after, giver }]) => {
      const [holder = '', place = ''] = name.split(' ');
      const org = holder.includes('@') ? this.roleOf(holder, ORG) : undefined;
      if (after !== id || org?.after === null) return [];
      return [{ holder, place, giver: org ? last(giver, this.joined(org)) : giver }];
    });
  }

  /** Policies with rank that were attached to a role, or detached although they deny rank, by somebody whose rights end. */
  outlivingPolicies(policies: readonly Policy[], isAttached: (policy: string, roleId: string) => boolean) {
    return [...this.attached].flatMap(([name, { isOn, giver }]) => {
      const [id, roleId = ''] = name.split(' ');
      const policy = policies.find((one) => one.id === id);
      if (!policy || isOn !== (policy.effect === 'allow') || isAttached(policy.id, roleId) !== isOn)
        return [];
      const { permission } = policy;
      const by = isOn ? this.before : this.permissions.get(roleId)?.get(permission);
      if (!by) return [];
      return this.holdersOf(roleId)
        .filter((one) => !last(one.giver, giver, by).has(one.place, permission))
        .map(({ holder }) => `${holder} has ${permission}: a policy was ${isOn ? 'attached' : 'detached'}`);
    });
  }
}

export type Policy = { id: string; effect: 'allow' | 'deny'; permission: string };
