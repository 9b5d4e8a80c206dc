import type { AuditOperation } from '../../../common/http/operations/audit-operations.js';
import type { EventType } from '../../../contract/audit-log/events.js';
import {
  type Entry,
  type EventData,
  type Events,
  facts,
  type Happening,
  happenings,
  idsIn,
  named,
  one,
  others,
  resourceAs,
  text,
} from './happening-builders.mapper.js';

/** The events of SCIM users and groups, of user groups, and of access that ended. */
export const EVENTS_OF_GROUPS = {
  create_scim_user: (entry) => [
    ...one('scim_user.created', 'scim_user', resourceAs('user_id', 1))(entry),
    ...named(
      entry.details['invitation'] === 'accepted' ? 'invitation.accepted' : 'invitation.revoked',
      'invitation',
      'invitation_id',
    )(entry),
    ...revokedInvitations(entry),
  ],
  update_scim_user: (entry) => [
    ...one('scim_user.updated', 'scim_user', (its) => ({
      ...resourceAs('user_id', 1)(its),
      ...facts('changed')(its),
    }))(entry),
    ...activation(entry),
    ...revokedInvitations(entry),
  ],
  delete_scim_user: (entry) => [
    ...one('scim_user.deleted', 'scim_user', resourceAs('user_id', 1))(entry),
    ...revokedInvitations(entry),
  ],
  create_scim_group: scimGroup('group.created'),
  update_scim_group: scimGroup('group.updated'),
  delete_scim_group: scimGroup('group.deleted'),

  create_user_group: one('group.created', 'user_group'),
  update_user_group: one('group.updated', 'user_group', facts('changed')),
  delete_user_group: one('group.deleted', 'user_group'),
  add_user_group_members: groupMembers('group.member_added'),
  remove_user_group_member: groupMembers('group.member_removed'),
  create_user_group_grant: one('group.role_granted', 'user_group', grant),
  update_user_group_grant: one('group.role_changed', 'user_group', grant),
  delete_user_group_grant: one('group.role_revoked', 'user_group', grant),

  /** Memberships that ended are facts; a grant has none. */
  expire_access: (entry) =>
    entry.details['ended_grant_role_id'] === undefined
      ? []
      : one('group.role_revoked', 'user_group', ({ resourceIds, details }) => ({
          workspace_id: resourceIds[2] ?? null,
          role_id: text(details['ended_grant_role_id']),
        }))(entry),

  attach_user_group_access_policy: others('access_policy.attached', 'access_policy', ofUserGroup),
  detach_user_group_access_policy: others('access_policy.detached', 'access_policy', ofUserGroup),
} satisfies Partial<Record<AuditOperation, Events>>;

function revokedInvitations(entry: Entry): readonly Happening[] {
  return named('invitation.revoked', 'invitation', 'revoked_invitation_ids')(entry);
}

function activation({ resourceIds, details: { active } }: Entry): Happening[] {
  if (typeof active !== 'boolean') return [];
  return happenings(active ? 'membership.enabled' : 'membership.disabled', 'user', resourceIds[1]);
}

/** Further entries of a change of many members only name them. */
function scimGroup(type: EventType): Events {
  const change = one(type, 'scim_group', facts('changed'));
  return (entry) => [
    ...(entry.details['continues'] === undefined ? change(entry) : []),
    ...scimGroupMembers('group.member_removed', entry, 'removed_ids'),
    ...scimGroupMembers('group.member_added', entry, 'added_ids'),
  ];
}

function scimGroupMembers(type: EventType, entry: Entry, name: string): Happening[] {
  const [groupId] = entry.resourceIds;
  return idsIn(entry, name).flatMap((id) => happenings(type, 'scim_group', groupId, { scim_user_id: id }));
}

function groupMembers(type: EventType): Events {
  return ({ resourceIds: [groupId, ...members] }) =>
    members.flatMap((id) => happenings(type, 'user_group', groupId, { identity_id: id }));
}

function ofUserGroup(entry: Entry): EventData {
  return {
    user_group_id: entry.resourceIds[0] ?? null,
    workspace_id: text(entry.details['for_workspace_id']),
  };
}

function grant(entry: Entry): EventData {
  const roles = facts('role_id', 'from_role_id', 'to_role_id')(entry);
  return { workspace_id: entry.resourceIds[2] ?? null, ...roles };
}
