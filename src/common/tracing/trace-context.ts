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
    spanId: newTraceId().slice(16),
    isSampled: false,
  };
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** The headers of a request to another server; none outside of requests. */
export function traceHeaders(): { traceparent?: string } {
  const traceparent = currentTraceparent();
  return traceparent === null ? {} : { traceparent };
}

/** Names of the semantic conventions of OpenTelemetry; never secrets, values of a statement, or addresses. */
type SpanAttributes = Readonly<Record<string, string | number>>;

export type NewSpan = {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'consumer';
  readonly attributes?: SpanAttributes;
};

export interface ActiveSpan extends SpanReference {
  /** @param failure the name of an error class or code; absent after a success */
  end(outcome: { name?: string; attributes?: SpanAttributes; failure?: string }): void;
}

/** Records spans. The implementation is loaded only if traces are exported (`src/common/otlp/`). */
export interface Tracer {
  startTrace(traceId: string, span: NewSpan, caller: SpanReference | null): ActiveSpan;
  startSpan(span: NewSpan, parent: SpanReference): ActiveSpan;
}

let tracer: Tracer | null = null;

/** One per process, like the log. */
export function useTracer(implementation: Tracer | null): void {
  tracer = implementation;
}

export const isTracing = (): boolean => tracer !== null;

/** Null if traces are not exported. */
export const startTraceOf = (
  traceId: string,
  span: NewSpan,
  caller: SpanReference | null,
): ActiveSpan | null => tracer && tracer.startTrace(traceId, span, caller);

/** The result of `work`, recorded as a span of the current trace, if there is one and traces are exported. */
export function inSpan<Result>(span: NewSpan, work: () => Promise<Result>): Promise<Result> {
  const trace = currentTrace();
  if (!tracer || !trace?.span) return work();
  const active = tracer.startSpan(span, trace.span);
  return runInTrace({ ...trace, span: active }, () => finished(active, work));
}

/** The result of a job, in the trace of the request that has enqueued it (`currentTraceparent`). */
export function inTraceOf<Result>(
  traceparent: string | undefined,
  span: NewSpan,
  work: () => Promise<Result>,
): Promise<Result> {
  const origin = parseTraceparent(traceparent);
  if (!origin) return work();
  const trace = { traceId: origin.traceId, callerTraceId: null, span: origin.isSampled ? origin : null };
  return runInTrace(trace, () => inSpan(span, work));
}

async function finished<Result>(span: ActiveSpan, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    span.end({});
    return result;
  } catch (error) {
    span.end({ failure: failureOf(error) });
    throw error;
  }
}

/** A code or the name of the class; messages may hold data. */
function failureOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}
