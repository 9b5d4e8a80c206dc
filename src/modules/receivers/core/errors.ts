import { Conflict, Forbidden, NotFound, Unprocessable } from '../../../common/errors/domain-error.js';

export class WebhookNotFound extends NotFound {
  static readonly message = 'There is no such webhook here.';
}

/** What happens in the organization would go to an address of the caller's choice. */
export class OnlyAdminsManageWebhooks extends Forbidden {
  static readonly message = 'Webhooks are managed by organization admins.';
}

export class TooManyWebhooks extends Conflict {
  static readonly message = 'An organization has at most 20 webhooks. Delete one first.';
}

export class InvalidRedelivery extends Unprocessable {
  constructor(field: string, msg: string) {
    super('the selection of events is not valid', {
      problems: [{ loc: ['body', field], msg, type: 'value_error' }],
    });
  }
}

/** Of the organization, and of a type that webhooks get. */
export class UnknownEvents extends Unprocessable {
  constructor(ids: readonly string[]) {
    const msg = `There are no such events: ${ids.slice(0, 10).join(', ')}`;
    super('some of the events do not exist', {
      problems: [{ loc: ['body', 'ids'], msg, type: 'value_error' }],
    });
  }
}

export class TooManyToRedeliver extends Unprocessable {
  constructor() {
    const msg =
      'More than 10,000 events, or too much of the audit log at once: ask for shorter periods, one after the other';
    super('too many events at once', { problems: [{ loc: ['body'], msg, type: 'too_long' }] });
  }
}

export class LogStreamNotFound extends NotFound {
  static readonly message = 'There is no such log stream here.';
}

/** As `OnlyAdminsManageWebhooks`. */
export class OnlyAdminsManageLogStreams extends Forbidden {
  static readonly message = 'Log streams are managed by organization admins.';
}

export class TooManyLogStreams extends Conflict {
  static readonly message = 'An organization has at most 5 log streams. Delete one first.';
}

/** The values of headers are never shown again, so they are not sent to another server either. */
export class LogStreamHeadersNeeded extends Unprocessable {
  constructor() {
    const msg =
      'The header values are meant for the present server: with a url of another one, send headers again, or {} for none';
    super('the headers of the log stream are needed', {
      problems: [{ loc: ['body', 'headers'], msg, type: 'value_error' }],
    });
  }
}
