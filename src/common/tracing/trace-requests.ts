import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ActiveSpan, startTraceOf } from './spans.js';
import { newTraceId, parseTraceparent, runInTrace, type TraceContext } from './trace-context.js';

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

export const isProbe = (route: string): boolean => PROBES.has(route);

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

/** A `genReqId` of Fastify: always a new id, since callers decide what they send. */
export const newRequestId = (): string => newTraceId();

const REQUEST_ID_HEADER = 'x-request-id';

/** Call it first for each request. */
export function startTrace(request: FastifyRequest, reply: FastifyReply): void {
  request.route = request.routeOptions.url ?? 'unknown';
  const { traceparent } = request.headers;
  const caller = parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined);
  const span = startSpanOf(request, caller);
  request.span = span;
  request.trace = { traceId: request.id, callerTraceId: caller?.traceId ?? null, span };
  void reply.header(REQUEST_ID_HEADER, request.id);
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
