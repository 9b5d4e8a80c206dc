import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../src/modules/instance/doctor/problems.js';
import { adminCommand } from '../support/admin-command.js';
import { freePort } from '../support/free-port.js';
import { NGINX_OF_CHART, startGateway } from '../support/gateway.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { MailServer } from '../support/mail-server.js';
import { pg } from '../support/postgres-client.js';
import { emptyFolder, ROOT } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase, databaseOfEngine, emptyDatabase } from '../support/test-database.js';

const PASSWORD_OF_DATABASE = 'the-wrong-password-of-the-database';
const SECRET_OF_CLIENT = 'the-wrong-secret-of-the-client';
const PASSWORD_OF_ROLE = 'the-password-of-a-role';
const RECIPIENT = 'operator@example.com';

let folder: ReturnType<typeof emptyFolder>;
let app: TestApp;
let idp: TestIdentityProvider;
let mail: MailServer;
/** Accepts connections and never answers. */
let silent: Server;
/** Leads to the server without its address and without its documents in front of the path. */
let gateway: Server;
let gatewayUrl: string;
let working: Record<string, string>;

beforeAll(async () => {
  folder = emptyFolder();
  const appUrl = `http://127.0.0.1:${await freePort()}`;
  idp = await TestIdentityProvider.start({ appUrl });
  app = await startTestApp({ ...idp.environment, AUTHORIZATION_SERVER_ENABLED: 'true' });
  ({ url: gatewayUrl, server: gateway } = await startGateway(NGINX_OF_CHART, appUrl));
  mail = await MailServer.start();
  silent = createServer().listen(0, '127.0.0.1');
  const { PORT: _, ...provider } = idp.environment;
  working = {
    ...provider,
    ...mail.environment,
    AUTHORIZATION_SERVER_ENABLED: 'true',
    DATABASE_URL: await cloneDatabase(),
    DATA_DIR: folder.path,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  };
});
afterAll(async () => {
  silent.close();
  gateway.close();
  await Promise.all([app.close(), idp.stop(), mail.stop()]);
  folder.remove();
});

const portOf = (server: Server) => (server.address() as { port: number }).port;

async function doctor(changes: Record<string, string> = {}, ...args: string[]) {
  const { code, output, errors } = await adminCommand({ ...working, ...changes }, [
    'doctor',
    '--json',
    ...args,
  ]);
  expect(errors).toBe('');
  expect(output).not.toMatch(/PASSWORD|only-used-in-tests/);
  for (const secret of [
    PASSWORD_OF_DATABASE,
    SECRET_OF_CLIENT,
    PASSWORD_OF_ROLE,
    RECIPIENT,
    JWT_SECRET,
    API_KEY_SALT,
    ADMIN.email,
  ])
    expect(output).not.toContain(secret);
  const all = JSON.parse(output) as Finding[];
  const ofLoad = ({ check, problem }: Finding) => check === 'event_loop' || problem === 'database_slow';
  const wrong = all.filter((each) => each.status !== 'ok' && !ofLoad(each));
  return { code, all, wrong, problems: wrong.map(({ problem }) => problem) };
}

async function sql(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<object>(text);
  await client.end();
  return rows;
}

/** Digests of the content of every table. */
const rowsIn = (url: string) =>
  sql(
    url,
    `select schemaname, tablename, md5(query_to_xml(format('select t::text from %I.%I t order by 1', schemaname, tablename),
       true, true, '')::text) as rows
     from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`,
  );

const withUrl = (change: (url: URL) => void) => {
  const url = new URL(working['DATABASE_URL']!);
  change(url);
  return { DATABASE_URL: url.href };
};

