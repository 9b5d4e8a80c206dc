import { Unavailable } from '../../common/errors/domain-error.js';

/** Load balancers and orchestrators stop routing requests to this replica while it fails. */
export class NotReady extends Unavailable {
  readonly code = 'not_ready';

  readonly kind = 'not ready';

  constructor(cause: unknown) {
    super('The database does not answer', { cause });
  }
}
