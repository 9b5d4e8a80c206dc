import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';
import { parseEnvironment } from './parse-environment.js';
import { InvalidEnvironment } from './environment.errors.js';

const SSO = {
  LANGSMITH_URL: 'https://tenantry.test',
  OAUTH_CLIENT_ID: 'tenantry',
  OAUTH_CLIENT_SECRET: 'hush',
  OAUTH_ISSUER_URL: 'https://idp.test',
};
const WITHOUT_SECRET = { ...SSO, OAUTH_CLIENT_SECRET: '', AUTH_TYPE: 'oauth' };
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const OAUTH_CLIENT_PRIVATE_KEY = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const keyFile = join(mkdtempSync(join(tmpdir(), 'tenantry-key-')), 'key.pem');
writeFileSync(keyFile, OAUTH_CLIENT_PRIVATE_KEY);
const WITH_KEY = { ...SSO, OAUTH_CLIENT_SECRET: '', OAUTH_CLIENT_PRIVATE_KEY };
const ON_THIS_MACHINE = { LANGSMITH_URL: 'http://127.0.0.1:1984', OAUTH_ISSUER_URL: 'http://localhost:4000' };

describe('the login mode', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['password login by default', {}],
    ['password login, explicitly', { AUTH_TYPE: 'mixed', BASIC_AUTH_ENABLED: 'true' }],
    ['a provider and a client secret', SSO],
    [
      'a provider and a client secret, explicitly',
      { ...SSO, AUTH_TYPE: 'mixed', BASIC_AUTH_ENABLED: 'false' },
    ],
    ['a provider without a client secret', WITHOUT_SECRET],
    ['a provider on this machine', { ...SSO, ...ON_THIS_MACHINE }],
    [
      'a provider given by its discovery document',
      { ...SSO, OAUTH_ISSUER_URL: `${SSO.OAUTH_ISSUER_URL}/.well-known/openid-configuration?p=1` },
    ],
    ['password login, with unused scopes', { OAUTH_SCOPES: 'openid' }],
    ['a provider and a private key', WITH_KEY],
    [
      'a private key whose line ends are written out',
      { ...WITH_KEY, OAUTH_CLIENT_PRIVATE_KEY: OAUTH_CLIENT_PRIVATE_KEY.replaceAll('\n', '\\n') },
    ],
    ['a private key, explicitly', { ...WITH_KEY, OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: 'private_key_jwt' }],
    ['a secret in the body', { ...SSO, OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: 'client_secret_post' }],
  ])('accepts as the login mode %s', (_, env) => {
    expect(parseEnvironment(env)).toBeDefined();
  });

  it.each<[string, NodeJS.ProcessEnv, string[]]>([
    ['neither of the two modes', { BASIC_AUTH_ENABLED: 'false' }, ['BASIC_AUTH_ENABLED']],
    ['both modes', { ...SSO, BASIC_AUTH_ENABLED: 'true' }, ['BASIC_AUTH_ENABLED']],
    ['both modes, under the alias', { ...SSO, VITE_BASIC_AUTH_ENABLED: '1' }, ['VITE_BASIC_AUTH_ENABLED']],
    ['a client without an issuer', { ...SSO, OAUTH_ISSUER_URL: '' }, ['OAUTH_ISSUER_URL']],
    ['an issuer without a client', { ...SSO, OAUTH_CLIENT_ID: '' }, ['OAUTH_CLIENT_ID']],
    ['a confidential client without a secret', { ...SSO, OAUTH_CLIENT_SECRET: '' }, ['OAUTH_CLIENT_SECRET']],
    ['a public client with a secret', { ...SSO, AUTH_TYPE: 'oauth' }, ['OAUTH_CLIENT_SECRET']],
    ['a public client with a key', { ...WITH_KEY, AUTH_TYPE: 'oauth' }, ['OAUTH_CLIENT_PRIVATE_KEY']],
    [
      'a method that needs a key',
      { ...SSO, OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: 'private_key_jwt' },
      ['OAUTH_TOKEN_ENDPOINT_AUTH_METHOD'],
    ],
    [
      'a method that needs a secret',
      { ...WITH_KEY, OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: 'client_secret_basic' },
      ['OAUTH_TOKEN_ENDPOINT_AUTH_METHOD'],
    ],
    [
      'an unknown method',
      { ...SSO, OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: 'client_secret_jwt' },
      ['OAUTH_TOKEN_ENDPOINT_AUTH_METHOD'],
    ],
    ['a key that is none', { ...WITH_KEY, OAUTH_CLIENT_PRIVATE_KEY: 'hush' }, ['OAUTH_CLIENT_PRIVATE_KEY']],
    [
      'a symmetric key',
      { ...WITH_KEY, OAUTH_CLIENT_PRIVATE_KEY: '{"kty":"oct","k":"aHVzaA"}' },
      ['OAUTH_CLIENT_PRIVATE_KEY'],
    ],
    [
      'a key file that does not exist',
      { ...SSO, OAUTH_CLIENT_PRIVATE_KEY_FILE: '/nonexistent/key.pem' },
      ['OAUTH_CLIENT_PRIVATE_KEY_FILE'],
    ],
    [
      'two keys',
      { ...WITH_KEY, OAUTH_CLIENT_PRIVATE_KEY_FILE: keyFile },
      ['OAUTH_CLIENT_PRIVATE_KEY,OAUTH_CLIENT_PRIVATE_KEY_FILE'],
    ],
    ['a public client but no provider', { AUTH_TYPE: 'oauth' }, ['AUTH_TYPE']],
    ['a provider but no public URL', { ...SSO, LANGSMITH_URL: '' }, ['LANGSMITH_URL']],
    ['a public URL without TLS', { ...SSO, LANGSMITH_URL: 'http://tenantry.test' }, ['LANGSMITH_URL']],
    ['a provider without TLS', { ...SSO, OAUTH_ISSUER_URL: 'http://idp.test' }, ['OAUTH_ISSUER_URL']],
    [
      'a provider whose host name only starts like a local one',
      { ...SSO, OAUTH_ISSUER_URL: 'http://127.0.0.1.evil.test' },
      ['OAUTH_ISSUER_URL'],
    ],
    [
      'a provider URL with credentials',
      { ...SSO, OAUTH_ISSUER_URL: 'https://a:b@idp.test' },
      ['OAUTH_ISSUER_URL'],
    ],
    [
      'several problems at once',
      { OAUTH_CLIENT_ID: 'tenantry', BASIC_AUTH_ENABLED: 'true' },
      ['OAUTH_ISSUER_URL', 'OAUTH_CLIENT_SECRET', 'BASIC_AUTH_ENABLED', 'LANGSMITH_URL'],
    ],
  ])('refuses a login mode with %s', (_, env, variables) => {
    expect(problemVariables(env)).toEqual(variables);
  });
});

function problemVariables(env: NodeJS.ProcessEnv): string[] {
  try {
    parseEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof InvalidEnvironment) return error.problems.map(({ variables }) => variables.join());
    throw error;
  }
}

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
