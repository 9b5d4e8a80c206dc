import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import {
  diag,
  DiagLogLevel,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import { LimitedLog } from '../logging/limited-log.js';
import {
  type ActiveSpan,
  type NewSpan,
  newTraceId,
  runOutsideTraces,
  type SpanReference,
  type Tracer,
} from '../tracing/trace-context.js';
import { version } from '../version.js';

type TracingSettings = {
  /** The address of the collector for traces (OTLP over HTTP). */
  readonly url: string;
  readonly serviceName: string;
  /** `deployment.environment.name` */
  readonly environment: string | null;
};

const SHUTDOWN_MS = 2000;

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER };

/** Gives a trace the id of its request. */
class RequestIds extends RandomIdGenerator {
  next: string | null = null;

  override readonly generateTraceId = (): string => {
    const id = this.next ?? newTraceId();
    this.next = null;
    return id;
  };
}

/** Exports spans as JSON over HTTP with the SDK of OpenTelemetry, which also reads its variables for sampling and batches. */
export class OtlpTracer implements Tracer {
  private readonly ids = new RequestIds();
  private readonly provider: BasicTracerProvider;
  private readonly tracer: OtelTracer;

  constructor({ url, serviceName, environment }: TracingSettings, log: Logger) {
    reportFailures(new LimitedLog(log));
    const ownResource = resourceFromAttributes({
      'service.name': serviceName,
      'service.version': version,
      ...(environment === null ? {} : { 'deployment.environment.name': environment }),
    });
    this.provider = new BasicTracerProvider({
      idGenerator: this.ids,
      resource: ownResource.merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
    });
    this.tracer = this.provider.getTracer('tenantry', version);
  }

  startTrace(
    traceId: string,
    { name, kind, attributes = {} }: NewSpan,
    caller: SpanReference | null,
  ): ActiveSpan {
    this.ids.next = traceId;
    const links: Link[] = caller ? [{ context: toSpanContext(caller) }] : [];
    return toActive(
      this.tracer.startSpan(name, { kind: KINDS[kind], attributes, links, root: true }, ROOT_CONTEXT),
    );
  }

  startSpan({ name, kind, attributes = {} }: NewSpan, parent: SpanReference): ActiveSpan {
    const context = trace.setSpanContext(ROOT_CONTEXT, toSpanContext(parent));
    return toActive(this.tracer.startSpan(name, { kind: KINDS[kind], attributes }, context));
  }

  async shutDown(): Promise<void> {
    const stopped = this.provider.shutdown().catch(() => undefined);
    await Promise.race([stopped, pause(SHUTDOWN_MS, undefined, { ref: false })]);
  }
}

const toSpanContext = ({ traceId, spanId, isSampled }: SpanReference): SpanContext => ({
  traceId,
  spanId,
  traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
});

function toActive(span: Span): ActiveSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceId,
    spanId,
    isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0,
    end: ({ name, attributes = {}, failure }) => {
      if (name !== undefined) span.updateName(name);
      span.setAttributes(attributes);
      if (failure !== undefined)
        span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/**
 * The messages of the SDK may hold the collector's address and response. The timer of a batch is started by one of the
 * requests in it.
 */
function reportFailures(log: LimitedLog): void {
  const warn = () => runOutsideTraces(() => log.warn('traces could not be exported'));
  const ignore = () => undefined;
  diag.setLogger(
    { error: warn, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    DiagLogLevel.ERROR,
  );
}
