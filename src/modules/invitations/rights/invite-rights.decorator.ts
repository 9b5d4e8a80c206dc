import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { INVITE_LEVEL, InviteRightsGuard } from './invite-rights.guard.js';
import type { InviteLevel } from './invite-rights.js';

/** The route invites at this level: `InviteRightsGuard` enforces who may. */
export const RequireInviteRights = (level: InviteLevel) =>
  applyDecorators(SetMetadata(INVITE_LEVEL, level), UseGuards(InviteRightsGuard));

/** Whom the caller may invite, on a route with `@RequireInviteRights`. */
export const GrantedInviteRights = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { inviteRights } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!inviteRights) throw new Error(`${context.getHandler().name} has no @RequireInviteRights`);
  return inviteRights;
});
