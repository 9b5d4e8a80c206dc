import type { AuditDetails, AuditEntry } from '../../audit/index.js';
import { type EventData, type Happening, type Subject, text } from './happening-builders.mapper.js';
import { EVENTS_OF_SUCCESS } from './events-of-success.mapper.js';
import { isJsonObject } from '../../../common/json.js';

export type AuditEvent = Happening & {
  /** The id of the entry and the place among its events, so that it is the same whenever it is made. */
  readonly id: string;
  /** The position of the entry. */
  readonly sequence: string;
  readonly timestamp: Date;
  readonly actor: {
    readonly userId: string | null;
    readonly credentialKind: string | null;
    /** Null for sessions, which cannot be looked up. */
    readonly credentialId: string | null;
  };
};

/** Follows from the entry alone. A later version may append events, never insert or remove any. */
export function eventsOf(entry: AuditEntry): AuditEvent[] {
  const details = entry.details ?? {};
  const own = entry.succeeded ? eventsOfSuccess({ ...entry, details }) : [refused(entry, details)];
  const { credentialKind, credentialId } = entry;
  const memberships = [
    ...membershipHappenings(details),
    ...followingHappenings(details, signedInUser(entry)),
  ];
  return [...own, ...memberships].map((happening, index) => ({
    ...happening,
    id: `${entry.id}-${index}`,
    sequence: entry.position,
    timestamp: entry.createdAt,
    actor: {
      userId: entry.userId,
      credentialKind,
      credentialId: credentialKind === 'session' ? null : credentialId,
    },
  }));
}

/** None for an operation of a later version. */
function eventsOfSuccess(entry: AuditEntry & { details: AuditDetails }): readonly Happening[] {
  const isKnown = Object.hasOwn(EVENTS_OF_SUCCESS, entry.operation);
  return isKnown ? EVENTS_OF_SUCCESS[entry.operation](entry) : [];
}

/** Of a refused sign-in too, if the account is known. */
function signedInUser({ operation, succeeded, resourceIds, details }: AuditEntry): string | null {
  const account = succeeded ? resourceIds[0] : details?.['account_id'];
  return operation === 'login' && typeof account === 'string' ? account : null;
}

function refused(entry: AuditEntry, details: AuditDetails): Happening {
  const { operation, responseStatus } = entry;
  const userId = signedInUser(entry);
  const subject: Subject | null = userId === null ? null : { kind: 'user', id: userId };
  const code = details['refused_by'] ?? details['refusal'] ?? details['code'];
  const data = { operation, status: responseStatus, code: typeof code === 'string' ? code : null };
  return { type: 'request.refused', subject, data };
}

type Fact = AuditDetails[string];

/** From the facts about memberships that the details of any operation may have (`membershipFacts`). */
function membershipHappenings(details: AuditDetails): Happening[] {
  return [
    ...ofUsers('membership.created', details['org_members_added'], withRole),
    ...ofUsers('membership.role_changed', details['org_roles_changed'], withRoles),
    ...ofUsers('membership.deleted', details['org_members_removed'], withRole),
    ...inWorkspaces('workspace_membership.created', details['workspace_members_added'], withRole),
    ...inWorkspaces('workspace_membership.role_changed', details['workspace_roles_changed'], withRoles),
    ...inWorkspaces('workspace_membership.deleted', details['workspace_members_removed'], withRole),
  ];
}

/** Of user groups that follow groups of the identity provider. By a sign-in: the groups of one user. */
function followingHappenings(details: AuditDetails, signedIn: string | null): Happening[] {
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

type DataOf = (fact: Fact | undefined) => EventData;

const ofUsers = (type: Happening['type'], users: Fact | undefined, dataOf: DataOf): Happening[] =>
  Object.entries(record(users)).map(([id, fact]) => ({
    type,
    subject: { kind: 'user', id },
    data: dataOf(fact),
  }));

const inWorkspaces = (type: Happening['type'], workspaces: Fact | undefined, dataOf: DataOf): Happening[] =>
  Object.entries(record(workspaces)).flatMap(([id, users]) =>
    ofUsers(type, users, (fact) => ({ workspace_id: id, ...dataOf(fact) })),
  );

const withRole: DataOf = (role) => ({ role_id: text(role) });

const withRoles: DataOf = (roles) => {
  const { from, to } = record(roles);
  return { from_role_id: text(from), to_role_id: text(to) };
};

const record = (fact: Fact | undefined): AuditDetails => (isJsonObject(fact) ? fact : {});

const list = (fact: Fact | undefined): readonly string[] =>
  Array.isArray(fact) ? (fact as readonly string[]) : [];
