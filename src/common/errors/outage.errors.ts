import { Unavailable } from './domain-error.js';

/** PostgreSQL, or the network to it, fails at the moment; the same request may succeed when it is retried. */
export class DatabaseUnavailable extends Unavailable {
  readonly code = 'database_unavailable';

  constructor(
    readonly kind: string,
    options: { cause?: unknown } = {},
  ) {
    super('The database does not answer at the moment; try again.', options);
  }
}
