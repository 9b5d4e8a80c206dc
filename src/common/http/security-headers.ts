import type { FastifyReply } from 'fastify';

/**
 * Responses hold personal data and sometimes secrets: they must not be cached, their type must not be guessed, and no other
 * page may frame them.
 */
export function sendSecurityHeaders(reply: FastifyReply): void {
  void reply
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('x-frame-options', 'DENY');
}
