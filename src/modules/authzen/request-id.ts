import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidRequestId } from './errors.js';

const VISIBLE_ASCII = /^[!-~]{1,128}$/;

/**
 * A hook for each request. On the paths of AuthZEN `X-Request-ID` is the caller's (section 10.1.9 of the Authorization API
 * 1.0), and the id of this server is in `X-Trace-Id`.
 *
 * @throws InvalidRequestId
 */
export function echoRequestId({ url, id, headers }: FastifyRequest, reply: FastifyReply): void {
  if (!url.startsWith('/access/v1/')) return;
  void reply.header('x-trace-id', id);
  const given = headers['x-request-id'];
  if (given === undefined) return;
  if (typeof given !== 'string' || !VISIBLE_ASCII.test(given)) throw new InvalidRequestId();
  void reply.header('x-request-id', given);
}
