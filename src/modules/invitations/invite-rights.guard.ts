import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { principalOf } from '../../common/access/current-principal.decorator.js';
import { InviteSettings } from '../settings/index.js';
import { type InviteRights, inviteRights } from './invite-rights.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of the invitation routes. */
    inviteRights?: InviteRights;
  }
}

/**
 * Organization admin or workspace admin: whom may this caller bring in, as the feature flag stands? Decided before a
 * batch is read; the rows are then held against it. Somebody who may bring in nobody new may still add members of the
 * organization to his workspace, so nobody is sent away here.
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
