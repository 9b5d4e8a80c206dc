import type { EventType } from '../../../contract/audit-log/events.js';

/** Only for those who name them; webhooks never send them (docs/decisions/0104). */
export const ONLY_BY_NAME: ReadonlySet<EventType> = new Set(['request.refused', 'audit_log.read']);

type SubjectKind =
  | 'access_policy'
  | 'access_request'
  | 'credential'
  | 'invitation'
  | 'log_stream'
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
  | 'webhook'
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
