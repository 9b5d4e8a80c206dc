import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './parse-environment.js';
import { InvalidEnvironment } from './environment.errors.js';
import { Setting, type Table } from './setting.js';
import { SETTINGS } from './settings.js';

/** The values of all settings under their recommended names. */
const read = (...given: Parameters<typeof parseEnvironment>) => byName(SETTINGS, parseEnvironment(...given));

function byName(table: Table, values: object): Record<string, any> {
  const entries = Object.entries(table).map(([name, entry]) => {
    const value = values[name as keyof typeof values];
    return entry instanceof Setting ? { [entry.names[0]!]: value } : byName(entry, value);
  });
  return Object.assign({}, ...entries);
}

describe('the environment', () => {
  it('treats an empty variable as unset', () => {
    const environment = read({ PORT: '', API_KEY_SALT: '', OAUTH_CLIENT_ID: '', AUTH_TYPE: '' });
    expect(environment).toEqual(read({}));
  });

  it('reports all problems at once, each with the name of its variable', () => {
    const problems = problemsOf({
      PORT: 'http',
      DATABASE_POOL_SIZE: '0',
      LANGSMITH_URL: 'ftp://tenantry.example.com',
      FF_PERSONAL_ORGS_DISABLED: 'maybe',
      OAUTH_SESSION_MAX_SEC: '604801',
      INITIAL_ORG_ADMIN_PASSWORD: 'short',
      OAUTH_CLIENT_ID: 'client',
      OAUTH_CLIENT_SECRET: 'hush',
    });
    expect(problems.map(({ variables }) => variables.join())).toEqual([
      'PORT',
      'LANGSMITH_URL',
      'DATABASE_POOL_SIZE',
      'INITIAL_ORG_ADMIN_PASSWORD',
      'OAUTH_SESSION_MAX_SEC',
      'FF_PERSONAL_ORGS_DISABLED',
      'INITIAL_ORG_ADMIN_PASSWORD',
      'OAUTH_ISSUER_URL',
    ]);
  });

  it('lists all problems in one message', () => {
    expect(() => read({ PORT: '70000', BASIC_AUTH_ENABLED: 'no' })).toThrow(
      new InvalidEnvironment([
        { variables: ['PORT'], message: 'must be a whole number from 0 to 65535' },
        { variables: ['BASIC_AUTH_ENABLED'], message: 'must be true, false, 1 or 0' },
      ]),
    );
  });

  it('never includes a value in the message, since it may be a secret', () => {
    const secret = 'hunter2';
    const names = ['INITIAL_ORG_ADMIN_PASSWORD', 'DATABASE_URL', 'SMTP_URL', 'LOG_LEVEL', 'PORT'];
    const message = messageOf(Object.fromEntries(names.map((name) => [name, secret])));
    for (const name of names) expect(message).toContain(name);
    expect(message).not.toContain(secret);
  });
});

describe('an installation without the embedded PostgreSQL', () => {
  const withoutDatabase = { hasEmbeddedPostgres: false };

  it('requires DATABASE_URL when the embedded PostgreSQL is not installed', () => {
    expect(() => read({ PORT: '70000' }, withoutDatabase)).toThrow(
      expect.objectContaining({
        problems: [
          { variables: ['PORT'], message: expect.any(String) },
          { variables: ['DATABASE_URL'], message: expect.stringContaining('is required') },
        ],
      }),
    );
  });

  it.each(['DATABASE_URL', 'POSTGRES_DATABASE_URI'])(
    'accepts %s in place of the embedded PostgreSQL',
    (name) => {
      expect(read({ [name]: 'postgres://db/tenantry' }, withoutDatabase).DATABASE_URL).toBe(
        'postgres://db/tenantry',
      );
    },
  );

  it('reports a malformed DATABASE_URL once when the embedded PostgreSQL is not installed', () => {
    expect(() => read({ DATABASE_URL: 'mysql://db' }, withoutDatabase)).toThrow(
      expect.objectContaining({ problems: [{ variables: ['DATABASE_URL'], message: expect.any(String) }] }),
    );
  });
});

