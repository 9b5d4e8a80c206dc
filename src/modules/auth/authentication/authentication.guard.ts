import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidCredential } from '../../../common/access/access.errors.js';
import { accessRuleOf, type GuardedRule, isGuardedRule } from '../../../common/access/access.guard.js';
import { credentialOf } from './request-headers.js';
import { PrincipalLoader } from './principal-loader.js';
import { SessionCookie } from '../../sessions/index.js';

/**
 * The first global guard: sets `request.principal`, or leaves it unset without a credential, which the access guard
 * rejects. Public routes ignore credentials, so an invalid one has no effect there.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly principals: PrincipalLoader,
    private readonly cookie: SessionCookie,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = accessRuleOf(context);
    if (!rule || !isGuardedRule(rule)) return true;
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    return this.authenticate(request, reply, rule).then(() => true);
  }

  /** Checks the origin of a request with the cookie first, and clears the cookie if its session is not valid. */
  private async authenticate(request: FastifyRequest, reply: FastifyReply, rule: GuardedRule): Promise<void> {
    const credential = credentialOf(request.headers, this.cookie);
    if (!credential) return;
    if (credential.kind === 'cookie') this.cookie.assertTrustedOrigin(request);
    try {
      request.principal = await this.principals.load(credential, rule, request);
    } catch (error) {
      const isInvalidCookie = credential.kind === 'cookie' && error instanceof InvalidCredential;
      if (isInvalidCookie) void reply.header('set-cookie', this.cookie.serializeCleared);
      throw error;
    }
  }
}