describe('npm run admin -- doctor', () => {
  it('finds nothing wrong with a working installation, changes nothing in it and sends no mail', async () => {
    const before = await rowsIn(working['DATABASE_URL']!);

    const { code, all, wrong } = await doctor();

    expect(wrong).toEqual([]);
    expect(await rowsIn(working['DATABASE_URL']!)).toEqual(before);
    expect(readdirSync(folder.path)).toEqual([]);
    expect(code).toBe(0);
    expect(all.map(({ check }) => check)).toEqual([
      ...['settings', 'secrets', 'database', 'clock', 'migrations', 'address'],
      ...['applications', 'provider', 'scim', 'mail', 'receivers', 'disk', 'event_loop'],
    ]);
    expect(mail.received).toEqual([]);
  });

  it('sends a mail to the address that is asked for', async () => {
    expect((await doctor({}, '--mail-to', RECIPIENT)).wrong).toEqual([]);
    expect(mail.to(RECIPIENT)).toHaveLength(1);
  });

  it('prints a line for each check on a terminal, with the remedy of what is wrong', async () => {
    const { code, output } = await adminCommand({ ...working, API_KEY_SALT: '' }, ['doctor']);

    expect(code).toBe(1);
    expect(output).toMatch(/^ok {6}settings {6}All settings are valid\.$/m);
    expect(output).toMatch(
      /^error {3}secrets {7}The secrets file .*secrets\.json does not exist.*\n {22}Set DATA_DIR to/m,
    );
    expect(output).toMatch(/^Errors: 1, warnings: \d$/m);
  });

  it('names every invalid setting without its value, and still checks the machine', async () => {
    const { code, wrong, all } = await doctor({ PORT: 'secret-port', SMTP_URL: '', LOG_LEVL: 'info' });

    expect(code).toBe(1);
    expect(wrong.filter(({ check }) => check === 'settings')).toMatchObject([
      { problem: 'setting_invalid', message: expect.stringMatching(/^PORT: must be/) },
      { problem: 'setting_invalid', message: expect.stringMatching(/^MAIL_FROM: needs SMTP_URL/) },
    ]);
    expect(JSON.stringify(all)).not.toContain('secret-port');
    expect(all.at(-1)).toMatchObject({ check: 'event_loop' });
  });
});

