import type { Event } from '../../../contract/audit-log/events.js';
import type { AuditEvent } from './events-of.js';

/** As the events API and webhooks send it. Kinds of credentials are written as elsewhere in the API: `service_key`. */
export const toEvent = ({ id, sequence, type, timestamp, actor, subject, data }: AuditEvent): Event => ({
  id,
  sequence,
  type,
  timestamp: timestamp.toISOString(),
  actor: {
    user_id: actor.userId,
    credential_kind: actor.credentialKind?.replaceAll('-', '_') ?? null,
    credential_id: actor.credentialId,
  },
  subject,
  data,
});
