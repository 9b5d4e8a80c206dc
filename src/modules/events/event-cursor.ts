import { InvalidEventCursor } from './errors.js';

/**
 * Where a page begins: after the first `events` events of the entry at `position`, or after the whole entry if that is
 * null. `proof`: that reading was recorded at `recordedAt`, seconds since 1970; null in the `sequence` of an event.
 */
export type EventCursor = {
  readonly position: bigint;
  readonly events: number | null;
  readonly recording: { readonly recordedAt: number; readonly proof: string } | null;
};

/** A sequence alone is a cursor. There is no entry at position 0. */
const CURSOR =
  /^(?!0+-)(?<position>\d{1,19})(?:-(?<events>\d{1,9}))?(?:\.(?<recordedAt>\d{1,12})\.(?<proof>[\w-]{1,64}))?$/;
const LAST_POSITION = 2n ** 63n - 1n;

/** @throws InvalidEventCursor */
export function fromEventCursor(cursor: string): EventCursor {
  const { position = '', events, recordedAt, proof } = CURSOR.exec(cursor)?.groups ?? {};
  if (position === '' || BigInt(position) > LAST_POSITION) throw new InvalidEventCursor();
  return {
    position: BigInt(position),
    events: events === undefined ? null : Number(events),
    recording: proof === undefined ? null : { recordedAt: Number(recordedAt), proof },
  };
}

export function toEventCursor({ position, events, recording }: EventCursor): string {
  const place = events === null ? String(position) : `${position}-${events}`;
  return recording ? `${place}.${recording.recordedAt}.${recording.proof}` : place;
}
