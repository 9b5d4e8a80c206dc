import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { normalizeAddress } from './ip-address.js';

/** What the audit log keeps of a request: where it came from and what it asked; never a header or a body. */
export type RequestMetadata = {
  readonly method: string;
  readonly path: string;
  /** The peer, or whom a trusted proxy speaks for; then the port is not known. */
  readonly clientHost: string | null;
  readonly clientPort: number | null;
  readonly forwardedFor: string | null;
};

const MAX_HEADER_LENGTH = 500; // of an X-Forwarded-For we keep; the sender chooses its length

export function requestMetadata(request: FastifyRequest): RequestMetadata {
  const forwarded = request.headers['x-forwarded-for'];
  const { remoteAddress: peer, remotePort } = request.socket;
  const forwardedClient = request.ip === peer ? null : normalizeAddress(request.ip); // Fastify asks `trustProxies`
  return {
    method: request.method,
    path: request.url.split('?', 1)[0]!,
    clientHost: forwardedClient ?? normalizeAddress(peer ?? ''),
    clientPort: forwardedClient === null ? (remotePort ?? null) : null,
    forwardedFor: forwarded ? String(forwarded).slice(0, MAX_HEADER_LENGTH) : null,
  };
}

/** For public handlers; everybody else finds the facts on the principal. */
export const CurrentRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestMetadata(context.switchToHttp().getRequest()),
);
