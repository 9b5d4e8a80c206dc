import type { TracingSettings } from '../common/otlp/tracing-settings.js';
import type { EnvironmentProblem } from './environment.errors.js';
import type { Environment } from './environment.js';

const PATH = '/v1/traces'; // OpenTelemetry Protocol, OTLP/HTTP Request

/**
 * The standard variable turns traces on by itself. Of the chart's variables, `OTLP_ENDPOINT` counts only with
 * `OTEL_TRACING_ENABLED`, and `OTEL_USE_TLS` is its scheme.
 */
export function tracingOf(environment: Environment): TracingSettings | null {
  const url = collectorUrl(environment);
  const { OTEL_SERVICE_NAME: serviceName, OTEL_ENVIRONMENT: environmentName } = environment;
  return url === null ? null : { url, serviceName, environment: environmentName };
}

export function tracingProblems(environment: Environment): EnvironmentProblem[] {
  const { OTEL_TRACING_ENABLED: isEnabled, OTEL_EXPORTER: exporter } = environment;
  const url = collectorUrl(environment);
  if (!isEnabled) return [];
  return [
    ...(url === null
      ? [problem('OTEL_TRACING_ENABLED', 'needs OTLP_ENDPOINT, the collector of traces')]
      : []),
    ...(url !== null && !isHttp(url)
      ? [problem('OTLP_ENDPOINT', 'must be host:port, or an http or https URL')]
      : []),
    ...(exporter === null || exporter === 'http' ? [] : [problem('OTEL_EXPORTER', NOT_SUPPORTED)]),
  ];
}

const NOT_SUPPORTED =
  'must be http: traces are sent over HTTP only. OTLP_ENDPOINT is then the HTTP port of the collector, usually 4318';

const isHttp = (url: string) => /^https?:$/.test(URL.parse(url)?.protocol ?? '');

const problem = (variable: string, message: string): EnvironmentProblem => ({
  variables: [variable],
  message,
});

function collectorUrl({
  OTEL_EXPORTER_OTLP_ENDPOINT: standard,
  OTEL_TRACING_ENABLED: isEnabled,
  OTLP_ENDPOINT: ofChart,
  OTEL_USE_TLS: usesTls,
}: Environment): string | null {
  if (standard !== null) return withPath(standard);
  if (!isEnabled || ofChart === null) return null;
  return withPath(ofChart.includes('://') ? ofChart : `${usesTls ? 'https' : 'http'}://${ofChart}`);
}

const withPath = (base: string) => (base.endsWith(PATH) ? base : `${base.replace(/\/$/, '')}${PATH}`);
