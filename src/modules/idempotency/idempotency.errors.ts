import { Unprocessable } from '../../common/errors/domain-error.js';

const LOC = ['header', 'idempotency-key'];

/** Ignoring the header would leave a client unprotected without its knowledge. */
export class UnusableIdempotencyKey extends Unprocessable {
  constructor() {
    const msg = 'Idempotency-Key should have 1 to 255 printable ASCII characters';
    super(msg, { problems: [{ loc: LOC, msg, type: 'value_error' }] });
  }
}

/** draft-ietf-httpapi-idempotency-key-header, section 2.7: a key is valid for one request and its retries. */
export class IdempotencyKeyReused extends Unprocessable {
  constructor() {
    const msg = 'This Idempotency-Key was used for another request in the last 24 hours; use a new one';
    super(msg, { problems: [{ loc: LOC, msg, type: 'value_error' }] });
  }
}
