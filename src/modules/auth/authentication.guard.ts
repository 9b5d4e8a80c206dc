import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS_RULE, type AccessRule } from '../../common/access/access-rule.js';
import { credentialOf } from './credential.js';
import { PrincipalLoader } from './principal-loader.js';

/**
 * Who is calling? The first global guard: it sets `request.principal`, or leaves it empty when there is no
 * credential; the access guard answers that. Public routes look at no credential, so a bad one harms nobody there.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly principals: PrincipalLoader,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!rule || rule.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const credential = credentialOf(request.headers);
    if (credential) request.principal = await this.principals.load(credential, rule, request);
    return true;
  }
}
