import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { principalOf } from '../../../common/access/current-principal.decorator.js';
import { InviteSettings } from '../../settings/index.js';
import { type InviteRights, inviteRights } from './invite-rights.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `InviteRightsGuard`. */
    inviteRights?: InviteRights;
  }
}

/**
 * Determines the caller's invite rights before a batch is read; the rows are checked against them later. Callers who
 * may not invite new users pass, since they may still add members to their workspace.
 */
@Injectable()
export class InviteRightsGuard implements CanActivate {
  constructor(private readonly settings: InviteSettings) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const principal = principalOf(context);
    if (!principal?.orgId) return false;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.inviteRights = inviteRights(
      principal,
      await this.settings.workspaceAdminsMayInvite(principal.orgId),
    );
    return true;
  }
}

export const GrantedInviteRights = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().inviteRights,
);
