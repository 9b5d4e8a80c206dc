import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal, AuthenticatedActor } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication guard; absent for callers without a credential. */
    principal?: Principal;
    /** Whose credential it is, before it is known whether he may act where he wants to: for the record of refusals. */
    actor?: AuthenticatedActor;
  }
}

export const principalOf = (context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().principal;

/** The caller; the handler's access rule guarantees the narrower type it asks for. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context),
);