/** Each installation is broken in one place. */
const BROKEN: readonly [
  title: string,
  broken: () => Promise<Record<string, string>> | Record<string, string>,
  expected: { check: string; problem: string; code: number; message: RegExp; remedy: RegExp },
][] = [
  [
    'a wrong password of the database',
    () => withUrl((url) => (url.password = PASSWORD_OF_DATABASE)),
    {
      ...{ check: 'database', problem: 'database_login_refused', code: 1 },
      message: /password authentication failed/,
      remedy: /user and password/,
    },
  ],
  [
    'a database that does not exist',
    () => withUrl((url) => (url.pathname = '/no_such_database')),
    {
      ...{ check: 'database', problem: 'database_missing', code: 1 },
      message: /"no_such_database" does not exist/,
      remedy: /create database/,
    },
  ],
  [
    'a database of another engine that speaks the protocol',
    async () => ({ DATABASE_URL: await databaseOfEngine('CockroachDB CCL v25.2.4 (x86_64)', 160_000) }),
    {
      ...{ check: 'database', problem: 'database_too_old', code: 1 },
      message: /its version\(\) is "CockroachDB CCL v25\.2\.4 \(x86_64\)"/,
      remedy: /Upgrade PostgreSQL to 15/,
    },
  ],
  [
    'a PostgreSQL 14',
    async () => ({ DATABASE_URL: await databaseOfEngine('PostgreSQL 14.18 on x86_64', 140_018) }),
    {
      ...{ check: 'database', problem: 'database_too_old', code: 1 },
      message: /its version\(\) is "PostgreSQL 14\.18 on x86_64"/,
      remedy: /Upgrade PostgreSQL to 15/,
    },
  ],
  [
    'a database that is down',
    async () => {
      const port = await freePort();
      return withUrl((url) => (url.port = String(port)));
    },
    {
      ...{ check: 'database', problem: 'database_unreachable', code: 1 },
      message: /ECONNREFUSED/,
      remedy: /host and port/,
    },
  ],
  [
    'TLS that the database does not offer',
    () => withUrl((url) => url.searchParams.set('sslmode', 'verify-full')),
    {
      ...{ check: 'database', problem: 'database_tls_failed', code: 1 },
      message: /SSL/,
      remedy: /sslmode/,
    },
  ],
  [
    'a role without rights on the tables',
    async () => {
      const role = `doctor_${Math.random().toString(36).slice(2)}`;
      await sql(working['DATABASE_URL']!, `create role ${role} login password '${PASSWORD_OF_ROLE}'`);
      return withUrl((url) => Object.assign(url, { username: role, password: PASSWORD_OF_ROLE }));
    },
    {
      ...{ check: 'database', problem: 'database_rights_missing', code: 1 },
      message: /^Tables that the role may not read and change: \d+\.$/,
      remedy: /ownership/,
    },
  ],
  [
    'missing migrations',
    async () => ({ DATABASE_URL: await emptyDatabase() }),
    {
      ...{ check: 'migrations', problem: 'migrations_pending', code: 1 },
      message: /^(\d+) of \1 are pending/,
      remedy: /admin -- migrate/,
    },
  ],
  [
    'migrations of a newer version, which this one cannot work with',
    async () => {
      const url = await cloneDatabase();
      await sql(
        url,
        `insert into migrations (timestamp, name, breaks_older_versions) values (1999999999999, 'Later1999999999999', true)`,
      );
      return { DATABASE_URL: url };
    },
    {
      ...{ check: 'migrations', problem: 'schema_too_new', code: 1 },
      message: /Later1999999999999/,
      remedy: /newer version/,
    },
  ],
  [
    'migrations of a version that this one cannot migrate',
    async () => {
      const url = await cloneDatabase();
      await sql(url, `delete from migrations where name = 'CreateWebhooks1765001000000'`);
      return { DATABASE_URL: url };
    },
    {
      ...{ check: 'migrations', problem: 'migrations_pending', code: 1 },
      message: /lacks the migration CreateWebhooks1765001000000 .+: go by 0\.7\.0 first/,
      remedy: /Start this version/,
    },
  ],
  [
    'a LANGSMITH_URL at which something else answers',
    () => ({ LANGSMITH_URL: idp.issuer }),
    {
      ...{ check: 'address', problem: 'address_of_other_server', code: 1 },
      message: /status 404, not the answer of this server/,
      remedy: /Set LANGSMITH_URL/,
    },
  ],
  [
    'a proxy that does not send the addresses of metadata documents to the server',
    () => ({ LANGSMITH_URL: gatewayUrl }),
    {
      ...{ check: 'applications', problem: 'metadata_of_other_server', code: 1 },
      message:
        /\.well-known\/oauth-authorization-server\/langsmith\/api: status 404, no content type, from an unnamed server\.$/,
      remedy: /outside of a base path/,
    },
  ],
  [
    'a server that was started with another LANGSMITH_URL',
    () => ({ LANGSMITH_URL: idp.environment['LANGSMITH_URL']!.replace('127.0.0.1', 'localhost') }),
    {
      ...{ check: 'applications', problem: 'metadata_of_other_server', code: 1 },
      message: /oauth-authorization-server\/api: issuer http:\/\/127\.0\.0\.1:\d+\/api\.$/,
      remedy: /Route these addresses here/,
    },
  ],
  [
    'a LANGSMITH_URL at which nothing answers',
    async () => ({ LANGSMITH_URL: `http://127.0.0.1:${await freePort()}` }),
    {
      ...{ check: 'address', problem: 'address_unreachable', code: 0 },
      message: /ECONNREFUSED/,
      remedy: /Check the host in LANGSMITH_URL/,
    },
  ],
  [
    'an identity provider that cannot be reached',
    async () => ({ OAUTH_ISSUER_URL: `http://127.0.0.1:${await freePort()}` }),
    {
      ...{ check: 'provider', problem: 'provider_unreachable', code: 1 },
      message: /discovery: ECONNREFUSED/,
      remedy: /OAUTH_ISSUER_URL/,
    },
  ],
  [
    'a wrong client secret',
    () => ({ OAUTH_CLIENT_SECRET: SECRET_OF_CLIENT }),
    {
      ...{ check: 'provider', problem: 'provider_refuses_client', code: 1 },
      message: /invalid_client/,
      remedy: /OAUTH_CLIENT_SECRET/,
    },
  ],
  [
    'a wrong password of the mail server',
    () => ({ SMTP_URL: `smtp://tenantry:wrong-password@127.0.0.1:${mail.port}` }),
    {
      ...{ check: 'mail', problem: 'mail_server_fails', code: 1 },
      message: /EAUTH, reply 535/,
      remedy: /SMTP_URL/,
    },
  ],
  [
    'a file with secrets that others can read',
    () => {
      const file = join(folder.path, 'salt');
      writeFileSync(file, API_KEY_SALT);
      chmodSync(file, 0o644);
      return { API_KEY_SALT: '', API_KEY_SALT_FILE: file };
    },
    {
      ...{ check: 'secrets', problem: 'secret_file_readable', code: 0 },
      message: /Every user of this machine can read .*salt/,
      remedy: /chmod 600/,
    },
  ],
  [
    'a short API_KEY_SALT from which the secret of sessions is derived',
    () => ({ API_KEY_SALT: 'short-salt', BASIC_AUTH_JWT_SECRET: '' }),
    {
      ...{ check: 'secrets', problem: 'short_secret', code: 0 },
      message: /fewer than 32 characters/,
      remedy: /openssl rand -base64 32/,
    },
  ],
  [
    'a clock that is two hours ahead',
    () => ({
      NODE_OPTIONS: `--import=${join(ROOT, 'test/faults/support/shift-clock.mjs')}`,
      CLOCK_AHEAD_MS: '7200000',
    }),
    {
      ...{ check: 'clock', problem: 'clock_differs', code: 1 },
      message: /is (7200|7199|7201) s ahead of/,
      remedy: /NTP/,
    },
  ],
  [
    'a SCIM token that expired while it was in use, and a webhook that was disabled',
    async () => {
      const url = await cloneDatabase();
      await sql(
        url,
        `with org as (insert into organizations (id, display_name) values (gen_random_uuid(), 'Acme') returning id),
          token as (insert into scim_tokens (id, org_id, digest, short_token, description, expires_at, last_used_at)
            select gen_random_uuid(), id, '\\x00', 'x', 'Okta', now() - interval '1 day', now() - interval '1 day' from org)
         insert into webhooks (id, org_id, url, description, secret, public_key, disabled_at, disabled_reason)
         select gen_random_uuid(), id, 'https://example.com', 'Hook', 'x', 'x', now(), 'failures' from org`,
      );
      return { DATABASE_URL: url };
    },
    {
      ...{ check: 'scim', problem: 'scim_token_expired', code: 0 },
      message: /^SCIM tokens that expired while they were in use: 1\.$/,
      remedy: /Create new ones/,
    },
  ],
];

