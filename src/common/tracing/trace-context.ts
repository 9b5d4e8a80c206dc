import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** A span as others refer to it (W3C Trace Context). `isSampled`: whether it is exported. */
export type SpanReference = {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
};

/** Of a request, or of a job that runs for one. */
export type TraceContext = {
  /** The trace id of W3C Trace Context: 32 hexadecimal digits. It is also the request id. */
  readonly traceId: string;
  /** The trace that the caller named. It is a link only: callers may send the same one with every request. */
  readonly callerTraceId: string | null;
  /** The span in which the work runs; null if traces are not exported. */
  readonly span: SpanReference | null;
};

const contexts = new AsyncLocalStorage<TraceContext>();

/** Undefined outside of requests. */
export const currentTrace = (): TraceContext | undefined => contexts.getStore();

export const runInTrace = <Result>(trace: TraceContext, work: () => Result): Result =>
  contexts.run(trace, work);

/** For work that belongs to no request, but that a timer or a connection of a request starts. */
export const runOutsideTraces = <Result>(work: () => Result): Result => contexts.exit(work);

export const newTraceId = (): string => randomUUID().replaceAll('-', '');
const newSpanId = (): string => newTraceId().slice(16);

const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]([0-9a-f])(?:-|$)/;

/** Null if the header is missing or invalid (W3C Trace Context, section 3.2.2). */
export function parseTraceparent(header: string | undefined): SpanReference | null {
  const [, traceId, spanId, flags] = (header !== undefined && TRACEPARENT.exec(header)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, isSampled: parseInt(flags, 16) % 2 === 1 };
}

/** The `traceparent` of work that this request starts elsewhere; null outside of requests. */
export function currentTraceparent(): string | null {
  const trace = currentTrace();
  if (!trace) return null;
  const { traceId, spanId, isSampled } = trace.span ?? {
    traceId: trace.traceId,
    spanId: newSpanId(),
    isSampled: false,
  };
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** The headers of a request to another server; none outside of requests. */
export function traceHeaders(): { traceparent?: string } {
  const traceparent = currentTraceparent();
  return traceparent === null ? {} : { traceparent };
}
