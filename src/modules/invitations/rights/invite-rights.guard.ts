import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import {
  InvalidCredential,
  NoOrganization,
  PermissionMissing,
} from '../../../common/access/access.errors.js';
import { principalOf } from '../../../common/access/access.guard.js';
import { InviteSettings } from '../../settings/index.js';
import {
  INVITE_PERMISSION,
  type InviteLevel,
  type InviteRights,
  inviteRightsAt,
  mayInviteNewPeople,
} from './invite-rights.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `InviteRightsGuard`; `@GrantedInviteRights` reads it. */
    inviteRights?: InviteRights;
  }
}

const INVITE_LEVEL = 'tenantry:invite-level';

/**
 * Enforces who may invite, before the body is validated (docs/contract/invitations.md#who-may-invite). With the switch
 * off, a workspace admin passes with the rights `members-only`: `inviteProblems` refuses the rows with new people.
 */
@Injectable()
export class InviteRightsGuard implements CanActivate {
  constructor(
    private readonly settings: InviteSettings,
    private readonly reflector: Reflector,
  ) {}

  /** @throws PermissionMissing if the caller may not use the route at all */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const level = this.reflector.get<InviteLevel | undefined>(INVITE_LEVEL, context.getHandler());
    if (!level) throw new Error(`${context.getHandler().name} declares no invite level`);
    const principal = principalOf(context);
    if (!principal) throw new InvalidCredential();
    if (!principal.orgId) throw new NoOrganization();
    let rights = inviteRightsAt(level, principal, false);
    if (rights && !mayInviteNewPeople(rights)) {
      const mayInvite = await this.settings.workspaceAdminsMayInvite(principal.orgId);
      rights = inviteRightsAt(level, principal, mayInvite);
    }
    if (!rights) throw new PermissionMissing(INVITE_PERMISSION[level]);
    context.switchToHttp().getRequest<FastifyRequest>().inviteRights = rights;
    return true;
  }
}

export const RequireInviteRights = (level: InviteLevel) =>
  applyDecorators(SetMetadata(INVITE_LEVEL, level), UseGuards(InviteRightsGuard));

export const GrantedInviteRights = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { inviteRights } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!inviteRights) throw new Error(`${context.getHandler().name} has no @RequireInviteRights`);
  return inviteRights;
});