/** Each requires the other. */
const MAIL = { SMTP_URL: 'smtp://mail.test', MAIL_FROM: 'mail@example.com' };

describe('the value of a setting', () => {
  it.each([
    ['PORT', '0', 0],
    ['PORT', '65535', 65_535],
    ['METRICS_PORT', '9464', 9464],
    ['HOST', '::', '::'],
    ['LANGSMITH_URL', 'https://Tenantry.Example.com/', 'https://tenantry.example.com'],
    ['LANGSMITH_URL', 'http://tenantry:1984/base//', 'http://tenantry:1984/base'],
    ['LANGSMITH_URL', 'tenantry.example.com//base', 'https://tenantry.example.com/base'],
    ['LANGSMITH_URL', 'localhost:1980/base', 'http://localhost:1980/base'],
    ['LANGSMITH_URL', '127.0.0.1', 'http://127.0.0.1'],
    ['LANGSMITH_URL', '[::1]:1980', 'http://[::1]:1980'],
    ['LANGSMITH_URL', 'localhost.example.com', 'https://localhost.example.com'],
    ['LOG_LEVEL', 'WARNING', 'warn'],
    ['LOG_LEVEL', 'critical', 'fatal'],
    ['LOG_LEVEL', 'debug', 'debug'],
    ['TRUSTED_PROXIES', '10.0.0.0/8, ::1,192.0.2.1', ['10.0.0.0/8', '::1', '192.0.2.1']],
    ['CORS_ALLOWED_ORIGINS', ' * ', '*'],
    ['CORS_ALLOWED_ORIGINS', 'https://a.test, http://b.test:81/', ['https://a.test', 'http://b.test:81']],
    ['DATABASE_URL', 'postgresql://u:p@db/tenantry', 'postgresql://u:p@db/tenantry'],
    [
      'DATABASE_URL',
      'postgres:///tenantry?host=/run/postgresql',
      'postgres:///tenantry?host=/run/postgresql',
    ],
    ['DATABASE_URL', 'u:p@db/tenantry', 'postgres://u:p@db/tenantry'],
    ['DATABASE_URL', 'u:p@ss#1@db:5432/tenantry', 'postgres://u:p%40ss%231@db:5432/tenantry'],
    ['DATABASE_URL', 'u:a/b?c@db/t?sslmode=require', 'postgres://u:a%2Fb%3Fc@db/t?sslmode=require'],
    ['DATABASE_URL', 'u:12/3@[::1]:5432/t', 'postgres://u:12%2F3@[::1]:5432/t'],
    ['DATABASE_URL', 'u:p@a?b@db/t', 'postgres://u:p%40a%3Fb@db/t'],
    ['DATABASE_URL', 'u:100%:%40%e2%82%ac@db/t', 'postgres://u:100%25%3A%40%E2%82%AC@db/t'],
    ['DATABASE_URL', 'postgres://u:50%ff@db/t', 'postgres://u:50%25ff@db/t'],
    ['DATABASE_URL', 'postgres://u@db/t?application_name=a@b', 'postgres://u@db/t?application_name=a@b'],
    ['INITIAL_ORG_NAME', 'Ada & Co', 'Ada & Co'],
    ['INITIAL_ORG_ADMIN_EMAIL', ' Ada@Example.COM ', 'ada@example.com'],
    ['DEFAULT_WORKSPACE_NAME', "Ada's (team) @ 1_a-b", "Ada's (team) @ 1_a-b"],
    ['AUTH_TYPE', 'mixed', 'mixed'],
    ['BASIC_AUTH_ENABLED', 'TRUE', true],
    ['OAUTH_SCOPES', 'openid, email,offline_access', ['openid', 'email', 'offline_access']],
    ['OAUTH_SCOPES', ' openid email  profile', ['openid', 'email', 'profile']],
    ['OAUTH_EMAIL_CLAIM', 'upn, emails email', ['upn', 'emails', 'email']],
    ['OAUTH_AUTHORIZATION_PARAMS', '{"prompt": "consent"}', { prompt: 'consent' }],
    ['OAUTH_ALLOWED_EMAIL_DOMAINS', ' Example.COM,bücher.test', ['example.com', 'xn--bcher-kva.test']],
    ['OAUTH_GROUP_NAMES', '{"0b5f": "Organization Admins"}', { '0b5f': 'Organization Admins' }],
    ['ISSUER_SUB_CLAIM_OVERRIDES', '{"https://idp.test": "oid"}', { 'https://idp.test': 'oid' }],
    ['HTTPS_PROXY', 'http://user:pass@proxy.test:3128', 'http://user:pass@proxy.test:3128'],
    ['NO_PROXY', '.test,10.0.0.1', '.test,10.0.0.1'],
    ['OUTBOUND_ALLOWED_NETWORKS', '10.0.0.0/8,fd12::/16', ['10.0.0.0/8', 'fd12::/16']],
    ['OUTBOUND_PROXY', 'http://proxy.test:3128', 'http://proxy.test:3128'],
    ['BASIC_AUTH_JWT_SECRET', 'short', 'short'],
    ['INVITATION_TTL_DAYS', '0', 0],
    ['ACCESS_REQUEST_TTL_DAYS', '30', 30],
    ['INVITATION_RETENTION_DAYS', '0', 0],
    ['KEY_RETENTION_DAYS', '36500', 36_500],
    ['DELETED_WORKSPACE_RETENTION_DAYS', '1', 1],
    ['REMOVAL_INTERVAL_SECONDS', '1', 1],
    ['SMTP_URL', 'smtps://user:p%40ss@mail.test:465', 'smtps://user:p%40ss@mail.test:465'],
    ['MAIL_LOGO_URL', 'https://cdn.example.com/logo.png?v=2', 'https://cdn.example.com/logo.png?v=2'],
    ['MAIL_ACCENT_COLOR', '#1C5D50', '#1c5d50'],
    ['MAIL_LANGUAGE', 'de', 'de'],
    ['MAIL_FROM', 'Mail@Example.com', { name: '', address: 'mail@example.com' }],
    ['MAIL_FROM', '"Tenantry Ö" <mail@example.com>', { name: 'Tenantry Ö', address: 'mail@example.com' }],
    ['DEFAULT_ORG_MAX_IDENTITIES', '-1', -1],
    ['DEFAULT_ORG_MAX_WORKSPACES', '1', 1],
    ['DEFAULT_ORG_FEATURE_CAN_USE_TEAMS', 'false', false],
    ['FF_ALLOWED_SCIM_SEPARATORS', '| ', '| '],
    ['RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR', '0', 0],
    ['RATE_LIMIT_LOGINS_PER_MINUTE', '0', 0],
  ])('accepts for %s the value %j', (name, given, value) => {
    expect(read({ ...MAIL, [name]: given })).toMatchObject({ [name]: value });
  });

  it.each([
    ['HOST', ' '],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['PORT', '0x50'],
    ['PORT', '80.0'],
    ['PORT', ' 80'],
    ['PORT', '9'.repeat(30)],
    ['METRICS_PORT', '1984'], // as PORT
    ['METRICS_PORT', '65536'],
    ['SMTP_URL', 'http://mail.test'],
    ['MAIL_PRODUCT_NAME', 'a\nb'],
    ['MAIL_LOGO_URL', 'http://cdn.example.com/logo.png'],
    ['MAIL_ACCENT_COLOR', 'green'],
    ['MAIL_BACKGROUND_COLOR', '#fff'],
    ['MAIL_LANGUAGE', 'fr'],
    ['MAIL_TEMPLATES_DIR', '/nonexistent/templates'],
    ['SMTP_URL', 'smtp://'],
    ['MAIL_FROM', 'tenantry'],
    ['MAIL_FROM', 'A <a@example.com> <b@example.com>'],
    ['MAIL_FROM', 'A\nBcc: b@example.com <a@example.com>'],
    ['LANGSMITH_URL', 'ftp://tenantry.test'],
    ['LANGSMITH_URL', 'https:tenantry.test'],
    ['LANGSMITH_URL', 'https://user:pass@tenantry.test'],
    ['LANGSMITH_URL', 'https://tenantry.test/?a=b'],
    ['TRUSTED_PROXIES', 'proxy.example.com'],
    ['TRUSTED_PROXIES', '10.0.0.1,'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.0/'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', '::/129'],
    ['CORS_ALLOWED_ORIGINS', 'https://a.test,*'],
    ['CORS_ALLOWED_ORIGINS', 'https://a.test,'],
    ['CORS_ALLOWED_ORIGINS', 'https://a.test/path'],
    ['CORS_ALLOWED_ORIGINS', 'null'],
    ['CORS_ALLOWED_ORIGINS_REGEX', '('],
    ['CORS_ALLOWED_ORIGINS_REGEX', 'a)|(?:b'],
    ['DATABASE_URL', 'mysql://u:p@db/tenantry'],
    ['DATABASE_URL', 'db/tenantry'],
    ['DATABASE_URL', 'u:p@a b/tenantry'],
    ['LOG_LEVEL', 'verbose'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACING_ENABLED', 'true'], // without an endpoint
    ['CALLER_CACHE', 'true'],
    ['CALLER_CACHE_ENTRIES', '99'],
    ['POSTGRES_SCHEMA', 'pg_tenantry'],
    ['POSTGRES_SCHEMA', 'a"; drop'],
    ['POSTGRES_TLS', 'yes'],
    ['SSL_CERT_FILE', '/nonexistent/ca.pem'],
    ['POSTGRES_TLS_CLIENT_CERT_PATH', import.meta.filename],
    ['POSTGRES_TLS_CLIENT_KEY_PATH', import.meta.filename],
    ['DATABASE_URL', 'postgres://u:p@db/t?sslmode=verify'],
    ['DATABASE_URL', 'postgres://u:p@db/t?sslmode=verify-ca'],
    ['DATABASE_URL', 'postgres://u:p@db/t?sslmode=require&sslrootcert=system'],
    ['DATABASE_URL', 'postgres://u:p@db/t?sslmode=require&sslrootcert=/nonexistent/ca.pem'],
    ['DATABASE_URL', 'postgres://u:p@db/t?sslcert=/nonexistent/client.pem'],
    ['POSTGRES_IAM_AUTH_PROVIDER', 'aws'],
    ['DATABASE_POOL_SIZE', '1'],
    ['INITIAL_ORG_NAME', 'Ada\u200b'],
    ['INITIAL_ORG_NAME', ' '],
    ['INITIAL_ORG_NAME', 'a'.repeat(256)],
    ['DEFAULT_WORKSPACE_NAME', 'a/b'],
    ['INITIAL_ORG_ADMIN_EMAIL', 'ada'],
    ['BOOTSTRAP_FILE', '/nonexistent/bootstrap.json'],
    ['BOOTSTRAP_SERVICE_KEY', 'lsv2_sk_00000000000000000000000000000000_baba6be8d9'],
    ['BOOTSTRAP_SERVICE_KEY', 'correct-horse-battery-staple'],
    ['BOOTSTRAP_SCIM_TOKEN', `lsv2_scim_${'ab'.repeat(21)}c`],
    ['AUTH_TYPE', 'oauth'],
    ['AUTH_TYPE', 'none'],
    ['OAUTH_CLIENT_SECRET', 'hush'],
    ['OAUTH_SCOPES', 'email,profile'],
    ['OAUTH_SCOPES', 'openid,,email'],
    ['OAUTH_SCOPES', 'openid "email"'],
    ['OAUTH_EMAIL_CLAIM', 'upn,,email'],
    ['OAUTH_SESSION_MAX_SEC', '604801'],
    ['OAUTH_SESSION_MAX_SEC', '0'],
    ['OAUTH_AUTHORIZATION_PARAMS', 'prompt=consent'],
    ['OAUTH_AUTHORIZATION_PARAMS', '{"max_age": 5}'],
    ['OAUTH_AUTHORIZATION_PARAMS', '{"hd": ""}'],
    ['OAUTH_ALLOWED_EMAIL_DOMAINS', 'example.com,'],
    ['OAUTH_ALLOWED_EMAIL_DOMAINS', '@example.com'],
    ['OAUTH_ALLOWED_EMAIL_DOMAINS', '*.example.com'],
    ['OAUTH_ALLOWED_EMAIL_DOMAINS', 'example.com,example'],
    ['OAUTH_GROUP_NAMES', '["Organization Admins"]'],
    ['OAUTH_LOGOUT_URL', 'http://idp.test/logout'],
    ['OAUTH_LOGOUT_RETURN_PARAM', 'client_id'],
    ['OAUTH_LOGOUT_RETURN_PARAM', 'logout uri'],
    ['OAUTH_GROUP_NAMES', '{"0b5f": ""}'],
    ['ISSUER_SUB_CLAIM_OVERRIDES', 'oid'],
    ['ISSUER_SUB_CLAIM_OVERRIDES', '["oid"]'],
    ['ISSUER_SUB_CLAIM_OVERRIDES', '{"https://idp.test": 1}'],
    ['OAUTH_TOKEN_ENDPOINT_AUTH_METHOD', 'client_secret_basic'],
    ['OAUTH_CA_CERTIFICATES_FILE', '/nonexistent/ca.pem'],
    ['HTTPS_PROXY', 'proxy.test:3128'],
    ['HTTPS_PROXY', 'socks5://proxy.test'],
    ['OUTBOUND_ALLOWED_NETWORKS', 'hooks.test'],
    ['OUTBOUND_PROXY', 'proxy.test:3128'],
    ['BASIC_AUTH_ENABLED', 'false'],
    ['BASIC_AUTH_SESSION_SECONDS', '0'],
    ['API_KEY_SALT', '  '],
    ['DATA_DIR', ' '],
    ['BASIC_AUTH_JWT_SECRET', ' '.repeat(40)],
    ['DATABASE_URL', 'postgres://u:p@db/100%'],
    ['INVITATION_TTL_DAYS', '-1'],
    ['ACCESS_REQUEST_TTL_DAYS', '0'],
    ['INVITATION_RETENTION_DAYS', '-1'],
    ['KEY_RETENTION_DAYS', 'never'],
    ['DELETED_WORKSPACE_RETENTION_DAYS', '1.5'],
    ['REMOVAL_INTERVAL_SECONDS', '0'],
    ['DEFAULT_ORG_MAX_IDENTITIES', '0'],
    ['DEFAULT_ORG_MAX_IDENTITIES', '-2'],
    ['DEFAULT_ORG_MAX_WORKSPACES', '2147483648'],
    ['DEFAULT_ORG_FEATURE_CAN_USE_TEAMS', 'yes'],
    ['FF_ALLOWED_SCIM_SEPARATORS', ':r'],
    ['FF_ALLOWED_SCIM_SEPARATORS', ':\n'],
    ['RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE', '-1'],
    ['ORG_CREATION_DISABLED', 'yes'],
  ])('reports for %s the value %j as the only problem', (name, value) => {
    expect(problemsOf({ ...MAIL, [name]: value })).toEqual([
      { variables: [name], message: expect.any(String) },
    ]);
  });
});

describe('a parameter of the authorization request', () => {
  it.each([
    'response_type',
    'client_id',
    'redirect_uri',
    'scope',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
  ])('stops the start if the protocol itself sets it: %s', (name) => {
    const value = JSON.stringify({ prompt: 'consent', [name]: 'x' });

    expect(() => read({ OAUTH_AUTHORIZATION_PARAMS: value })).toThrow(`may not set ${name}`);
  });
});

describe('the regular expression for origins', () => {
  it('anchors the regular expression for origins, so that it matches whole origins only', () => {
    const { CORS_ALLOWED_ORIGINS_REGEX: regex } = read({
      CORS_ALLOWED_ORIGINS_REGEX: 'https://a\\.test|https://.*\\.b\\.test',
    });
    const allowed = [
      'https://a.test',
      'https://x.b.test',
      'https://a.test.evil.test',
      'https://x.b.test.evil.test',
    ];
    expect(allowed.filter((origin) => regex?.test(origin))).toEqual(['https://a.test', 'https://x.b.test']);
  });
});

describe('the first admin', () => {
  const email = 'ada@example.com';
  const password = 'Correct-horse-battery';

  it('accepts a first admin with an address and a password, or with an address alone', () => {
    expect(read({ INITIAL_ORG_ADMIN_EMAIL: email, INITIAL_ORG_ADMIN_PASSWORD: password })).toMatchObject({
      INITIAL_ORG_ADMIN_EMAIL: email,
      INITIAL_ORG_ADMIN_PASSWORD: password,
    });
    expect(read({ INITIAL_ORG_ADMIN_EMAIL: email }).INITIAL_ORG_ADMIN_PASSWORD).toBeNull();
  });

  it('refuses a first admin with a password but without an address', () => {
    expect(messageOf({ INITIAL_ORG_ADMIN_PASSWORD: password })).toContain('needs INITIAL_ORG_ADMIN_EMAIL');
  });

  it("reports all problems of the first admin's password", () => {
    const message = messageOf({ INITIAL_ORG_ADMIN_EMAIL: email, INITIAL_ORG_ADMIN_PASSWORD: 'short' });
    for (const problem of ['12 characters', 'uppercase', 'symbols']) expect(message).toContain(problem);
  });

  it('reports a malformed address of the first admin as one problem, although a password is given', () => {
    const problems = problemsOf({ INITIAL_ORG_ADMIN_EMAIL: 'ada', INITIAL_ORG_ADMIN_PASSWORD: password });
    expect(problems).toEqual([
      { variables: ['INITIAL_ORG_ADMIN_EMAIL'], message: 'the e-mail address must have exactly one @' },
    ]);
  });
});

describe('a setting with two names', () => {
  it.each([
    ['DATABASE_URL', 'POSTGRES_DATABASE_URI', 'postgres://db/a', 'postgres://db/b'],
    ['WORKSPACE_SCOPE_ORG_INVITES_ENABLED', 'FF_WORKSPACE_SCOPE_ORG_INVITES_ENABLED', 'true', 'false'],
    ['PERSONAL_ORGS_DISABLED', 'FF_PERSONAL_ORGS_DISABLED', 'false', 'true'],
    ['ORG_CREATION_DISABLED', 'FF_ORG_CREATION_DISABLED', 'false', 'true'],
    ['INFO_ENDPOINT_AUTH_REQUIRED', 'FF_INFO_ENDPOINT_AUTH_REQUIRED', 'true', 'false'],
  ])('reads a setting from %s or %s and refuses different values', (first, second, value, other) => {
    const values = read({ [first]: value });
    expect(values).not.toEqual(read({}));
    expect(read({ [second]: value })).toEqual(values);
    expect(read({ [first]: value, [second]: value })).toEqual(values);
    expect(problemsOf({ [first]: value, [second]: other })).toEqual([
      { variables: [first, second], message: expect.stringContaining('must not differ') },
    ]);
  });

  it('ignores X_SERVICE_AUTH_JWT_SECRET beside API_KEY_SALT, since it is a secret of other services then', () => {
    for (const other of ['X_SERVICE_AUTH_JWT_SECRET', 'X_SERVICE_AUTH_JWT_SECRET_FILE'])
      expect(read({ API_KEY_SALT: 'salt', [other]: 'other' }).API_KEY_SALT).toBe('salt');
    expect(read({ X_SERVICE_AUTH_JWT_SECRET: 'salt' }).API_KEY_SALT).toBe('salt');
  });

  it('accepts the same value under both names of a setting', () => {
    const given = { ORG_CREATION_DISABLED: '0', FF_ORG_CREATION_DISABLED: 'False' };
    expect(read(given)).toMatchObject({ ORG_CREATION_DISABLED: false });
  });

  it('reports an invalid setting under the name that was used', () => {
    expect(problemsOf({ VITE_BACKEND_AUTH_TYPE: 'oauth', VITE_BASIC_AUTH_ENABLED: 'false' })).toMatchObject([
      { variables: ['VITE_BACKEND_AUTH_TYPE'] },
      { variables: ['VITE_BASIC_AUTH_ENABLED'] },
    ]);
  });
});

describe('the switch for workspace-scoped invitations', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['', null],
  ])('reads the switch for workspace-scoped invitations, given as %j, as %j', (given, value) => {
    const { flags } = parseEnvironment({ WORKSPACE_SCOPE_ORG_INVITES_ENABLED: given });
    expect(flags.workspaceScopeOrgInvites).toBe(value);
  });
});

