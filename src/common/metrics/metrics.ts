import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DomainError, httpStatusOf } from '../errors/domain-error.js';

export type LoginMethod = 'password' | 'break-glass' | 'sso';

type CompletedRequest = { method: string; route: string; status: number; seconds: number };

/** Of a login, or of a request to another server. */
type Outcome = 'success' | 'refused' | 'limited' | 'failed';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What the parts of the server count. The label values come from fixed sets: routes, codes and kinds, never from a request.
 * docs/metrics.md describes each metric; other modules add gauges that are read when they are asked for.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly databaseGauges: {
    readonly gauges: readonly Gauge[];
    readonly read: () => Promise<void>;
  }[] = [];

  private readonly requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });
  private readonly requestDurations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request until its response was handed to the system',
    labelNames: ['method', 'route', 'status_class'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly scimRequests = new Counter({
    name: 'tenantry_scim_requests_total',
    help: 'SCIM requests by resource type and outcome',
    labelNames: ['resource', 'method', 'outcome'],
    registers: [this.registry],
  });
  private readonly logins = new Counter({
    name: 'tenantry_logins_total',
    help: 'Attempts to log in by method and outcome',
    labelNames: ['method', 'outcome'],
    registers: [this.registry],
  });
  private readonly attempts = {
    mails: this.byOutcome('tenantry_mails_total', 'Attempts to hand a mail to the mail server by outcome'),
    logStreamBatches: this.byOutcome(
      'tenantry_log_stream_batches_total',
      'Batches sent to log streams by outcome',
    ),
    webhookAttempts: this.byOutcome('tenantry_webhook_attempts_total', 'Requests to webhooks by outcome'),
  };
  private readonly refusals = new Counter({
    name: 'tenantry_rate_limit_refusals_total',
    help: 'Requests that a rate limit refused',
    labelNames: ['limit'],
    registers: [this.registry],
  });
  private readonly providerRequests = new Histogram({
    name: 'tenantry_identity_provider_request_duration_seconds',
    help: 'Requests to the identity provider by purpose and outcome',
    labelNames: ['purpose', 'outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  /** @param help by the name without `tenantry_`. All replicas read the same values. */
  addDatabaseGauges<Name extends string>(
    help: Readonly<Record<Name, string>>,
    read: () => Promise<Readonly<Record<Name, number>>>,
  ): void {
    const names = Object.keys(help) as Name[];
    const gauges = names.map(
      (name) => new Gauge({ name: `tenantry_${name}`, help: help[name], registers: [this.registry] }),
    );
    const update = async () => {
      const values = await read();
      for (const [index, name] of names.entries()) gauges[index]?.set(values[name]);
    };
    this.databaseGauges.push({ gauges, read: update });
  }

  async readDatabaseGauges(): Promise<void> {
    await Promise.all(this.databaseGauges.map(({ read }) => read()));
  }

  /** While the database does not respond. */
  forgetDatabaseGauges(): void {
    for (const { gauges } of this.databaseGauges) for (const gauge of gauges) gauge.set(NaN);
  }

  countRequest({ method, route, status, seconds }: CompletedRequest): void {
    this.requests.inc({ method, route, status });
    this.requestDurations.observe({ method, route, status_class: `${Math.floor(status / 100)}xx` }, seconds);
    const [, resource] = (route.startsWith('/scim') && SCIM.exec(route)) || [];
    if (resource !== undefined) this.scimRequests.inc({ resource, method, outcome: outcomeOfStatus(status) });
  }

  /** @param outcome of a `Delivery` or an `Attempt`, or `busy` */
  countAttempt(what: keyof typeof this.attempts, outcome: string): void {
    this.attempts[what].inc({ outcome });
  }

  /** @param limit the name of the limit, from a fixed set */
  countRateLimitRefusal(limit: string): void {
    this.refusals.inc({ limit });
  }

  /** The result of `work`, which logs a user in. */
  async countLogin<Result>(method: LoginMethod, work: () => Promise<Result>): Promise<Result> {
    const outcome = (value: Outcome) => this.logins.inc({ method, outcome: value });
    return observed(work, outcome);
  }

  /** The result of `work`, which sends a request to the identity provider. @param purpose from a fixed set */
  async timeProviderRequest<Result>(purpose: string, work: () => Promise<Result>): Promise<Result> {
    const end = this.providerRequests.startTimer({ purpose });
    return observed(work, (outcome) => end({ outcome }));
  }

  private byOutcome(name: string, help: string) {
    return new Counter({ name, help, labelNames: ['outcome'], registers: [this.registry] });
  }
}

const SCIM = /^\/scim\/v2\/(\w+)/;

function outcomeOfStatus(status: number): Outcome {
  if (status === 429) return 'limited';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'success';
}

async function observed<Result>(
  work: () => Promise<Result>,
  observe: (outcome: Outcome) => void,
): Promise<Result> {
  try {
    const result = await work();
    observe('success');
    return result;
  } catch (error) {
    observe(error instanceof DomainError ? outcomeOfStatus(httpStatusOf(error)) : 'failed');
    throw error;
  }
}
