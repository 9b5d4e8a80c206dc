import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal, AuthenticatedActor } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication guard; absent without a credential. */
    principal?: Principal;
    /** The owner of the credential, set before access is checked, so that refusals can be audited. */
    actor?: AuthenticatedActor;
  }
}

export const principalOf = (context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().principal;

/**
 * The principal of the request; the access rule of the handler guarantees the narrower type that a parameter declares.
 */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context),
);