describe('a feature flag', () => {
  const flags = Object.entries(SETTINGS.flags);

  it.each(flags)('%s is set by its own variables and by no other', (name, { names }) => {
    const defaults = parseEnvironment({}).flags;
    const value = !defaults[name as keyof typeof defaults];
    for (const variable of names)
      expect(parseEnvironment({ [variable]: String(value) }).flags).toEqual({ ...defaults, [name]: value });
  });
});

describe('AUTH_TYPE=none', () => {
  it('is refused with what to set instead', () => {
    const message = messageOf({ AUTH_TYPE: 'none' });
    for (const setting of ['BASIC_AUTH_ENABLED=true', 'OAUTH_CLIENT_ID']) expect(message).toContain(setting);
  });
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (content: string) => {
    const path = join(folder, randomUUID());
    writeFileSync(path, content);
    return path;
  };

  it.each([
    ['API_KEY_SALT_FILE', 'salt\n', { API_KEY_SALT: 'salt' }],
    ['X_SERVICE_AUTH_JWT_SECRET_FILE', 'salt\r\n', { API_KEY_SALT: 'salt' }],
    ['BASIC_AUTH_JWT_SECRET_FILE', ' two \n\n', { BASIC_AUTH_JWT_SECRET: ' two \n' }],
    ['POSTGRES_DATABASE_URI_FILE', 'u:p@db/t', { DATABASE_URL: 'postgres://u:p@db/t' }],
    ['AUDIT_SEAL_SECRET_FILE', 'seal', { AUDIT_SEAL_SECRET: 'seal' }],
  ])('is read from the file of %s without the line break at its end', (name, content, values) => {
    expect(read({ [name]: file(content) })).toMatchObject(values);
  });

  it('is refused beside the same secret as a value', () => {
    expect(problemsOf({ API_KEY_SALT: 'salt', API_KEY_SALT_FILE: file('salt') })).toEqual([
      { variables: ['API_KEY_SALT', 'API_KEY_SALT_FILE'], message: 'exclude each other' },
    ]);
  });

  it.each([
    ['does not exist', '/nonexistent/salt', 'the file cannot be read: ENOENT'],
    ['is empty', file('\n'), 'the file is empty'],
  ])('is refused when the file %s', (_, path, message) => {
    expect(problemsOf({ API_KEY_SALT_FILE: path })).toEqual([{ variables: ['API_KEY_SALT_FILE'], message }]);
  });

  it('is checked like a value, and reported under the name of the file', () => {
    expect(problemsOf({ DATABASE_URL_FILE: file('mysql://db') })).toEqual([
      { variables: ['DATABASE_URL_FILE'], message: expect.any(String) },
    ]);
  });
});

function invalid(env: NodeJS.ProcessEnv): InvalidEnvironment {
  try {
    read(env);
  } catch (error) {
    if (error instanceof InvalidEnvironment) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}

function problemsOf(env: NodeJS.ProcessEnv) {
  return invalid(env).problems;
}

function messageOf(env: NodeJS.ProcessEnv) {
  return invalid(env).message;
}

describe('mail', () => {
  it('refuses DATABASE_DIRECT_URL without DATABASE_URL or its alias', () => {
    const direct = { DATABASE_DIRECT_URL: 'postgres://db.test/tenantry' };

    expect(messageOf(direct)).toContain('needs DATABASE_URL');
    expect(read({ ...direct, POSTGRES_DATABASE_URI: 'postgres://pooler.test/tenantry' })).toMatchObject(
      direct,
    );
  });

  it.each(['SMTP_URL', 'MAIL_FROM'] as const)('refuses a mail configuration with %s alone', (name) => {
    expect(messageOf({ [name]: MAIL[name] })).toMatch(/needs (SMTP_URL|MAIL_FROM)/);
  });
});
