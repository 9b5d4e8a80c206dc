import { NotFound } from '../../../common/errors/domain-error.js';

/** The metrics are on another port, or on none (docs/contract/http.md#probes-and-metrics). */
export class MetricsNotServed extends NotFound {
  readonly code = 'metrics_not_served';

  constructor() {
    super('Metrics are not served on this port: set METRICS_PORT');
  }
}
