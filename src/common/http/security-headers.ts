import type { FastifyReply } from 'fastify';

/** For this host only, and not for the lists that browsers bring (RFC 6797, section 6.1). */
const HTTPS_FOR_A_YEAR = 'max-age=31536000';

/**
 * Responses hold personal data and sometimes secrets: they must not be cached, their type must not be guessed, and no other
 * page may frame them.
 *
 * @param publicUrl with https: browsers then use nothing else
 */
export function sendSecurityHeaders(reply: FastifyReply, publicUrl: string | null): void {
  if (publicUrl?.startsWith('https:')) void reply.header('strict-transport-security', HTTPS_FOR_A_YEAR);
  void reply
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('x-frame-options', 'DENY');
}
