import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseUnavailable } from '../../common/errors/errors.js';
import { delayResponses, isRefused } from '../../common/http/response-hooks.js';
import { AuditTrail } from './entries/audit-trail.js';

/**
 * Records each refused or failed request of a handler with an audit operation before its response is sent, also for callers
 * without access to the requested organization. Callers without a valid credential leave no entry; a failed login is
 * recorded by the login itself.
 */
@Injectable()
export class RecordRefusedRequests implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly trail: AuditTrail,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    delayResponses(fastify, isRefused, (request, reply) => this.record(request, reply));
  }

  private async record(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { auditOperation: operation, actsInNoOrg } = request.routeOptions.config;
    const caller = request.principal ?? request.actor;
    if (!operation || !caller) return;
    if (request.refusal instanceof DatabaseUnavailable) return; // nothing can be written without the database
    const org = actsInNoOrg ? { orgId: request.refusal?.affectedOrgId ?? null } : {};
    const scope = { ...org, details: request.refusalDetails ?? {} };
    await this.trail.recordRefusal(caller, operation, reply.statusCode, scope);
  }
}
