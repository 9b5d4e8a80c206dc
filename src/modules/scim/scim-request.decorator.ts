import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ScimPrincipal } from '../../common/access/principal.js';
import { SCIM_ROOT } from './scim-root.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where SCIM is, as the client sees it. Set by the guard of SCIM. */
    scimBase?: string;
  }
}

/** Who calls, and what a request says beside its path and its body. */
export type ScimRequest = {
  readonly principal: ScimPrincipal;
  /** The beginning of every `location`. */
  readonly base: string;
  readonly query: Record<string, unknown>;
  /** The version that the client knows, if it says so. */
  readonly ifMatch: string | null;
};

export const CurrentScimRequest = createParamDecorator(
  (_: unknown, context: ExecutionContext): ScimRequest => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return {
      principal: request.principal as ScimPrincipal, // the guard has set both
      base: request.scimBase!,
      query: request.query as Record<string, unknown>,
      ifMatch: request.headers['if-match'] ?? null,
    };
  },
);

/** Behind a proxy only the configured address is right; without one it is the address that was asked. */
export const scimBaseOf = (publicUrl: string | null, { protocol, host }: FastifyRequest): string =>
  `${publicUrl ?? `${protocol}://${host}`}/${SCIM_ROOT}`;
