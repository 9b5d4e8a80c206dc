import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { required } from '../../../common/required.js';

/** At the root of the host, never below `/api` (docs/contract/scim.md#protocol). */
export const SCIM_ROOT = 'scim/v2';

export const SCIM_JSON = 'application/scim+json; charset=utf-8';

declare module 'fastify' {
  interface FastifyRequest {
    /** Base URL of SCIM as the client sees it. Set by `ScimGuard`. */
    scimBase?: string;
  }
}

/** The principal and what the request carries beside its path and body. */
export type ScimRequest = {
  readonly principal: ScimPrincipal;
  /** Prefix of every `location`. */
  readonly base: string;
  readonly query: Record<string, unknown>;
  /** Value of `If-Match`, null if absent. */
  readonly ifMatch: string | null;
};

export const CurrentScimRequest = createParamDecorator(
  (_: unknown, context: ExecutionContext): ScimRequest => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return {
      principal: request.principal as ScimPrincipal, // both are set by the guard
      base: required(request.scimBase, 'scimBase'),
      query: request.query as Record<string, unknown>,
      ifMatch: request.headers['if-match'] ?? null,
    };
  },
);

/** Behind a proxy only the configured URL is right; without it, the URL of the request is used. */
export const scimBaseOf = (publicUrl: string | null, { protocol, host }: FastifyRequest): string =>
  `${publicUrl ?? `${protocol}://${host}`}/${SCIM_ROOT}`;
