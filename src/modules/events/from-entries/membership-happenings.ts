import type { AuditDetails } from '../../audit/index.js';
import { text } from './happening-builders.mapper.js';
import type { EventData, Happening } from './happening.mapper.js';

type Fact = AuditDetails[string];

/** From the facts about memberships that the details of any operation may have (`membershipFacts`). */
export function membershipHappenings(details: AuditDetails): Happening[] {
  return [
    ...ofUsers(details['org_members_added'], (role) => ['membership.created', { role_id: text(role) }]),
    ...ofUsers(details['org_roles_changed'], (roles) => ['membership.role_changed', fromTo(roles)]),
    ...ofUsers(details['org_members_removed'], (role) => ['membership.deleted', { role_id: text(role) }]),
    ...inWorkspaces(details['workspace_members_added'], (role) => [
      'workspace_membership.created',
      { role_id: text(role) },
    ]),
    ...inWorkspaces(details['workspace_roles_changed'], (roles) => [
      'workspace_membership.role_changed',
      fromTo(roles),
    ]),
    ...inWorkspaces(details['workspace_members_removed'], (role) => [
      'workspace_membership.deleted',
      { role_id: text(role) },
    ]),
  ];
}

/** Of user groups that follow groups of the identity provider. By a sign-in: the groups of one user. */
export function followingHappenings(details: AuditDetails, signedIn: string | null): Happening[] {
  const { left_user_group_ids: left, joined_user_group_ids: joined } = record(details['groups']);
  return [
    ...ofUserGroups('group.member_removed', details['user_group_members_removed']),
    ...ofUserGroups('group.member_added', details['user_group_members_added']),
    ...list(left).map((groupId) => ofUserGroup('group.member_removed', groupId, signedIn)),
    ...list(joined).map((groupId) => ofUserGroup('group.member_added', groupId, signedIn)),
  ];
}

const ofUserGroups = (type: Happening['type'], usersByGroup: Fact | undefined): Happening[] =>
  Object.entries(record(usersByGroup)).flatMap(([groupId, userIds]) =>
    list(userIds).map((userId) => ofUserGroup(type, groupId, userId)),
  );

const ofUserGroup = (type: Happening['type'], groupId: string, userId: string | null): Happening => ({
  type,
  subject: { kind: 'user_group', id: groupId },
  data: { user_id: userId },
});

type Naming = (fact: Fact | undefined) => readonly [Happening['type'], EventData];

const ofUsers = (facts: Fact | undefined, name: Naming, place: EventData = {}): Happening[] =>
  Object.entries(record(facts)).map(([userId, fact]) => {
    const [type, data] = name(fact);
    return { type, subject: { kind: 'user', id: userId }, data: { ...place, ...data } };
  });

const inWorkspaces = (facts: Fact | undefined, name: Naming): Happening[] =>
  Object.entries(record(facts)).flatMap(([workspaceId, users]) =>
    ofUsers(users, name, { workspace_id: workspaceId }),
  );

const fromTo = (roles: Fact | undefined): EventData => {
  const { from, to } = record(roles);
  return { from_role_id: text(from), to_role_id: text(to) };
};

const record = (fact: Fact | undefined): AuditDetails =>
  typeof fact === 'object' && fact !== null && !isList(fact) ? fact : {};

const list = (fact: Fact | undefined): readonly string[] =>
  typeof fact === 'object' && fact !== null && isList(fact) ? fact : [];

const isList = (fact: object): fact is readonly string[] => Array.isArray(fact);
