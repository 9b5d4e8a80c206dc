import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { normalizeAddress } from './network-addresses.js';

/** What is stored of a request: never its body, and of its headers only these two. */
export type RequestMetadata = {
  /** 32 hexadecimal digits, as in the log and in `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** The peer, or the client that a trusted proxy names; the port is unknown in the second case. */
  readonly clientHost: string | null;
  readonly clientPort: number | null;
  readonly forwardedFor: string | null;
  /** Stored with the session that the request opens, and not in the audit log. */
  readonly userAgent: string | null;
  /** The status that the response currently has: in a handler, that of its success. */
  readonly responseStatus: () => number;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when the request arrives (`src/app.setup.ts`). */
    reply: FastifyReply;
  }
}

const MAX_HEADER_LENGTH = 500;

export function requestMetadata(request: FastifyRequest): RequestMetadata {
  const [path = ''] = request.url.split('?', 1);
  const forwarded = request.headers['x-forwarded-for'];
  const { remoteAddress: peer, remotePort } = request.socket;
  const forwardedClient = request.ip === peer ? null : normalizeAddress(request.ip); // Fastify applies `trustProxies`
  return {
    id: request.id,
    method: request.method,
    path,
    clientHost: forwardedClient ?? normalizeAddress(peer ?? ''),
    clientPort: forwardedClient === null ? (remotePort ?? null) : null,
    forwardedFor: forwarded ? String(forwarded).slice(0, MAX_HEADER_LENGTH) : null,
    userAgent: request.headers['user-agent']?.slice(0, MAX_HEADER_LENGTH) ?? null,
    responseStatus: () => request.reply.statusCode,
  };
}

/** For public handlers; all others have the metadata in the principal. */
export const CurrentRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestMetadata(context.switchToHttp().getRequest()),
);

/** Aborted when the client closes the connection before it has the response, for handlers that wait. */
export const ClientLeft = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const { raw } = context.switchToHttp().getResponse<FastifyReply>();
  const left = new AbortController();
  raw.once('close', () => left.abort());
  return left.signal;
});
