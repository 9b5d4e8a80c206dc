import { Unavailable } from '../../common/errors/domain-error.js';

/** For load balancers and orchestrators, who send nobody here meanwhile. */
export class NotReady extends Unavailable {
  readonly code = 'not_ready';

  readonly kind = 'not ready';

  constructor(cause: unknown) {
    super('The database does not answer', { cause });
  }
}
