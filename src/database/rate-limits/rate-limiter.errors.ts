import { LimitReached } from '../../common/errors/domain-error.js';

/** A limit per minute, or another window, is reached; `retryAfterSeconds` is the rest of the window. */
export class TooManyRequests extends LimitReached {
  /** `isFirst`: this is the first refusal in the window. */
  constructor(
    readonly retryAfterSeconds: number,
    readonly isFirst = false,
  ) {
    super(`Too many requests; try again in ${retryAfterSeconds} seconds.`);
  }
}
