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
  'membership.disabled',
  'membership.enabled',
  'membership.deleted',
  'workspace_membership.created',
  'workspace_membership.role_changed',
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
  'request.refused',
  'audit_log.read',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** Only for those who name them; webhooks never send them (docs/decisions/0104). */
export const ONLY_BY_NAME: ReadonlySet<EventType> = new Set(['request.refused', 'audit_log.read']);

type SubjectKind =
  | 'access_policy'
  | 'credential'
  | 'invitation'
  | 'organization'
  | 'role'
  | 'scim_group'
  | 'scim_user'
  | 'service_account'
  | 'sso_settings'
  | 'tag_key'
  | 'tag_value'
  | 'tagging'
  | 'user'
  | 'user_group'
  | 'workspace';

export type Subject = { readonly kind: SubjectKind; readonly id: string };

/** Ids and codes only. */
export type EventData = { readonly [name: string]: string | number | boolean | null | readonly string[] };

/** What an event says besides where and when, and who. */
export type Happening = {
  readonly type: EventType;
  readonly subject: Subject | null;
  readonly data: EventData;
};
