import type { FastifyReply, FastifyRequest } from 'fastify';

const PRINTABLE = /^[ -~]{1,1024}$/;

/**
 * A hook for each request. On the paths of AuthZEN `X-Request-ID` is the caller's (section 10.1.9 of the Authorization API
 * 1.0) if it can be sent back, and the id of this server is in `X-Trace-Id`.
 */
export function echoRequestId({ url, id, headers }: FastifyRequest, reply: FastifyReply): void {
  if (!url.startsWith('/access/v1/')) return;
  void reply.header('x-trace-id', id);
  const given = headers['x-request-id'];
  if (typeof given === 'string' && PRINTABLE.test(given)) void reply.header('x-request-id', given);
}
