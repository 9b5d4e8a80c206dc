/** @takes-long */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import {
  BASIC_WITH_EXISTING_SECRETS,
  BASIC_WITH_TLS,
  type ChartEnvironment,
  COMPOSE,
  OAUTH_BELOW_PATH,
  OAUTH_PKCE,
} from '../support/chart-environments.js';
import { freePort } from '../support/free-port.js';
import { MailServer } from '../support/mail-server.js';
import { emptyFolder, ServerProcess } from '../support/server-process.js';
import { CERTIFICATE_FILE, KEY_FILE, listen, TLS_IDENTITY, tlsServer } from '../support/tls.js';
import { TlsPostgres } from '../support/tls-postgres.js';

/** What the chart gives to its bootstrap job only. */
const ADMIN = {
  INITIAL_ORG_ADMIN_EMAIL: 'ada@example.com',
  INITIAL_ORG_ADMIN_PASSWORD: 'Tenantry-Example-1!',
};

/** Nothing can be created there, as on a root file system that is mounted read-only. */
const READ_ONLY = { DATA_DIR: '/proc/tenantry' };

let postgres: TlsPostgres;
let provider: { url: string; server: Server };
let mail: MailServer;
const processes: ServerProcess[] = [];

beforeAll(async () => {
  [postgres, provider, mail] = await Promise.all([
    TlsPostgres.start(),
    startProvider(),
    MailServer.start(0, TLS_IDENTITY),
  ]);
});
afterAll(async () => {
  await Promise.all(processes.map((each) => each.stop()));
  provider.server.close();
  await Promise.all([postgres.stop(), mail.stop()]);
});

/** Only its discovery document, which `info/health` asks for; its certificate is of the private authority. */
async function startProvider() {
  const server = tlsServer();
  const url = `https://127.0.0.1:${await listen(server)}`;
  server.on('request', (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    );
  });
  return { url, server };
}

let databases = 0;

/** Starts the server on an empty database of the role; the query is that of the URL. */
async function start(environment: ChartEnvironment, { role = 'encrypted', query = '', more = {} } = {}) {
  const database = `chart_${++databases}`;
  const port = await freePort();
  const server = new ServerProcess({
    ...environment,
    ...READ_ONLY,
    POSTGRES_DATABASE_URI: `${await postgres.database(database, role)}${query}`,
    PORT: String(port),
    ...more,
  });
  processes.push(server);
  return { server, database, api: new Api(`http://127.0.0.1:${port}`) };
}

/** How the server is connected, one row for each kind of connection. */
const connectionsTo = (database: string) =>
  postgres.sql(
    `select distinct ssl, client_dn from pg_stat_ssl join pg_stat_activity a using (pid)
     where a.datname = '${database}' and application_name = 'tenantry'`,
    database,
  );

const schemasIn = async (database: string) =>
  (
    await postgres.sql<{ name: string }>(
      `select distinct table_schema as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') order by name`,
      database,
    )
  ).map(({ name }) => name);

describe('a start on the environment of the LangSmith chart', () => {
  it('verifies PostgreSQL, the mail server and itself towards PostgreSQL with a private authority', async () => {
    const { server, database, api } = await start(BASIC_WITH_TLS, {
      role: 'certified',
      query: '?sslmode=verify-full',
      more: {
        ...ADMIN,
        ...mail.environment,
        SSL_CERT_FILE: CERTIFICATE_FILE,
        POSTGRES_TLS_CLIENT_CERT_PATH: CERTIFICATE_FILE,
        POSTGRES_TLS_CLIENT_KEY_PATH: KEY_FILE,
      },
    });
    await server.ready();

    expect(await connectionsTo(database)).toEqual([{ ssl: true, client_dn: '/CN=Tenantry tests' }]);
    expect(await schemasIn(database)).toEqual(['public']);
    const { INITIAL_ORG_ADMIN_EMAIL: email, INITIAL_ORG_ADMIN_PASSWORD: password } = ADMIN;
    const login = await api.post('/api/v1/login', { email, password });
    const invitation = { email: 'grace@example.com' };
    const admin = api.as({ token: login.body.access_token });
    expect((await admin.post('/api/v1/orgs/current/members', invitation)).status).toBe(200);
    expect(await mail.mailsTo('grace@example.com')).toHaveLength(1);
  });

  it('encrypts without verification for sslmode=require, with a password as the operator typed it', async () => {
    const { server, database } = await start(BASIC_WITH_EXISTING_SECRETS, { query: '?sslmode=require' });
    await server.ready();

    expect(await connectionsTo(database)).toEqual([{ ssl: true, client_dn: null }]);
    expect(server.stdout).toContain('BASIC_AUTH_JWT_SECRET has fewer than 32 characters');
  });

  it('uses the schema, and TLS although the URL does not mention it, and verifies the provider', async () => {
    const { server, database, api } = await start(OAUTH_BELOW_PATH, {
      more: {
        ...ADMIN,
        ...mail.environment,
        INITIAL_ORG_ADMIN_PASSWORD: '',
        OAUTH_ISSUER_URL: provider.url,
        SSL_CERT_FILE: CERTIFICATE_FILE,
      },
    });
    await server.ready();

    expect(await connectionsTo(database)).toEqual([{ ssl: true, client_dn: null }]);
    expect(await schemasIn(database)).toEqual(['tenantry']);
    const { status, body } = await api.get('/api/v1/info/health');
    expect({ status, body }).toMatchObject({ status: 200, body: { identity_provider_reachable: true } });
  });

  it('serves single sign-on without a client secret', async () => {
    const { server } = await start(OAUTH_PKCE, { more: { ...ADMIN, INITIAL_ORG_ADMIN_PASSWORD: '' } });

    expect(await server.ready()).toBe('https://tenantry.example.com');
  });

  it('serves the environment of docker compose without TLS where the server demands none', async () => {
    const { server, database } = await start(COMPOSE, { role: 'tenantry', query: '?sslmode=disable' });

    expect(await server.ready()).toBe('http://localhost:1980');
    expect(await connectionsTo(database)).toEqual([{ ssl: false, client_dn: null }]);
  });

  it.each(['verify-full', 'verify-full&sslrootcert=system'])(
    'is refused with sslmode=%s for a certificate of an unknown authority',
    async (mode) => {
      const { server } = await start(BASIC_WITH_EXISTING_SECRETS, { query: `?sslmode=${mode}` });

      expect(await server.ended()).toBe(1);
      expect(server.stderr).toMatch(/DATABASE_URL cannot be used: .*self.signed certificate/);
    },
  );

  it('is refused when the role may not create the schema, with the statement for an administrator', async () => {
    const { server, database } = await start(OAUTH_BELOW_PATH, {
      more: { ...ADMIN, INITIAL_ORG_ADMIN_PASSWORD: '', DATABASE_WAIT_SECONDS: '1' },
    });
    await server.ready();
    await server.stop();
    await postgres.sql(`grant connect on database ${database} to readonly`);

    const { server: other } = await start(OAUTH_BELOW_PATH, {
      more: {
        POSTGRES_DATABASE_URI: postgres.uriOf(database, 'readonly'),
        POSTGRES_SCHEMA: 'another',
      },
    });

    expect(await other.ended()).toBe(1);
    expect(other.stderr).toContain('create schema "another" authorization');
  });
});

