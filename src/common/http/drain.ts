import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A load balancer that asks less often than this would not notice a drain in time anyway. */
const WATCHED_MS = 60_000;

/**
 * The time between the signal to stop and the end of accepting connections: readiness fails, so that load balancers send
 * no more requests, and the ones that still arrive are served normally.
 */
@Injectable()
export class Drain {
  private isDraining = false;
  private readinessAskedAt = -Infinity;

  get hasBegun(): boolean {
    return this.isDraining;
  }

  /** Whether anything asked for readiness within the last minute, and so may be sending requests. */
  get isReadinessWatched(): boolean {
    return performance.now() - this.readinessAskedAt < WATCHED_MS;
  }

  begin(): void {
    this.isDraining = true;
  }

  recordReadinessRequest(): void {
    this.readinessAskedAt = performance.now();
  }

  /** Clients and proxies do not reuse a connection that the server is about to close (RFC 9112, section 9.6). */
  readonly closeConnection = (_request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (this.isDraining) void reply.header('connection', 'close');
    done();
  };
}
