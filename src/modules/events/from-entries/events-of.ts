import type { AuditDetails, AuditEntry } from '../../audit/index.js';
import type { Happening, Subject } from './happening.mapper.js';
import { EVENTS_OF_SUCCESS } from './events-of-success.mapper.js';
import { followingHappenings, membershipHappenings } from './membership-happenings.js';

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
