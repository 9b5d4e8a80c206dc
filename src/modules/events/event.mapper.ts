import type { Event } from '../../contract/events.js';
import type { AuditEvent } from './events-of.js';

/** As the events API and webhooks send it. */
export const toEvent = ({ id, sequence, type, timestamp, actor, subject, data }: AuditEvent): Event => ({
  id,
  sequence,
  type,
  timestamp: timestamp.toISOString(),
  actor: {
    user_id: actor.userId,
    credential_kind: actor.credentialKind,
    credential_id: actor.credentialId,
  },
  subject,
  data,
});
