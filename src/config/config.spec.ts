import { loadMailTemplates, SHIPPED_TEMPLATES } from '../common/mail/mail-templates.js';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Config, loadConfig } from './config.js';
import { HASH_QUEUE_BOUNDS } from '../common/secrets/hash-queue.js';
import { OWASP_COST } from '../common/secrets/password-hasher.js';
import { InvalidEnvironment } from './environment.errors.js';
import { loadOrCreateSecrets } from '../common/secrets/secrets-file.js';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const allGiven = {
  BASIC_AUTH_JWT_SECRET: 'j'.repeat(32),
  API_KEY_SALT: 'salt',
  DATABASE_URL: 'postgres://db/tenantry',
};

describe('the configuration', () => {
  it('describes a local server with an embedded database and generated secrets when the environment is empty', () => {
    const DATA_DIR = join(scratch, 'fresh');
    const config = loadConfig({ DATA_DIR });
    const secrets = loadOrCreateSecrets(DATA_DIR);
    expect(config).toMatchObject({
      warnings: [],
      server: { host: '127.0.0.1', port: 1984, publicUrl: null, trustedProxies: [] },
      database: {
        url: null,
        directUrl: null,
        schema: null,
        dataDirectory: DATA_DIR,
        embeddedPassword: secrets.databasePassword,
      },
      tracing: null,
      bootstrap: { orgName: 'Default', items: [] },
      basicAuth: {
        jwtSecret: secrets.basicAuthJwtSecret,
        sessionSeconds: 86_400,
        hashing: OWASP_COST,
        hashQueue: HASH_QUEUE_BOUNDS,
      },
      sso: null,
      apiKeys: { salt: secrets.apiKeySalt },
      mail: null,
      mailAppearance: { templates: loadMailTemplates(SHIPPED_TEMPLATES), language: 'en' },
      flags: { workspaceScopeOrgInvites: null, orgCreationDisabled: true },
      audit: { retentionDays: 400, sealSecret: secrets.apiKeySalt },
      rateLimits: {
        scimRequestsPerMinute: 12_000,
        loginsPerIpv6Net56PerMinute: 60,
        loginsPerIpv6Net48PerMinute: 120,
        loginsPerEmailAndNetworkPerMinute: 10,
      },
    });
  });

  it.each([
    { limits: { RATE_LIMIT_REQUESTS_PER_MINUTE: '0' }, perToken: 0 },
    { limits: { RATE_LIMIT_REQUESTS_PER_MINUTE: '100' }, perToken: 600 },
    { limits: { RATE_LIMIT_SCIM_REQUESTS_PER_MINUTE: '50' }, perToken: 50 },
  ])('allows $perToken SCIM requests per minute and token for $limits', ({ limits, perToken }) => {
    expect(loadConfig({ ...allGiven, ...limits }).rateLimits.scimRequestsPerMinute).toBe(perToken);
  });

  it('derives unset login limits from related limits', () => {
    const RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE = '500';
    const [derived, off, set] = [
      { RATE_LIMIT_LOGINS_PER_MINUTE: '30', RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '5' },
      { RATE_LIMIT_LOGINS_PER_MINUTE: '0', RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '0' },
      { RATE_LIMIT_LOGINS_PER_MINUTE: '30', RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE },
    ].map((limits) => {
      const { rateLimits } = loadConfig({ ...allGiven, ...limits });
      return [
        rateLimits.loginsPerIpv6Net56PerMinute,
        rateLimits.loginsPerIpv6Net48PerMinute,
        rateLimits.loginsPerEmailAndNetworkPerMinute,
      ];
    });

    expect({ derived, off, set }).toEqual({ derived: [30, 60, 5], off: [0, 0, 0], set: [30, 500, 10] });
  });

  it('describes the provider when single sign-on is configured', () => {
    const { sso } = loadConfig({
      ...allGiven,
      LANGSMITH_URL: 'https://tenantry.test',
      OAUTH_CLIENT_ID: 'tenantry',
      OAUTH_CLIENT_SECRET: 'hush',
      OAUTH_ISSUER_URL: 'https://idp.test/',
      INITIAL_ORG_ADMIN_EMAIL: 'ada@example.com',
    });
    expect(sso).toEqual({
      issuerUrl: 'https://idp.test/',
      clientId: 'tenantry',
      clientSecret: 'hush',
      clientKey: null,
      authMethod: null,
      network: { caCertificates: null, httpsProxy: null, noProxy: null },
      scopes: ['email', 'profile', 'openid'],
      authorizationParameters: {},
      urlEncodeScopeSpaces: false,
      sessionMaxSeconds: 86_400,
      overrideTokenExpiry: false,
      idpLogoutEnabled: false,
      logout: { url: null, returnParameter: 'post_logout_redirect_uri' },
      subjectClaimOverrides: {},
      emailClaims: ['email'],
      trustUnverifiedEmail: false,
      allowedEmailDomains: null,
      groupNames: {},
    });
  });

  it('prefers a given secret to the stored one', () => {
    const DATA_DIR = join(scratch, 'mixed');
    const { basicAuth, apiKeys } = loadConfig({ DATA_DIR, API_KEY_SALT: 'given' });
    expect(apiKeys.salt).toBe('given');
    expect(basicAuth.jwtSecret).toBe(loadOrCreateSecrets(DATA_DIR).basicAuthJwtSecret);
  });

  it('derives the secret of sessions from the salt when neither is stored, and writes nothing', () => {
    const DATA_DIR = join(scratch, 'replica');
    const { BASIC_AUTH_JWT_SECRET: _, ...withoutJwtSecret } = { ...allGiven, DATA_DIR };
    const [one, other, different] = ['salt', 'salt', 'pepper'].map(
      (API_KEY_SALT) => loadConfig({ ...withoutJwtSecret, API_KEY_SALT }).basicAuth.jwtSecret,
    );
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(other).toBe(one);
    expect(different).not.toBe(one);
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  it('keeps the secret of sessions that an earlier start has stored', () => {
    const DATA_DIR = join(scratch, 'upgraded');
    const { basicAuthJwtSecret } = loadOrCreateSecrets(DATA_DIR);
    const { BASIC_AUTH_JWT_SECRET: _, ...withoutJwtSecret } = { ...allGiven, DATA_DIR };
    expect(loadConfig(withoutJwtSecret).basicAuth.jwtSecret).toBe(basicAuthJwtSecret);
  });

  it('stretches a secret of sessions below 32 characters, and warns', () => {
    const [short, long] = ['j'.repeat(31), 'j'.repeat(32)].map((BASIC_AUTH_JWT_SECRET) =>
      loadConfig({ ...allGiven, BASIC_AUTH_JWT_SECRET }),
    );
    expect(long).toMatchObject({ basicAuth: { jwtSecret: 'j'.repeat(32) }, warnings: [] });
    expect(short).toMatchObject({
      basicAuth: { jwtSecret: expect.stringMatching(/^[\w-]{43}$/) },
      warnings: [
        {
          kind: 'short_secret',
          message: expect.stringContaining('BASIC_AUTH_JWT_SECRET has fewer than 32 characters'),
        },
      ],
    });
  });

  it('writes nothing to disk when every secret and a database are given', () => {
    const DATA_DIR = join(scratch, 'untouched');
    const config = loadConfig({ ...allGiven, DATA_DIR });
    const { DATABASE_URL: url } = allGiven;
    expect(config.database).toMatchObject({ url, directUrl: url, embeddedPassword: null });
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  it('writes nothing to disk when the environment is invalid', () => {
    const DATA_DIR = join(scratch, 'refused');
    expect(() => loadConfig({ DATA_DIR, PORT: 'http' })).toThrow(InvalidEnvironment);
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  it('resolves the data directory to an absolute path', () => {
    expect(loadConfig(allGiven).database.dataDirectory).toBe(resolve('data'));
  });

  it('freezes the configuration at every depth', () => {
    const config = loadConfig({ ...allGiven, CORS_ALLOWED_ORIGINS: 'https://a.test' });
    for (const part of [config, ...Object.values(config), config.server.corsAllowedOrigins]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('still matches origins with the frozen regular expression', () => {
    const { server } = loadConfig({ ...allGiven, CORS_ALLOWED_ORIGINS_REGEX: 'https://.*' });
    const asked = ['https://a.test', 'http://a.test', 'https://b.test'];
    expect(asked.map((origin) => server.corsAllowedOriginsRegex?.test(origin))).toEqual([true, false, true]);
  });

  it('provides the configuration to classes that inject Config', async () => {
    const config = loadConfig(allGiven);
    const providers = [{ provide: Config, useValue: config }];
    const app = await Test.createTestingModule({ providers }).compile();
    expect(app.get(Config)).toBe(config);
  });
});
