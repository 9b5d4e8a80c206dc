import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODE_HEADER } from '../errors/error-format.js';
import {
  type ActiveSpan,
  parseTraceparent,
  runInTrace,
  startTraceOf,
  type TraceContext,
} from '../tracing/trace-context.js';
import { outputOf, type ServerLog } from './server-log.js';

/** Asked every few seconds: their successes are logged at `debug`, and they are not traced. */
const PROBES = new Set([
  '/livez',
  '/health',
  '/healthz',
  '/startupz',
  '/readyz',
  '/ok',
  '/api/v1/ok',
  '/metrics',
]);

const isProbe = (route: string): boolean => PROBES.has(route);

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `startTrace`; its id is the id of the request. */
    trace: TraceContext;
    /** Set by `startTrace`; null if the request is not traced. */
    span: ActiveSpan | null;
    /** Set by `startTrace`: the pattern of the route, or 'unknown'. Fastify builds `routeOptions` at each access. */
    route: string;
  }
}

/** Call it first for each request. */
export function startTrace(request: FastifyRequest, reply: FastifyReply): void {
  request.route = request.routeOptions.url ?? 'unknown';
  const { traceparent } = request.headers;
  const caller = parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined);
  const span = startSpanOf(request, caller);
  request.span = span;
  request.trace = { traceId: request.id, callerTraceId: caller?.traceId ?? null, span };
  void reply.header('x-request-id', request.id);
}

/** A `preValidation` hook of Fastify: the body was read in the context of the connection, not of the request. */
export const enterTrace = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void =>
  runInTrace(request.trace, done);

/** Call it when the response was sent. */
export function endTrace({ span }: FastifyRequest, { statusCode }: FastifyReply): void {
  span?.end({
    attributes: { 'http.response.status_code': statusCode },
    ...(statusCode >= 500 ? { failure: String(statusCode) } : {}),
  });
}

function startSpanOf(
  request: FastifyRequest,
  caller: ReturnType<typeof parseTraceparent>,
): ActiveSpan | null {
  const { id, method, route } = request;
  if (isProbe(route)) return null;
  const attributes = { 'http.request.method': method, 'http.route': route };
  return startTraceOf(id, { name: `${method} ${route}`, kind: 'server', attributes }, caller);
}

export const REQUEST_COMPLETED = 'request completed';

/**
 * Logs one line per request, when the response was sent. It names the route's pattern and ids, and nothing that the
 * caller sent except the trace id of a `traceparent`. The line is composed here, which takes a fifth of the time of
 * pino.
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
