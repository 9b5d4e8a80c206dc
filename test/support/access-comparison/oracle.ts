import type { GroupRow, PolicyRow, Rows } from './rows.js';

/** Whose rights may change: a user or an invited address, a service account, a service key. */
export type Subject = { kind: 'person' | 'account' | 'key'; id: string };
export type Holdings = {
  permissions: ReadonlySet<string>;
  allow: readonly PolicyRow[];
  deny: readonly PolicyRow[];
};
/** A question about a resource with these tags, or about none. */
export type Probe = {
  permission: string;
  type: string | null;
  tags: Readonly<Record<string, readonly string[]>>;
};

const NOTHING: Holdings = { permissions: new Set(), allow: [], deny: [] };

/**
 * Who may do what, evaluated from the rows alone by docs/contract/user-groups.md#effective-permissions. It shares no code
 * with the server, and is compared with its access checks. Persons are named by their address.
 */
export class Oracle {
  private static readonly known = new WeakMap<Rows, Oracle>();
  private readonly roles = new Map<string, string | null>();
  private readonly held = new Map<string, Holdings>();

  private constructor(readonly rows: Rows) {}

  /** The same one for the same rows, since it remembers what it has evaluated. */
  static of(rows: Rows): Oracle {
    const oracle = Oracle.known.get(rows) ?? new Oracle(rows);
    Oracle.known.set(rows, oracle);
    return oracle;
  }

  get subjects(): Subject[] {
    const { members, invitations, accounts, keys } = this.rows;
    const emails = new Set([...members, ...invitations].map(({ email }) => email));
    return [
      ...[...emails].map((id) => ({ kind: 'person' as const, id })),
      ...accounts.map(({ id }) => ({ kind: 'account' as const, id })),
      ...keys.map(({ id }) => ({ kind: 'key' as const, id })),
    ];
  }

  /** Whether the subject has a role of their own in the workspace, by a membership or an invitation that can be accepted. */
  isIn(subject: Subject, workspace: string): boolean {
    return this.ownRole(subject, workspace) !== null && !this.hasExpired(subject, workspace);
  }

  /** Whether the subject has only an expired invitation to the workspace. */
  hasExpired({ kind, id }: Subject, workspace: string): boolean {
    return kind === 'person' && this.isOnlyOffered(id, workspace, 'expired');
  }

  /**
   * What the subject could do as an active member of the workspace with all invitations accepted, expired ones too, and
   * with user groups switched on.
   */
  asIfMember(subject: Subject, workspace: string): Holdings {
    const own = this.ownRole(subject, workspace);
    return this.holdings(own, this.groupsOf(subject), workspace);
  }

  /** What the caller can do at this moment. */
  now(caller: Subject, workspace: string): Holdings {
    if (caller.kind !== 'person') return this.holdings(this.ownRole(caller, workspace), [], workspace);
    const member = this.rows.members.find(({ email }) => email === caller.id);
    const own = this.ownRole(caller, workspace);
    if (!member || member.is_disabled || own === null) return NOTHING;
    if (this.isOnlyOffered(caller.id, workspace, 'any')) return NOTHING;
    return this.holdings(own, this.rows.org[0]?.groups_on ? this.groupsOf(caller) : [], workspace);
  }

  /** The machine name of the organization role of a member. */
  orgRoleOf(email: string): string | null {
    const member = this.rows.members.find((one) => one.email === email);
    return member ? this.roleName(member.role) : null;
  }

  roleName = (id: string): string => this.rows.roles.find((role) => role.id === id)?.name ?? 'unknown';

  private ownRole(subject: Subject, workspace: string): string | null {
    const key = `${subject.kind} ${subject.id} ${workspace}`;
    const known = this.roles.get(key);
    if (known !== undefined) return known;
    const role = this.findRole(subject, workspace);
    this.roles.set(key, role);
    return role;
  }

  private findRole({ kind, id }: Subject, workspace: string): string | null {
    if (kind === 'person') return this.roleOfPerson(id, workspace);
    if (kind === 'account')
      return (
        this.rows.account_places.find((one) => one.account === id && one.workspace === workspace)?.role ??
        null
      );
    const key = this.rows.keys.find((one) => one.id === id);
    const covers =
      key?.org_wide || this.rows.key_places.some((one) => one.key === id && one.workspace === workspace);
    return key && covers ? key.role : null;
  }

