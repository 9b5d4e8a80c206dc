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
import type { Principal } from '../../../common/access/principal.js';
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

/** Metadata of a handler: its `InviteLevel`. */
const INVITE_LEVEL = 'tenantry:invite-level';

/**
 * Enforces who may invite, before the body is validated (docs/contract/invitations.md#who-may-invite): to the
 * organization only those who manage it, whatever the switch says; through a workspace also its admins. With the switch
 * off, a workspace admin passes with the rights `members-only`: `inviteProblems` refuses the rows with new people. Does
 * not rely on the access rule of the route.
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
    const rights = await this.rightsOf(level, principal, principal.orgId);
    if (!rights) throw new PermissionMissing(INVITE_PERMISSION[level]);
    context.switchToHttp().getRequest<FastifyRequest>().inviteRights = rights;
    return true;
  }

  /** Reads the switch only if the rights depend on it. */
  private async rightsOf(
    level: InviteLevel,
    principal: Principal,
    orgId: string,
  ): Promise<InviteRights | null> {
    const rights = inviteRightsAt(level, principal, false);
    if (rights === null || mayInviteNewPeople(rights)) return rights;
    return inviteRightsAt(level, principal, await this.settings.workspaceAdminsMayInvite(orgId));
  }
}

/** The route invites at this level: `InviteRightsGuard` enforces who may. */
export const RequireInviteRights = (level: InviteLevel) =>
  applyDecorators(SetMetadata(INVITE_LEVEL, level), UseGuards(InviteRightsGuard));

/** Whom the caller may invite, on a route with `@RequireInviteRights`. */
export const GrantedInviteRights = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { inviteRights } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!inviteRights) throw new Error(`${context.getHandler().name} has no @RequireInviteRights`);
  return inviteRights;
});
