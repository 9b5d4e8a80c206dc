import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Observable } from 'rxjs';
import {
  ACCESS_RULE,
  type AccessRule,
  needsWorkspace,
  principalOf,
} from '../../../common/access/access.guard.js';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';

/** Counts batches before the body is read (docs/contract/invitations.md#batch-rate). */
@Injectable()
export class InviteBatchLimitInterceptor implements NestInterceptor {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly config: Config,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const principal = principalOf(context);
    const rule = this.reflector.get<AccessRule>(ACCESS_RULE, context.getHandler());
    const subject = (needsWorkspace(rule) ? principal?.workspaceId : principal?.orgId) ?? '';
    await this.limiter.hit('invite-batch', subject, this.config.rateLimits.inviteBatchesPerMinute);
    return next.handle();
  }
}
