import type { AuditDetails, AuditEntry } from '../audit/index.js';
import type { Happening, Subject } from './happening.mapper.js';
import { EVENTS_OF_SUCCESS } from './events-of-success.mapper.js';
import { membershipHappenings } from './membership-happenings.js';

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
  const own = entry.succeeded
    ? EVENTS_OF_SUCCESS[entry.operation]({ ...entry, details })
    : [refused(entry, details)];
  const { credentialKind, credentialId } = entry;
  return [...own, ...membershipHappenings(details)].map((happening, index) => ({
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

/** The account of a refused sign-in, if it is known. */
function refused({ operation, responseStatus }: AuditEntry, details: AuditDetails): Happening {
  const { account_id: accountId } = details;
  const subject: Subject | null = typeof accountId === 'string' ? { kind: 'user', id: accountId } : null;
  const code = details['refused_by'] ?? details['refusal'] ?? details['code'];
  const data = { operation, status: responseStatus, code: typeof code === 'string' ? code : null };
  return { type: 'request.refused', subject, data };
}
