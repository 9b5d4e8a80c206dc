import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** Of a request, or of a job that runs for one. */
export type TraceContext = {
  /** The trace id of W3C Trace Context: 32 hexadecimal digits. It is also the request id. */
  readonly traceId: string;
  /** The trace that the caller named. It is a link only: callers may send the same one with every request. */
  readonly callerTraceId: string | null;
};

const contexts = new AsyncLocalStorage<TraceContext>();

/** Undefined outside of requests. */
export const currentTrace = (): TraceContext | undefined => contexts.getStore();

export const runInTrace = <Result>(trace: TraceContext, work: () => Result): Result =>
  contexts.run(trace, work);

export const newTraceId = (): string => randomUUID().replaceAll('-', '');
const newSpanId = (): string => newTraceId().slice(16);

export type TraceParent = { readonly traceId: string; readonly spanId: string };

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** Null if the header is missing or invalid (W3C Trace Context, section 3.2.2). */
export function parseTraceparent(header: string | undefined): TraceParent | null {
  const [, traceId, spanId] = (header !== undefined && TRACEPARENT.exec(header)) || [];
  return traceId !== undefined && spanId !== undefined ? { traceId, spanId } : null;
}

/** `isSampled`: whether the spans of the trace are exported. */
const toTraceparent = ({ traceId, spanId }: TraceParent, isSampled: boolean): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;

/** The headers of a request to another server; none outside of requests. */
export function traceHeaders(): { traceparent?: string } {
  const trace = currentTrace();
  if (!trace) return {};
  return { traceparent: toTraceparent({ traceId: trace.traceId, spanId: newSpanId() }, false) };
}
