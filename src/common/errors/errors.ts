import { UnsupportedMediaTypeException } from '@nestjs/common';
import { type Problem, Unavailable, Unprocessable } from './domain-error.js';

/** The request is malformed; `problems` lists every violation. */
export class ValidationFailed extends Unprocessable {
  constructor(problems: readonly Problem[]) {
    super('the request is not valid', { problems });
  }
}

/** The response says which content coding is read (RFC 9110, section 15.5.16). */
export class UnsupportedContentCoding extends UnsupportedMediaTypeException {
  readonly headers = { 'accept-encoding': 'identity' };

  constructor() {
    super('The body cannot be compressed: send it without `Content-Encoding`.');
  }
}

/** PostgreSQL, or the network to it, fails at the moment; the same request may succeed when it is retried. */
export class DatabaseUnavailable extends Unavailable {
  constructor(
    readonly kind: string,
    options: { cause?: unknown } = {},
  ) {
    super('The database does not answer at the moment; try again.', options);
  }
}
