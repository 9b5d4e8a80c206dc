import { InvalidEventCursor } from './errors.js';

/**
 * Where a page begins: after the first `events` events of the entry at `position`, or after the whole entry if that is
 * null. `entryId`: its id, in 32 hexadecimal digits; null in the `sequence` of an event and in cursors of version 0.6 and
 * before. `proof`: that reading was recorded at `recordedAt`, seconds since 1970.
 */
export type EventCursor = {
  readonly position: bigint;
  readonly events: number | null;
  readonly entryId: string | null;
  readonly recording: { readonly recordedAt: number; readonly proof: string } | null;
};

/**
 * A sequence alone is a cursor. There is no entry at position 0. Readers keep their cursors, so those of earlier versions stay valid.
 */
const CURSOR =
  /^(?!0+-)(?<position>\d{1,19})(?:-(?<events>\d{1,9}))?(?:\.(?<recordedAt>\d{1,12})\.(?<proof>[\w-]{22})(?<entryId>[\da-f]{32})?)?$/;
const LAST_POSITION = 2n ** 63n - 1n;

/** @throws InvalidEventCursor */
export function fromEventCursor(cursor: string): EventCursor {
  const { position = '', events, recordedAt, proof, entryId } = CURSOR.exec(cursor)?.groups ?? {};
  if (position === '' || BigInt(position) > LAST_POSITION) throw new InvalidEventCursor();
  return {
    position: BigInt(position),
    events: events === undefined ? null : Number(events),
    entryId: entryId ?? null,
    recording: proof === undefined ? null : { recordedAt: Number(recordedAt), proof },
  };
}

export function toEventCursor({ position, events, entryId, recording }: EventCursor): string {
  const place = events === null ? String(position) : `${position}-${events}`;
  return recording ? `${place}.${recording.recordedAt}.${recording.proof}${entryId ?? ''}` : place;
}