describe('doctor on a broken installation', () => {
  it('compares the clocks also where connecting to the database takes longer than a second', async () => {
    const { hostname, port } = new URL(working['DATABASE_URL']!);
    const slow = createServer((client) => {
      const database = connect(Number(port), hostname);
      client.on('error', () => database.destroy());
      database.on('error', () => client.destroy());
      setTimeout(() => client.pipe(database).pipe(client), 1200);
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');

    const { all } = await doctor(withUrl((url) => (url.port = String(portOf(slow)))));
    slow.close();

    expect(all.find(({ check }) => check === 'clock')).toMatchObject({ status: 'ok' });
  });

  it.each(BROKEN)('says what is wrong and how to correct it: %s', async (_, broken, expected) => {
    const { code, wrong } = await doctor(await broken());

    const [found] = wrong.filter(({ problem }) => problem === expected.problem);
    expect(found).toMatchObject({
      check: expected.check,
      message: expect.stringMatching(expected.message),
      remedy: expect.stringMatching(expected.remedy),
    });
    expect(code).toBe(expected.code);
  });

  it('ends within a minute when database, provider and mail server accept connections and answer nothing', async () => {
    const host = `127.0.0.1:${portOf(silent)}`;
    const begun = performance.now();

    const { code, wrong } = await doctor({
      DATABASE_URL: `postgres://tenantry@${host}/tenantry`,
      LANGSMITH_URL: `http://${host}`,
      OAUTH_ISSUER_URL: `http://${host}`,
      SMTP_URL: `smtp://${host}`,
    });

    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(code).toBe(1);
    expect(wrong.map(({ check, problem }) => `${check} ${problem}`)).toEqual(
      expect.arrayContaining([
        ...['database database_unreachable', 'address address_unreachable'],
        ...['provider provider_unreachable', 'mail mail_server_fails'],
      ]),
    );
  });
});

it('docs/doctor.md lists every check and every problem, as the doctor has them', async () => {
  const { CHECKS, PROBLEMS } = await import('../../src/modules/instance/doctor/problems.js');
  const page = readFileSync(join(ROOT, 'docs/doctor.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));

  expect(rows).toEqual([
    ...Object.entries(CHECKS).map(([name, what]) => `| \`${name}\` | ${what} |`),
    ...Object.entries(PROBLEMS).map(
      ([name, { status, title, remedy }]) => `| \`${name}\` | ${status} | ${title} | ${remedy} |`,
    ),
  ]);
});
