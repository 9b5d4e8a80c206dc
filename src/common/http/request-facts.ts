import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { bareAddress } from './ip-address.js';

/** What the audit log keeps of a request: where it came from and what it asked; never a header or a body. */
export type RequestFacts = {
  readonly method: string;
  readonly path: string;
  /** The peer, or whom a trusted proxy speaks for; then the port is not known. */
  readonly clientHost: string | null;
  readonly clientPort: number | null;
  readonly forwardedFor: string | null;
};

const LONGEST_HEADER = 500; // of an X-Forwarded-For we keep; the sender chooses its length

export function requestFacts(request: FastifyRequest): RequestFacts {
  const forwarded = request.headers['x-forwarded-for'];
  const { remoteAddress: peer, remotePort } = request.socket;
  const spokenFor = request.ip === peer ? null : bareAddress(request.ip); // Fastify asks `trustIn`
  return {
    method: request.method,
    path: request.url.split('?', 1)[0]!,
    clientHost: spokenFor ?? bareAddress(peer ?? ''),
    clientPort: spokenFor === null ? (remotePort ?? null) : null,
    forwardedFor: forwarded ? String(forwarded).slice(0, LONGEST_HEADER) : null,
  };
}

/** For public handlers; everybody else finds the facts on the principal. */
export const Facts = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestFacts(context.switchToHttp().getRequest()),
);
