import type { Event } from '../../../contract/audit-log/events.js';
import type { AuditEvent } from './events-of.js';

/** As the events API and webhooks send it. */
export const toEvent = ({ id, sequence, type, timestamp, actor, subject, data }: AuditEvent): Event => ({
  id,
  sequence,
  type,
  timestamp: timestamp.toISOString(),
  actor: toActor(actor),
  subject,
  data,
});

/** Spells kinds of credentials as the rest of the API does: `service_key`. */
export const toActor = ({ userId, credentialKind, credentialId }: AuditEvent['actor']): Event['actor'] => ({
  user_id: userId,
  credential_kind: credentialKind?.replaceAll('-', '_') ?? null,
  credential_id: credentialId,
});
