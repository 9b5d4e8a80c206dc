import type { AccessChange, AccessSubject, GroupGrant } from '../../common/access/access-limits.js';
import { getOrThrow } from '../../common/collections.js';
import { heldRole } from '../rbac/index.js';
import type { ComparedChange, Replacement } from './access-comparison.js';
import type { AccessRows } from './access-holdings.read-model.js';
import { type HeldGrant, type Holdings, holdingsOf, type RoleContent } from './holdings.js';

/** Whose rights a caller has: those of a user, or of a role in workspaces (null: in all of them). */
export type ComparedCaller =
  | { readonly userId: string | null }
  | { readonly roleId: string; readonly workspaceIds: readonly string[] | null };

type GroupRole = { readonly groupId: string; readonly grant: HeldGrant };
type InWorkspace = { readonly own: HeldGrant | null; readonly groups: readonly GroupRole[] };

const NOTHING: InWorkspace = { own: null, groups: [] };

/** What was loaded for a comparison: what the caller holds, and what a change does to its subject. */
export class LoadedAccess {
  private readonly policies: ReadonlyMap<string, RoleContent['policies'][number]>;
  private readonly roles: ReadonlyMap<string, RoleContent>;
  private readonly members: ReadonlyMap<string, AccessRows['members'][number]>;
  private readonly ownRoles: ReadonlyMap<string, HeldGrant>;
  private readonly groups: ReadonlyMap<string, readonly GroupRole[]>;

  constructor(private readonly rows: AccessRows) {
    this.policies = new Map(rows.policies.map((policy) => [policy.id, policy]));
    this.roles = new Map(rows.roles.map((role) => [role.id, this.contentOf(role)]));
    this.members = new Map(rows.members.map((member) => [member.id, member]));
    this.ownRoles = new Map(rows.ownRoles.map((row) => [keyOf(row), this.own(row.roleId)]));
    const byGroups = Map.groupBy(rows.byGroups, keyOf);
    this.groups = new Map(
      [...byGroups].map(([key, found]) => [
        key,
        found.map((row) => ({ groupId: row.groupId, grant: this.ofGroup(row.groupName, row) })),
      ]),
    );
  }

  /** What counts now: groups only where the organization has them, nothing for a disabled member or a stranger. */
  holdingsOf(caller: ComparedCaller, workspaceId: string): Holdings {
    if ('roleId' in caller) {
      const isCovered = caller.workspaceIds?.includes(workspaceId) ?? true;
      return holdingsOf(isCovered ? [this.own(caller.roleId)] : []);
    }
    const { userId } = caller;
    if (userId === null || (this.members.get(userId)?.isDisabled ?? true)) return holdingsOf([]);
    const { own, groups } = this.find({ memberId: userId, workspaceId });
    if (!own) return holdingsOf([]);
    return holdingsOf([own, ...(this.rows.canUseUserGroups ? groups.map(({ grant }) => grant) : [])]);
  }

  /** The subject is taken as active and as a member; null if the change has no effect. */
  changeOf({ subject, workspaceId, roleId, unlessMember, groups = [] }: AccessChange): ComparedChange | null {
    const present = this.presentOf(subject, workspaceId);
    if (unlessMember && present.own) return null;
    const own = roleId === undefined ? present.own : roleId === null ? null : this.own(roleId);
    const changed = groups.map(({ name, before, after }) => ({
      from: before && this.ofGroup(name, before),
      to: after && this.ofGroup(name, after),
    }));
    const isChanged = new Set(groups.map(({ id }) => id));
    const kept = present.groups.filter(({ groupId }) => !isChanged.has(groupId)).map(({ grant }) => grant);
    const all = (role: HeldGrant | null, side: keyof Replacement) => [
      ...(role ? [role] : []),
      ...kept,
      ...changed.flatMap((replacement) => replacement[side] ?? []),
    ];
    const changesRole = roleId !== undefined;
    return {
      before: changesRole && !present.own ? null : all(present.own, 'from'),
      after: changesRole && !own ? null : all(own, 'to'),
      replaced: [...(changesRole ? [{ from: present.own, to: own }] : []), ...changed],
    };
  }

  nameOf(subject: AccessSubject): string {
    return 'name' in subject ? subject.name : (this.members.get(subject.memberId)?.name ?? 'the user');
  }

  private presentOf(subject: AccessSubject, workspaceId: string): InWorkspace {
    if ('memberId' in subject) return this.find({ memberId: subject.memberId, workspaceId });
    return subject.roleId === null ? NOTHING : { own: this.own(subject.roleId), groups: [] };
  }

  private find(place: { memberId: string; workspaceId: string }): InWorkspace {
    const key = keyOf(place);
    return { own: this.ownRoles.get(key) ?? null, groups: this.groups.get(key) ?? [] };
  }

  private own(roleId: string): HeldGrant {
    return { role: getOrThrow(this.roles, roleId), groupName: null, groupPolicies: [] };
  }

  private ofGroup(groupName: string, { roleId, policyIds }: GroupGrant): HeldGrant {
    return { role: getOrThrow(this.roles, roleId), groupName, groupPolicies: this.contentsOf(policyIds) };
  }

  private contentOf({ permissions, policyIds, ...role }: AccessRows['roles'][number]): RoleContent {
    const held = heldRole(role.id, permissions);
    return { ...role, permissions: held?.permissions ?? new Set(), policies: this.contentsOf(policyIds) };
  }

  private contentsOf(policyIds: readonly string[]) {
    return policyIds.map((id) => getOrThrow(this.policies, id));
  }
}

const keyOf = ({ memberId, workspaceId }: { memberId: string; workspaceId: string }) =>
  `${memberId} ${workspaceId}`;
