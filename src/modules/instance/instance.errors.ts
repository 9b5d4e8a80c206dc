import { Unavailable } from '../../common/errors/domain-error.js';

/** Load balancers and orchestrators stop routing requests to this replica while it fails. */
export class NotReady extends Unavailable {
  readonly code = 'not_ready';

  readonly kind = 'not ready';

  constructor(cause: unknown) {
    super('The database does not answer', { cause });
  }
}

/** The server has been told to stop. It still answers other requests, but none should be sent any more. */
export class ShuttingDown extends Unavailable {
  readonly code = 'shutting_down';

  readonly kind = null;

  constructor() {
    super('The server is shutting down');
  }
}
