import {
  Instant,
  Integer,
  ListOf,
  ListOfOneOf,
  Mapping,
  Nested,
  OneOf,
  Text,
  Uuid,
} from '../../common/http/operations/fields.decorator.js';

/* Not part of the published API: docs/contract/events.md. */

/** In the order of the reference. Names are published: none is changed or removed. */
export const EVENT_TYPES = [
  'login.succeeded',
  'session.ended',
  'organization.created',
  'organization.updated',
  'workspace.created',
  'workspace.updated',
  'workspace.deleted',
  'membership.created',
  'membership.role_changed',
  'membership.end_changed',
  'membership.disabled',
  'membership.enabled',
  'membership.deleted',
  'workspace_membership.created',
  'workspace_membership.role_changed',
  'workspace_membership.end_changed',
  'workspace_membership.deleted',
  'invitation.created',
  'invitation.updated',
  'invitation.renewed',
  'invitation.accepted',
  'invitation.declined',
  'invitation.revoked',
  'account.updated',
  'account.confirmation_sent',
  'account.email_confirmed',
  'role.created',
  'role.updated',
  'role.deleted',
  'access_policy.created',
  'access_policy.updated',
  'access_policy.deleted',
  'access_policy.attached',
  'access_policy.detached',
  'group.created',
  'group.updated',
  'group.deleted',
  'group.member_added',
  'group.member_removed',
  'group.role_granted',
  'group.role_changed',
  'group.role_revoked',
  'scim_user.created',
  'scim_user.updated',
  'scim_user.deleted',
  'service_account.created',
  'service_account.deleted',
  'credential.created',
  'credential.updated',
  'credential.rotated',
  'credential.revoked',
  'credential.reinstated',
  'credential.deleted',
  'credential.expires_soon',
  'sso_settings.created',
  'sso_settings.updated',
  'sso_settings.deleted',
  'login_methods.updated',
  'tag_key.created',
  'tag_key.updated',
  'tag_key.deleted',
  'tag_value.created',
  'tag_value.updated',
  'tag_value.deleted',
  'tagging.created',
  'tagging.deleted',
  'access_request.created',
  'access_request.approved',
  'access_request.declined',
  'access_request.withdrawn',
  'application.created',
  'application.updated',
  'application.secret_rotated',
  'application.deleted',
  'webhook.created',
  'webhook.updated',
  'webhook.enabled',
  'webhook.disabled',
  'webhook.secret_rotated',
  'webhook.deleted',
  'log_stream.created',
  'log_stream.updated',
  'log_stream.enabled',
  'log_stream.disabled',
  'log_stream.deleted',
  'request.refused',
  'audit_log.read',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

export class EventsQuery {
  @Text({
    optional: true,
    description:
      'The `next_cursor` of the page before, or the `sequence` of an event: those that follow it. `now`: only what happens ' +
      'from now on. `recent`: from the newest 1,000 entries of the audit log on. Absent: from the oldest.',
  })
  after?: string;
  @ListOfOneOf(EVENT_TYPES, 'EventType', {
    optional: true,
    description:
      'Absent: all but `request.refused` and `audit_log.read`, which are returned only if they are named.',
  })
  types?: EventType[];
  @Integer({ default: 100, minimum: 1, maximum: 1000 }) limit: number;
  @Integer({
    default: 0,
    minimum: 0,
    maximum: 30,
    description: 'How many seconds to wait for an event if there is none.',
  })
  wait: number;
}

export class EventActor {
  @Uuid({ nullable: true, description: 'Null if no user did it.' }) user_id: string | null;
  @Text({
    nullable: true,
    description:
      '`session`, `personal_access_token`, `service_key` or `scim_token`; null: the server or its operator.',
  })
  credential_kind: string | null;
  @Uuid({ nullable: true, description: 'Null for sessions.' }) credential_id: string | null;
}

export class EventSubject {
  @Text() kind: string;
  @Text() id: string;
}

export class Event {
  @Text({ description: 'The same whenever the event is returned.' }) id: string;
  @Text({ description: 'A number that grows. Gaps mean nothing; events of one change share it.' })
  sequence: string;
  @OneOf(EVENT_TYPES, 'EventType') type: EventType;
  @Instant() timestamp: string;
  @Nested(() => EventActor) actor: EventActor;
  @Nested(() => EventSubject, { nullable: true }) subject: EventSubject | null;
  @Mapping({ description: 'Ids and codes, by type.' }) data: Record<string, unknown>;
}

export class EventPage {
  @ListOf(() => Event) items: Event[];
  @Text({ description: 'Always present, also on an empty page.' }) next_cursor: string;
}

/** 410, if retention has removed events after the cursor. */
export class EventsRemovedResponse {
  @Text() detail: string;
  @Text({ description: 'The cursor before the oldest events that are left.' }) oldest: string;
}

export class EventTypes {
  @ListOfOneOf(EVENT_TYPES, 'EventType') types: EventType[];
}
