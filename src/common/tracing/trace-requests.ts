import type { FastifyReply, FastifyRequest } from 'fastify';
import { newTraceId, parseTraceparent, runInTrace, type TraceContext } from './trace-context.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `startTrace`; its id is the id of the request. */
    trace: TraceContext;
  }
}

/** A `genReqId` of Fastify: always a new id, since callers decide what they send. */
export const newRequestId = (): string => newTraceId();

const REQUEST_ID_HEADER = 'x-request-id';

/** An `onRequest` hook of Fastify. */
export function startTrace(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const callerTraceId = parseTraceparent(headerOf(request, 'traceparent'))?.traceId ?? null;
  request.trace = { traceId: request.id, callerTraceId };
  void reply.header(REQUEST_ID_HEADER, request.id);
  done();
}

/** A `preValidation` hook of Fastify: the body was read in the context of the connection, not of the request. */
export const enterTrace = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void =>
  runInTrace(request.trace, done);

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