describe('a password and certificates in files', () => {
  let folder: ReturnType<typeof emptyFolder>;
  beforeAll(() => {
    folder = emptyFolder();
  });
  afterAll(() => folder.remove());

  const write = (name: string, content: string): string => {
    const path = join(folder.path, name);
    writeFileSync(path, content);
    return path;
  };

  /** A line may come after the response to the request that caused it. */
  const printed = (server: ServerProcess, text: string) => until(() => server.messages.includes(text));

  /** Of a login, once one succeeds, or after many; null: the server has no database. */
  const statusOf = async (api: Api): Promise<number | null> => {
    const { INITIAL_ORG_ADMIN_EMAIL: email, INITIAL_ORG_ADMIN_PASSWORD: password } = ADMIN;
    const login = () =>
      api.post('/api/v1/login', { email, password }).then(
        ({ status }) => status,
        () => null,
      );
    for (let attempt = 0; attempt < 50; attempt++) if ((await login()) === 200) return 200;
    return login();
  };

  /** Starts the server with the URL in the file of that name, or with its password there. */
  async function startRotated(variable: string) {
    await postgres.rotate('rotated', 'first');
    const rotated = `chart_${databases + 1}`;
    const contentOf = (password: string, name = rotated) =>
      variable === 'POSTGRES_PASSWORD_FILE' ? password : postgres.uriOf(name, 'rotated', password);
    const path = write(variable, contentOf('first'));
    const url = variable === 'POSTGRES_PASSWORD_FILE' ? `rotated@${postgres.targetOf(rotated)}` : '';
    const started = await start(BASIC_WITH_EXISTING_SECRETS, {
      role: 'rotated',
      more: { ...ADMIN, POSTGRES_DATABASE_URI: url, [variable]: path },
    });
    await started.server.ready();
    return { ...started, path, contentOf };
  }

  it.each(['POSTGRES_DATABASE_URI_FILE', 'POSTGRES_PASSWORD_FILE'])(
    '%s is read again for each connection, and what was read last is kept',
    async (variable) => {
      const { server, api, path, contentOf } = await startRotated(variable);

      for (const password of ['s/e#c?r@et%1', 'third']) {
        write(variable, `${contentOf(password)}\n`);
        await postgres.rotate('rotated', password);
        expect(await statusOf(api)).toBe(200);
      }
      rmSync(path);
      await postgres.disconnect('rotated');
      expect(await statusOf(api)).toBe(200);
      await printed(server, 'keep the password');
      expect(server.messages.match(/keep the password .*/g)).toEqual([
        expect.stringContaining(`${variable}: the file cannot be read: ENOENT`),
      ]);
    },
  );

  it('a changed host, user or database is logged as needing a restart', async () => {
    const { server, api, contentOf } = await startRotated('POSTGRES_DATABASE_URI_FILE');

    write('POSTGRES_DATABASE_URI_FILE', contentOf('second', 'elsewhere'));
    await postgres.disconnect('rotated');

    expect(await statusOf(api)).toBe(200);
    await printed(server, 'another host');
    expect(server.messages).toContain('another host, user or database now, which needs a restart');
  });

  it('certificates that are gone are kept as they were read last', async () => {
    const certificate = write('certificate', readFileSync(CERTIFICATE_FILE, 'utf8'));
    const { server, database, api } = await start(BASIC_WITH_EXISTING_SECRETS, {
      role: 'certified',
      more: { ...ADMIN, POSTGRES_TLS_CLIENT_CERT_PATH: certificate, POSTGRES_TLS_CLIENT_KEY_PATH: KEY_FILE },
    });
    await server.ready();

    rmSync(certificate);
    await postgres.disconnect('certified');

    expect(await statusOf(api)).toBe(200);
    expect(await connectionsTo(database)).toEqual([{ ssl: true, client_dn: '/CN=Tenantry tests' }]);
    await printed(server, 'keep the password');
    expect(server.messages).toContain('keep the password and certificates that could be read last: ENOENT');
  });
});
