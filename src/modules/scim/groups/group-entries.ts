import { chunks, unique } from '../../../common/collections.js';
import { newId } from '../../../database/statements/new-id.js';
import type { Actor, AuditDetails, AuditedAction } from '../../audit/index.js';
import { type MembershipChanges, membershipFactsInParts } from '../../members/index.js';
import type { FollowingMember } from '../../user-groups/index.js';
import type { MemberDelta } from './group-edit.js';
import { type GroupBinding, idleReasonOf } from './group-names.js';

const MAX_IDS = 100; // members, and users whose roles changed, in one entry

type GroupEntry = {
  readonly actor: Actor;
  readonly orgId: string;
  readonly operation: 'create_scim_group' | 'update_scim_group' | 'delete_scim_group';
  readonly groupId: string;
  readonly entryId: string;
  readonly details: AuditDetails;
  readonly members?: MemberDelta;
  readonly roles: MembershipChanges;
  readonly following?: readonly FollowingChange[];
};

export type FollowingChange = FollowingMember & { readonly isAdded: boolean };

/** The entries name every added and removed member and every changed role: what does not fit into the first is in further ones. */
export function groupEntries(entry: GroupEntry): AuditedAction[] {
  const { actor, orgId, operation, groupId, entryId } = entry;
  const { removed = [], added = [] } = entry.members ?? {};
  const members = chunks(
    [...removed.map((id) => ({ id, isAdded: false })), ...added.map((id) => ({ id, isAdded: true }))],
    MAX_IDS,
  );
  const roles = membershipFactsInParts(entry.roles, MAX_IDS);
  const following = chunks(entry.following ?? [], MAX_IDS).map(followingFacts);
  const count = Math.max(1, members.length, roles.length, following.length);
  return Array.from({ length: count }, (_, index) => {
    const some = members[index] ?? [];
    const continued = index === 0 ? entry.details : { continues: entryId };
    const details = { ...continued, ...memberFacts(some), ...roles[index], ...following[index] };
    const resourceIds = [groupId, ...unique(some.map(({ id }) => id))];
    return {
      actor,
      operation,
      resourceIds,
      scope: { orgId, details, entryId: index === 0 ? entryId : newId() },
    };
  });
}

function memberFacts(some: readonly { id: string; isAdded: boolean }[]): AuditDetails {
  const { true: added, false: removed } = Object.groupBy(some, ({ isAdded }) => `${isAdded}`);
  return {
    ...(removed ? { removed_ids: removed.map(({ id }) => id) } : {}),
    ...(added ? { added_ids: added.map(({ id }) => id) } : {}),
  };
}

function followingFacts(some: readonly FollowingChange[]): AuditDetails {
  const { true: added, false: removed } = Object.groupBy(some, ({ isAdded }) => `${isAdded}`);
  return {
    ...(removed ? { user_group_members_removed: byUserGroup(removed) } : {}),
    ...(added ? { user_group_members_added: byUserGroup(added) } : {}),
  };
}

function byUserGroup(changes: readonly FollowingChange[]): AuditDetails {
  const groups = Map.groupBy(changes, ({ groupId }) => groupId);
  return Object.fromEntries([...groups].map(([id, users]) => [id, users.map(({ userId }) => userId)]));
}

/** With the reason if the group grants nothing, unless a user group follows it. Names are not recorded. */
export function bindingDetails(binding: GroupBinding, isFollowed: boolean): AuditDetails {
  const reason = isFollowed ? null : idleReasonOf(binding);
  return {
    group: binding.kind,
    ...(binding.orgRole ? { org_role: binding.orgRole } : {}),
    ...(binding.workspaceId ? { workspace_id: binding.workspaceId, role_id: binding.roleId } : {}),
    ...(reason ? { grants_nothing: reason } : {}),
  };
}
