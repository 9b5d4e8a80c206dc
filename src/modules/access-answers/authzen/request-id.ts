import type { FastifyReply, FastifyRequest } from 'fastify';

export const AUTHZEN_PATH = '/access/v1/';

const PRINTABLE = /^[ -~]{1,1024}$/;

/**
 * For requests below `AUTHZEN_PATH`: `X-Request-ID` is the caller's (section 10.1.9 of the Authorization API
 * 1.0) if it can be sent back, and the id of this server is in `X-Trace-Id`.
 */
export function echoRequestId({ id, headers }: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-trace-id', id);
  const given = headers['x-request-id'];
  if (typeof given === 'string' && PRINTABLE.test(given)) void reply.header('x-request-id', given);
}
