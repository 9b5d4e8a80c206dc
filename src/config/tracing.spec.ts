import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';

const tracingIn = (environment: Record<string, string>) =>
  loadConfig({
    DATABASE_URL: 'postgres://db/t',
    API_KEY_SALT: 'salt',
    DATA_DIR: '/nonexistent',
    ...environment,
  }).tracing;

describe('the collector of traces', () => {
  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
    [{ OTEL_TRACING_ENABLED: 'true', OTLP_ENDPOINT: 'collector:4318' }, 'https://collector:4318/v1/traces'],
    [
      {
        OTEL_TRACING_ENABLED: 'true',
        OTLP_ENDPOINT: 'collector:4318',
        OTEL_USE_TLS: 'false',
        OTEL_EXPORTER: 'http',
      },
      'http://collector:4318/v1/traces',
    ],
    [
      { OTEL_TRACING_ENABLED: 'true', OTLP_ENDPOINT: 'http://collector:4318/v1/traces' },
      'http://collector:4318/v1/traces',
    ],
    [
      { OTEL_TRACING_ENABLED: 'false', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' },
      'http://collector:4318/v1/traces',
    ],
  ])('is read from %j', (environment, url) => {
    expect(tracingIn(environment)).toEqual({ url, serviceName: 'tenantry', environment: null });
  });

  it.each<Record<string, string>>([
    {},
    { OTLP_ENDPOINT: 'collector:4318' },
    { OTEL_TRACING_ENABLED: 'false', OTLP_ENDPOINT: 'collector:4318' },
    { OTEL_TRACING_ENABLED: 'false', OTLP_ENDPOINT: '', OTEL_EXPORTER: 'grpc' },
  ])('is none with %j', (environment) => {
    expect(tracingIn(environment)).toBeNull();
  });

  it.each([
    [{ OTEL_TRACING_ENABLED: 'true' }, 'OTEL_TRACING_ENABLED'],
    [{ OTEL_TRACING_ENABLED: 'true', OTLP_ENDPOINT: 'no host' }, 'OTLP_ENDPOINT'],
    [{ OTEL_TRACING_ENABLED: 'true', OTLP_ENDPOINT: 'grpc://collector:4317' }, 'OTLP_ENDPOINT'],
    [
      { OTEL_TRACING_ENABLED: 'true', OTLP_ENDPOINT: 'collector:4317', OTEL_EXPORTER: 'grpc' },
      'OTEL_EXPORTER',
    ],
  ])('is refused in %j', (environment, variable) => {
    expect(() => tracingIn(environment)).toThrow(variable);
  });
});
