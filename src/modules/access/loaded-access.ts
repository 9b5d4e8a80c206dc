import type {
  AccessSubject,
  GroupChange,
  GroupGrant,
  RightsChange,
} from '../../common/access/access-limits.js';
import { getOrThrow } from '../../common/collections.js';
import { heldRole } from '../roles/index.js';
import {
  type ComparedChange,
  type HeldGrant,
  type Holdings,
  holdingsOf,
  type Replacement,
  type RoleContent,
} from './access-comparison.js';
import type { AccessRows } from './access-holdings.read-model.js';

/** Whose rights a caller has: those of a user, or of a role in workspaces (null: in all of them). */
export type ComparedCaller =
  | { readonly userId: string | null }
  | { readonly roleId: string; readonly workspaceIds: readonly string[] | null };

type InWorkspace = { readonly own: HeldGrant | null; readonly groupIds: readonly string[] };

/** What was loaded for a comparison: what the caller holds, and what a change does to its subjects. */
export class LoadedAccess {
  private readonly policies: ReadonlyMap<string, RoleContent['policies'][number]>;
  private readonly roles: ReadonlyMap<string, RoleContent>;
  private readonly members: ReadonlyMap<string, AccessRows['members'][number]>;
  private readonly ownRoles: ReadonlyMap<string, HeldGrant>;
  private readonly inGroups: ReadonlyMap<string, readonly { readonly groupId: string }[]>;
  private readonly grants: ReadonlyMap<string, HeldGrant>;

  constructor(private readonly rows: AccessRows) {
    this.policies = new Map(rows.policies.map((policy) => [policy.id, policy]));
    this.roles = new Map(rows.roles.map((role) => [role.id, this.contentOf(role)]));
    this.members = new Map(rows.members.map((member) => [member.id, member]));
    this.ownRoles = new Map(
      rows.ownRoles.map(({ memberId, workspaceId, roleId }) => [
        keyOf(memberId, workspaceId),
        this.own(roleId),
      ]),
    );
    this.inGroups = Map.groupBy(rows.inGroups, ({ memberId, workspaceId }) => keyOf(memberId, workspaceId));
    this.grants = new Map(
      rows.groups.map(({ groupId, workspaceId, groupName, ...grant }) => [
        keyOf(groupId, workspaceId),
        this.ofGroup(groupName, grant),
      ]),
    );
  }

  /** What counts now: groups only where the organization has them, nothing for a disabled member or another user. */
  holdingsOf(caller: ComparedCaller, workspaceId: string | null): Holdings {
    if ('roleId' in caller) {
      const { roleId, workspaceIds } = caller;
      const isCovered = workspaceIds === null || (workspaceId !== null && workspaceIds.includes(workspaceId));
      return holdingsOf(isCovered ? [this.own(roleId)] : []);
    }
    const { userId } = caller;
    if (userId === null || (this.members.get(userId)?.isDisabled ?? true)) return holdingsOf([]);
    const { own, groupIds } = this.find(userId, workspaceId);
    if (!own) return holdingsOf([]);
    return holdingsOf([own, ...(this.rows.canUseUserGroups ? this.grantsIn(workspaceId, groupIds) : [])]);
  }

  /** What the change does, once for each of its subjects, who are taken as active members. */
  changesOf(change: RightsChange): ComparedChange[] {
    return this.presentOf(change).flatMap((present) => this.compared(change, present) ?? []);
  }

  nameOf(subject: AccessSubject): string {
    if ('memberOf' in subject) return 'a member of the group';
    return 'name' in subject ? subject.name : (this.members.get(subject.memberId)?.name ?? 'the user');
  }

  /** Null if the change has no effect. */
  private compared(
    { subject, workspaceId, roleId, unlessMember, asNew = false, groups = [] }: RightsChange,
    { own: held, groupIds }: InWorkspace,
  ): ComparedChange | null {
    if (unlessMember && held) return null;
    const present = asNew ? null : held;
    const own = roleId === undefined ? present : roleId === null ? null : this.own(roleId);
    const changed = groups
      .filter(({ id }) => !('memberOf' in subject) || groupIds.includes(id))
      .map((group) => this.replacementOf(group));
    const changedIds = new Set(groups.map(({ id }) => id));
    const kept = this.grantsIn(
      workspaceId,
      groupIds.filter((id) => !changedIds.has(id)),
    );
    const all = (role: HeldGrant | null, side: keyof Replacement) => [
      ...(role ? [role] : []),
      ...kept,
      ...changed.flatMap((replacement) => replacement[side] ?? []),
    ];
    const changesRole = roleId !== undefined;
    return {
      before: changesRole && !present ? null : all(present, 'from'),
      after: changesRole && !own ? null : all(own, 'to'),
      replaced: [...(changesRole ? [{ from: present, to: own }] : []), ...changed],
    };
  }

  private presentOf({ subject, workspaceId }: RightsChange): InWorkspace[] {
    if ('memberId' in subject) return [this.find(subject.memberId, workspaceId)];
    if ('roleId' in subject) return [{ own: this.ownOrNone(subject.roleId), groupIds: [] }];
    const ofMembers = this.rows.combinations
      .filter((one) => one.workspaceId === workspaceId)
      .filter(({ groupIds }) => subject.memberOf.some((id) => groupIds.includes(id)))
      .map(({ roleId, groupIds }) => ({ own: this.ownOrNone(roleId), groupIds }));
    return ofMembers.length > 0 ? ofMembers : [{ own: null, groupIds: subject.memberOf }];
  }

  private find(memberId: string, workspaceId: string | null): InWorkspace {
    const key = keyOf(memberId, workspaceId);
    const groupIds = (this.inGroups.get(key) ?? []).map(({ groupId }) => groupId);
    return { own: this.ownRoles.get(key) ?? null, groupIds };
  }

  private grantsIn(workspaceId: string | null, groupIds: readonly string[]): HeldGrant[] {
    return groupIds.flatMap((id) => this.grants.get(keyOf(id, workspaceId)) ?? []);
  }

  private replacementOf({ name, before, after }: GroupChange): Replacement {
    return { from: before && this.ofGroup(name, before), to: after && this.ofGroup(name, after) };
  }

  private ownOrNone(roleId: string | null): HeldGrant | null {
    return roleId === null ? null : this.own(roleId);
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

const keyOf = (id: string, workspaceId: string | null) => `${id} ${workspaceId}`;
