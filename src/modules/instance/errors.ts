import { NotFound, Unavailable } from '../../common/errors/domain-error.js';

/** Load balancers and orchestrators stop routing requests to this replica while it fails. */
export class NotReady extends Unavailable {
  readonly kind = 'not ready';

  constructor(cause: unknown) {
    super('The database does not answer', { cause });
  }
}

/** The server has been told to stop. It still serves other requests, but should get no new ones. */
export class ShuttingDown extends Unavailable {
  static readonly message = 'The server is shutting down';

  readonly kind = null;
}

/** A new installation could never get an admin, and no user could log in while the provider is down. */
export class FirstAdminUnknown extends Error {
  constructor() {
    super(
      'INITIAL_ORG_ADMIN_EMAIL is needed for single sign-on while the database has no organization: ' +
        'the user who signs in with this address is the first admin',
    );
    this.name = 'FirstAdminUnknown';
  }
}

/** An item of the bootstrap cannot be applied; nothing of the bootstrap is stored. */
export class BootstrapItemFailed extends Error {
  constructor({ kind, name }: { kind: string; name: string }, cause: unknown) {
    super(`The bootstrap item ${kind} "${name}" cannot be applied: ${(cause as Error).message}`, { cause });
    this.name = 'BootstrapItemFailed';
  }
}

export class WorkspaceOfItemMissing extends Error {
  constructor(name: string) {
    super(`the organization has no workspace named "${name}"`);
  }
}

/** The metrics are on another port, or on none (docs/contract/http.md#probes-and-metrics). */
export class MetricsNotServed extends NotFound {
  static readonly message = 'Metrics are not served on this port: set METRICS_PORT';
}
