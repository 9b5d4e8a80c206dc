import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseUnavailable } from '../../common/errors/outage.js';
import { AuditTrail } from './audit-trail.js';

/**
 * Records each refused or failed call of an `@Audited` handler before its answer leaves, of those too who may not act
 * where they want to. Callers without a valid credential belong to no organization and leave no row; a failed login
 * records itself.
 */
@Injectable()
export class RecordRefusedRequests implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly trail: AuditTrail,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onSend', (request, reply) => this.record(request, reply));
  }

  private async record(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { auditOperation: operation, actsInNoOrg } = request.routeOptions.config;
    const caller = request.principal ?? request.actor;
    if (!operation || !caller || reply.statusCode < 400) return;
    if (request.refusal instanceof DatabaseUnavailable) return; // nothing can be written while the database is not there
    const scope = actsInNoOrg ? { orgId: request.refusal?.affectedOrgId ?? null } : {};
    await this.trail.recordRefusal(caller, operation, reply.statusCode, scope);
  }
}
