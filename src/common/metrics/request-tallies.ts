import type { Metric, Registry } from 'prom-client';
import { getOrCreate } from '../collections.js';

export type CompletedRequest = { method: string; route: string; status: number; seconds: number };

type Labels = Readonly<Record<string, string | number>>;
type Value = { readonly labels: Labels; readonly value: number; readonly metricName?: string };

/** Requests of one route and class of status, since the start. */
type Tally = {
  readonly labels: { readonly method: string; readonly route: string };
  readonly statusClass: string;
  readonly byStatus: Map<number, number>;
  /** The number of requests in each bucket, without those in smaller ones. */
  readonly buckets: number[];
  seconds: number;
};

const REQUESTS = 'http_requests_total';
const DURATIONS = 'http_request_duration_seconds';

/**
 * Number and durations of requests. They are counted here, and given to prom-client when it is asked for them: its own
 * counting takes a tenth of the time of a small request.
 */
export class RequestTallies {
  /** By route, method and first digit of the status. */
  private readonly tallies = new Map<string, Map<string, Map<number, Tally>>>();

  /** @param bounds of the buckets, in seconds, ascending */
  constructor(
    registry: Registry,
    private readonly bounds: readonly number[],
  ) {
    register(registry, {
      name: REQUESTS,
      type: 'counter',
      help: 'Requests by route and status',
      values: () => this.all.flatMap(countsOf),
    });
    register(registry, {
      name: DURATIONS,
      type: 'histogram',
      help: 'Time from the head of a request until its response was handed to the system',
      values: () => this.all.flatMap((tally) => this.histogramOf(tally)),
    });
  }

  count({ method, route, status, seconds }: CompletedRequest): void {
    const tally = this.tallyOf(method, route, Math.floor(status / 100));
    tally.byStatus.set(status, (tally.byStatus.get(status) ?? 0) + 1);
    const bucket = this.bounds.findIndex((bound) => seconds <= bound);
    const at = bucket === -1 ? this.bounds.length : bucket;
    tally.buckets[at] = (tally.buckets[at] ?? 0) + 1;
    tally.seconds += seconds;
  }

  /** Nested maps, since their keys are constants, unlike a key that is put together. */
  private tallyOf(method: string, route: string, statusClass: number): Tally {
    const ofRoute = getOrCreate(this.tallies, route, () => new Map<string, Map<number, Tally>>());
    const ofMethod = getOrCreate(ofRoute, method, () => new Map<number, Tally>());
    return getOrCreate(ofMethod, statusClass, () => ({
      labels: { method, route },
      statusClass: `${statusClass}xx`,
      byStatus: new Map(),
      buckets: [...this.bounds, Infinity].map(() => 0),
      seconds: 0,
    }));
  }

  private get all(): Tally[] {
    return [...this.tallies.values()].flatMap((ofRoute) =>
      [...ofRoute.values()].flatMap((ofMethod) => [...ofMethod.values()]),
    );
  }

  /** The values of a histogram in the text format: cumulated buckets, sum and count. */
  private histogramOf({ labels: { method, route }, statusClass, buckets, seconds }: Tally): Value[] {
    const labels = { method, route, status_class: statusClass };
    let count = 0;
    const cumulated = buckets.map((requests, index) => ({
      metricName: `${DURATIONS}_bucket`,
      labels: { le: this.bounds[index] ?? '+Inf', ...labels },
      value: (count += requests),
    }));
    return [
      ...cumulated,
      { metricName: `${DURATIONS}_sum`, labels, value: seconds },
      { metricName: `${DURATIONS}_count`, labels, value: count },
    ];
  }
}

const countsOf = ({ labels, byStatus }: Tally): Value[] =>
  [...byStatus].map(([status, value]) => ({ labels: { ...labels, status }, value }));

/** A registry reads a metric only by `get`. */
function register(
  registry: Registry,
  { values, ...metric }: { name: string; type: string; help: string; values: () => Value[] },
): void {
  const get = () => Promise.resolve({ ...metric, values: values() });
  registry.registerMetric({ ...metric, get } as unknown as Metric);
}
