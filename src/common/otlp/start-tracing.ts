import { Logger } from '@nestjs/common';
import type { TracingSettings } from './otlp-tracer.js';
import { useTracer } from '../tracing/spans.js';

/**
 * Exports traces from now on, if there are settings; only then is OpenTelemetry loaded. Resolves with the function that
 * exports the rest, for two seconds at most.
 */
export async function startTracing(settings: TracingSettings | null): Promise<() => Promise<void>> {
  if (!settings) return () => Promise.resolve();
  const { OtlpTracer } = await import('./otlp-tracer.js');
  const tracer = new OtlpTracer(settings, new Logger('Tracing'));
  useTracer(tracer);
  return async () => {
    useTracer(null);
    await tracer.shutDown();
  };
}
