import { Injectable } from '@nestjs/common';

/** A load balancer that asks less often than this would not notice a drain in time anyway. */
const WATCHED_MS = 60_000;

/**
 * The time between the signal to stop and the end of accepting connections: readiness fails, so that load balancers send
 * no more requests, and the ones that still arrive are served normally.
 */
@Injectable()
export class Drain {
  hasBegun = false;
  private readinessAskedAt = -Infinity;

  /** Whether anything asked for readiness within the last minute, and so may be sending requests. */
  get isReadinessWatched(): boolean {
    return performance.now() - this.readinessAskedAt < WATCHED_MS;
  }

  begin(): void {
    this.hasBegun = true;
  }

  recordReadinessRequest(): void {
    this.readinessAskedAt = performance.now();
  }
}
