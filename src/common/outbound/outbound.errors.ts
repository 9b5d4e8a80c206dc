import { Unavailable } from '../errors/domain-error.js';

/**
 * `busy` is the only one without an attempt. `invalid_response`: none, a malformed one, or one with too many headers, on
 * a connection that was established.
 */
export type OutboundFailure =
  | 'address_refused'
  | 'name_not_resolved'
  | 'busy'
  | 'connection_failed'
  | 'tls_failed'
  | 'timed_out'
  | 'invalid_response';

/** A request to an address of an organization brought no response. The cause is for the operator only. */
export class OutboundFailed extends Error {
  /** Of failures after the addresses were checked; as in `OutboundResponse`. */
  readonly isFromPublicAddress: boolean;

  constructor(
    readonly code: OutboundFailure,
    { isFromPublicAddress = false, ...options }: ErrorOptions & { isFromPublicAddress?: boolean } = {},
  ) {
    super(`A request to an address of an organization failed: ${code}`, options);
    this.isFromPublicAddress = isFromPublicAddress;
  }
}

/** As many requests as allowed are being sent to receivers. */
export class NoConnectionForTest extends Unavailable {
  static readonly message = 'Too many requests are being sent to this receiver at the moment; try again.';
  readonly kind = null;
  override readonly retryAfterSeconds = 5;
}
