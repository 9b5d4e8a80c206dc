import { Gone, LimitReached, Unprocessable } from '../../common/errors/domain-error.js';

/** Of a cursor that is malformed, or names a position that this installation has never given. */
export class InvalidEventCursor extends Unprocessable {
  override readonly code = 'invalid_cursor';

  constructor() {
    const msg = 'Input should be the next_cursor of a page, the sequence of an event, now, or recent';
    super('the cursor is not valid', { problems: [{ loc: ['query', 'after'], msg, type: 'value_error' }] });
  }
}

/** The entry of a cursor is not in the audit log: the database has gone back to a state before it. */
export class CursorGone extends Unprocessable {
  override readonly fields: { readonly after: string };

  /** @param after the cursor to go on with, before all events that may differ */
  constructor(after: string) {
    const msg =
      'The database was restored to a state before this cursor, and other events have followed since. Go on with ' +
      `after=${after}: some events are repeated, and what happened differently has other ids.`;
    super('the entry of the cursor is gone', {
      problems: [{ loc: ['query', 'after'], msg, type: 'value_error' }],
    });
    this.fields = { after };
  }
}

export class EventsRemoved extends Gone {
  override readonly fields: { readonly oldest: string };

  /** @param oldest the cursor before the oldest events that are left */
  constructor(oldest: string) {
    super(
      `Events after this cursor are older than the retention of the audit log. Go on with after=${oldest}.`,
    );
    this.fields = { oldest };
  }
}

export class TooManyWaitingRequests extends LimitReached {
  readonly retryAfterSeconds = 1;
  static readonly message =
    'Two requests with this credential, 100 of this organization, or 200 of all callers, wait for events already. Ask without wait, or again when one has ended.';
}
