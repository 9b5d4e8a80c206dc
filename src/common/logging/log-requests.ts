import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODE_HEADER } from '../errors/error-format.js';
import { isProbe } from '../http/probes.js';
import type { ServerLog } from './server-log.js';

export const REQUEST_COMPLETED = 'request completed';

/**
 * An `onResponse` hook of Fastify: one line per request. It names the route's pattern and ids; never the path, the query,
 * an address or anything that the caller sent, except for the trace id of a `traceparent`.
 */
export const logRequests =
  (log: ServerLog) =>
  (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const route = request.routeOptions.url ?? 'unknown';
    const level = isProbe(route) && reply.statusCode < 400 ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) log[level](fieldsOf(request, reply, route), REQUEST_COMPLETED);
    done();
  };

function fieldsOf(request: FastifyRequest, reply: FastifyReply, route: string): object {
  const caller = request.principal ?? request.actor;
  const { traceId, callerTraceId } = request.trace;
  return {
    trace_id: traceId,
    ...(callerTraceId === null ? {} : { caller_trace_id: callerTraceId }),
    method: request.method,
    route,
    status: reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime * 100) / 100,
    caller: caller?.credential.kind ?? 'anonymous',
    ...(caller?.orgId ? { organization_id: caller.orgId } : {}),
    ...(reply.statusCode < 400 ? {} : { error_code: reply.getHeader(ERROR_CODE_HEADER) }),
  };
}