  private roleOfPerson(email: string, workspace: string): string | null {
    if (this.orgRoleOf(email) === 'ORGANIZATION_ADMIN')
      return this.rows.roles.find(({ name }) => name === 'WORKSPACE_ADMIN')?.id ?? null;
    return this.placeOf(email, workspace)?.role ?? this.offerOf(email, workspace)?.role ?? null;
  }

  private placeOf(email: string, workspace: string) {
    const user = this.rows.members.find((one) => one.email === email)?.user;
    return this.rows.places.find((one) => one.user === user && one.workspace === workspace);
  }

  private offerOf(email: string, workspace: string) {
    const invitation = this.rows.invitations.find((one) => one.email === email);
    const offer = this.rows.offers.find(
      (one) => one.invitation === invitation?.id && one.workspace === workspace,
    );
    return offer && invitation ? { role: offer.role, isExpired: invitation.is_expired } : null;
  }

  private isOnlyOffered(email: string, workspace: string, which: 'expired' | 'any'): boolean {
    if (this.orgRoleOf(email) === 'ORGANIZATION_ADMIN' || this.placeOf(email, workspace)) return false;
    const offer = this.offerOf(email, workspace);
    return offer !== null && (which === 'any' || offer.isExpired);
  }

  private groupsOf({ kind, id }: Subject): GroupRow[] {
    const user = this.rows.members.find(({ email }) => email === id)?.user;
    const ids =
      kind === 'person'
        ? this.rows.group_members.filter((one) => one.user === user).map(({ group }) => group)
        : this.rows.group_accounts.filter((one) => one.account === id).map(({ group }) => group);
    return kind === 'key' ? [] : this.rows.groups.filter((group) => ids.includes(group.id));
  }

  private holdings(own: string | null, groups: readonly GroupRow[], workspace: string): Holdings {
    const key = [workspace, own, ...groups.map(({ id }) => id)].join(' ');
    const held = this.held.get(key) ?? this.evaluate(own, groups, workspace);
    this.held.set(key, held);
    return held;
  }

  private evaluate(own: string | null, groups: readonly GroupRow[], workspace: string): Holdings {
    const grants = this.rows.groups.filter(
      (child) =>
        child.workspace === workspace && groups.some(({ id }) => id === child.id || id === child.parent),
    );
    const roles = new Set([own, ...grants.map(({ role }) => role)].filter((id) => id !== null));
    const granted = groups.filter(({ id }) => grants.some((child) => id === child.id || id === child.parent));
    const policies = new Set([
      ...this.rows.role_policies.filter(({ role }) => roles.has(role)).map(({ policy }) => policy),
      ...this.rows.group_policies
        .filter((one) => granted.some(({ id }) => id === one.group))
        .filter((one) => one.workspace === null || one.workspace === workspace)
        .map(({ policy }) => policy),
    ]);
    const applying = this.rows.policies.filter(({ id }) => policies.has(id));
    return {
      permissions: new Set(
        this.rows.roles.filter(({ id }) => roles.has(id)).flatMap(({ permissions }) => permissions),
      ),
      allow: applying.filter(({ effect }) => effect === 'allow'),
      deny: applying.filter(({ effect }) => effect === 'deny'),
    };
  }
}

/** A policy that denies comes first, whatever allows. */
export const may = (held: Holdings, probe: Probe): boolean =>
  !held.deny.some((policy) => applies(policy, probe)) && mayIfNothingDenied(held, probe);

export const mayIfNothingDenied = ({ permissions, allow }: Holdings, probe: Probe): boolean =>
  permissions.has(probe.permission) || allow.some((policy) => applies(policy, probe));

const applies = ({ groups }: PolicyRow, { permission, type, tags }: Probe): boolean =>
  groups.some(
    (group) =>
      group.permission === permission &&
      group.resourceType === type &&
      group.conditions.every(({ tagKey, operator, value }) => isMet(operator, value, tags[tagKey] ?? [])),
  );

function isMet(operator: string, expected: string, values: readonly string[]): boolean {
  if (values.length === 0) return operator.endsWith('_if_exists');
  const [, negation, comparison = ''] = /^(not_)?(.*?)(?:_if_exists)?$/.exec(operator) ?? [];
  const isAlike = (value: string) => COMPARISONS[comparison]?.(value, expected) ?? false;
  return negation ? !values.some(isAlike) : values.some(isAlike);
}

const COMPARISONS: Readonly<Record<string, (value: string, expected: string) => boolean>> = {
  equals: (value, expected) => value === expected,
  equals_ignore_case: (value, expected) => value.toLowerCase() === expected.toLowerCase(),
  matches: (value, expected) => {
    const literal = expected.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
    return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su').test(value);
  },
};
