import { currentTrace, parseTraceparent, runInTrace, type SpanReference } from './trace-context.js';

type SpanKind = 'server' | 'client' | 'consumer';
/** Names of the semantic conventions of OpenTelemetry; never secrets, values of a statement, or addresses. */
type SpanAttributes = Readonly<Record<string, string | number>>;

export type NewSpan = {
  readonly name: string;
  readonly kind: SpanKind;
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
