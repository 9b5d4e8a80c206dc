import type { FastifyReply, FastifyRequest } from 'fastify';

/** Answers hold people's data and sometimes a secret: nobody keeps a copy, nobody guesses a type. */
export function sendSecurityHeaders(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  done();
}
