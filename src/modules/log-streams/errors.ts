import { Conflict, Forbidden, NotFound, Unprocessable } from '../../common/errors/domain-error.js';

export class LogStreamNotFound extends NotFound {
  readonly code = 'log_stream_not_found';
  static readonly message = 'There is no such log stream here.';
}

/** The audit log would go to an address of the caller's choice. */
export class OnlyAdminsManageLogStreams extends Forbidden {
  readonly code = 'only_admins_manage_log_streams';
  static readonly message = 'Log streams are managed by organization admins.';
}

export class TooManyLogStreams extends Conflict {
  readonly code = 'too_many_log_streams';
  /** @param limit per organization */
  constructor(limit: number) {
    super(`An organization has at most ${limit} log streams. Delete one first.`);
  }
}

/** The values of headers are never shown again, so they are not sent to another server either. */
export class LogStreamHeadersNeeded extends Unprocessable {
  readonly code = 'log_stream_headers_needed';
  constructor() {
    const msg =
      'The values of the headers are for the present server: give them again, or {} for none, with a url of another one';
    super('the headers of the log stream are needed', {
      problems: [{ loc: ['body', 'headers'], msg, type: 'value_error' }],
    });
  }
}
