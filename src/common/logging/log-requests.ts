import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODE_HEADER } from '../errors/error-format.js';
import { isProbe } from '../tracing/trace-requests.js';
import { outputOf, type ServerLog } from './server-log.js';

export const REQUEST_COMPLETED = 'request completed';

/**
 * Logs one line per request, when the response was sent. It names the route's pattern and ids; never the path, the query,
 * an address or anything that the caller sent, except for the trace id of a `traceparent`. The line is put together here,
 * which takes a fifth of the time of pino.
 */
export const logRequests = (log: ServerLog) => {
  const output = outputOf(log);
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const level = isProbe(request.route) && reply.statusCode < 400 ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) output.append(lineOf(level, request, reply));
  };
};

/** In the format of the log. All values but the route and the code are free of characters that JSON escapes. */
function lineOf(level: string, request: FastifyRequest, reply: FastifyReply): string {
  const caller = request.principal ?? request.actor;
  const { traceId, callerTraceId } = request.trace;
  const duration = Math.round(reply.elapsedTime * 100) / 100;
  return (
    `{"level":"${level}","time":"${new Date().toISOString()}","trace_id":"${traceId}"` +
    (callerTraceId === null ? '' : `,"caller_trace_id":"${callerTraceId}"`) +
    `,"method":"${request.method}","route":${JSON.stringify(request.route)}` +
    `,"status":${reply.statusCode},"duration_ms":${duration}` +
    `,"caller":"${caller?.credential.kind ?? 'anonymous'}"` +
    (caller?.orgId ? `,"organization_id":"${caller.orgId}"` : '') +
    (reply.statusCode < 400 ? '' : `,"error_code":${JSON.stringify(reply.getHeader(ERROR_CODE_HEADER))}`) +
    `,"msg":"${REQUEST_COMPLETED}"}\n`
  );
}
