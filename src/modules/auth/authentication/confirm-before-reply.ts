import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { delayResponses } from '../../../common/http/delay-responses.js';
import {
  AccessChangeConfirmation,
  type CollectedChanges,
} from '../../../database/access-change-confirmation.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const TAKING = new Set(['DELETE', 'PATCH', 'PUT']);
/** By POST, and the front-channel logout by GET. */
const TAKING_ROUTES = /(?:\/revocation|\/Bulk|logout)$/;

/**
 * Sends a response when the access changes of its request hold on every replica, once for all of them. A response that
 * tells a caller that access is gone waits for the changes of other requests too: a deletion that is repeated elsewhere
 * finds nothing to delete (docs/contract/installation.md#caching).
 */
@Injectable()
export class ConfirmBeforeReply implements OnModuleInit {
  private readonly changes = new WeakMap<FastifyRequest, CollectedChanges>();

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly confirmation: AccessChangeConfirmation,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('preHandler', (request, _reply, done) => this.collect(request, done));
    delayResponses(
      fastify,
      (request, reply) => this.acknowledgesChange(request, reply),
      () => this.confirmation.runNow(),
    );
  }

  private collect(request: FastifyRequest, done: () => void): void {
    if (SAFE.has(request.method)) return done();
    const changes = { any: false };
    this.changes.set(request, changes);
    this.confirmation.collect(changes, done);
  }

  private acknowledgesChange(request: FastifyRequest, reply: FastifyReply): boolean {
    return (this.changes.get(request)?.any ?? false) || mayTellOfRevocation(request, reply);
  }
}

function mayTellOfRevocation({ method, route }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  const takes = TAKING.has(method) || TAKING_ROUTES.test(route);
  return takes && (statusCode < 300 || statusCode === 404 || statusCode === 409);
}
