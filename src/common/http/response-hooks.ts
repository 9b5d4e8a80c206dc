import { callbackify } from 'node:util';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isFromTrustedOrigin } from './cookies.js';

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

type Server = Parameters<typeof isFromTrustedOrigin>[0];

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const EXPOSED_HEADERS = [
  'X-Pagination-Total',
  'X-Members-List-All-Workspaces',
  'Retry-After',
  'Idempotency-Replayed',
  'Warning',
  'WWW-Authenticate',
  'X-Error-Code',
  'X-Request-Id',
  'X-Trace-Id',
].join(', ');

/**
 * Sends the headers of the CORS protocol, which every response has (https://fetch.spec.whatwg.org/#http-cors-protocol). By
 * default, every origin may read with an API key; only trusted origins may send the session cookie
 * (docs/contract/http.md#cors-and-cookies).
 */
export function allowOrigin(server: Server, request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  const mayUseCookie = origin !== undefined && isFromTrustedOrigin(server, request.headers);
  void reply.header('vary', 'Origin').header('access-control-expose-headers', EXPOSED_HEADERS);
  if (mayUseCookie)
    void reply
      .header('access-control-allow-origin', origin)
      .header('access-control-allow-credentials', 'true');
  else if (server.corsAllowedOrigins === '*' && !server.corsAllowedOriginsRegex)
    void reply.header('access-control-allow-origin', '*');
}

/** Allows all headers that the page asks for; also responds to OPTIONS requests that are no preflight. */
export function replyToPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
  const wanted = headers['access-control-request-headers'];
  void reply
    .code(204)
    .header('vary', 'Origin, Access-Control-Request-Headers')
    .header('access-control-allow-methods', METHODS);
  if (wanted !== undefined) void reply.header('access-control-allow-headers', wanted);
  void reply.header('content-length', '0').send();
}

/** For `delayResponses`: requests that were refused, or failed. */
export const isRefused = (_request: FastifyRequest, { statusCode }: FastifyReply): boolean =>
  statusCode >= 400;

/** An `onSend` hook that waits for `work` before these responses; all others are sent at once, without a promise. */
export function delayResponses(
  fastify: FastifyInstance,
  appliesTo: (request: FastifyRequest, reply: FastifyReply) => boolean,
  work: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): void {
  const run = callbackify(work);
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!appliesTo(request, reply)) done(null, payload);
    else run(request, reply, (error: Error | null) => (error ? done(error) : done(null, payload)));
  });
}
