import { Unavailable } from '../../common/errors/domain-error.js';

/** As many large lists as allowed are being sent (docs/contract/http.md#lists). */
export class TooManyLargeLists extends Unavailable {
  readonly code = 'too_many_large_lists';
  static readonly message = 'Several large lists are being sent at the moment; try again.';
  readonly kind = null;
  override readonly retryAfterSeconds = 5;
}
