import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessChangeConfirmation } from '../../../database/access-change-confirmation.js';

const TAKING = new Set(['DELETE', 'PATCH', 'PUT']);
const REVOCATION = /\/revocation$/;

/**
 * Delays responses that tell a caller that access is gone until it is gone on every replica, also if another request took
 * it: a deletion that is repeated elsewhere finds nothing to delete (docs/contract/installation.md#caching).
 */
@Injectable()
export class ConfirmBeforeReply implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly confirmation: AccessChangeConfirmation,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onSend', async (request, reply) => {
      if (mayTellOfRevocation(request, reply)) await this.confirmation.runVisible();
    });
  }
}

function mayTellOfRevocation(
  { method, routeOptions: { url = '' } }: FastifyRequest,
  { statusCode }: FastifyReply,
): boolean {
  const isRevocation = TAKING.has(method) || REVOCATION.test(url);
  return isRevocation && (statusCode < 300 || statusCode === 404 || statusCode === 409);
}
