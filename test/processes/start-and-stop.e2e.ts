/** @takes-long */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { processesNaming } from '../../scripts/processes.js';
import { needsApplication } from '../../src/common/admin-commands.js';
import { adminCommand } from '../support/admin-command.js';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { LOGIN } from '../support/identity-provider.js';
import { pg } from '../support/postgres-client.js';
import { emptyFolder, ROOT, ServerProcess } from '../support/server-process.js';
import { cloneDatabase, databaseOfEngine, emptyDatabase } from '../support/test-database.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp } from '../support/test-app.js';

/** The data folder of one test, and the servers that were started in it. */
class Ground {
  private readonly folder = emptyFolder();
  private readonly started: ServerProcess[] = [];

  get path(): string {
    return this.folder.path;
  }

  start(environment: Record<string, string> = {}, how?: { viaNpm: string }): ServerProcess {
    const server = new ServerProcess({ DATA_DIR: this.path, ...environment }, how);
    this.started.push(server);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.started.map((server) => server.stop()));
    this.folder.remove();
  }
}

async function signIn(url: string, email: string, password: string): Promise<Api> {
  const { status, body } = await new Api(url).post('/api/v1/login', { email, password });
  expect(status).toBe(200);
  return new Api(url).as({ token: body.access_token });
}

/** Settings of a server that uses its own database instead of the embedded one. */
const onDatabase = (databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  BASIC_AUTH_JWT_SECRET: JWT_SECRET,
  API_KEY_SALT,
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
});

/** Holds the roster lock of the default organization: every change of its members waits. */
async function holdRoster(databaseUrl: string) {
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query(
    'begin; select pg_advisory_xact_lock(hashtextextended(id::text, 0)) from organizations where is_default',
  );
  const waiting =
    'select from pg_locks where locktype = $1 and not granted and database = (select oid from pg_database where datname = current_database())';
  return {
    untilBlocked: () => until(async () => (await holder.query(waiting, ['advisory'])).rowCount! > 0),
    release: () => holder.end(),
  };
}

// All run concurrently, the longest first: they wait for processes and for the ten seconds of a shutdown.
it.concurrent('a request that does not end delays the shutdown for ten seconds at most', async () => {
  await using ground = new Ground();
  const databaseUrl = await cloneDatabase();
  const noLimits = { DATABASE_LOCK_SECONDS: '0', DATABASE_STATEMENT_SECONDS: '0' };
  const server = ground.start({ ...onDatabase(databaseUrl), ...noLimits });
  const admin = await signIn(await server.ready(), ADMIN.email, ADMIN.password);
  const roster = await holdRoster(databaseUrl);
  const lost = admin.post('/api/v1/workspaces', { display_name: 'Lost' }).catch(() => 'cut off');
  await roster.untilBlocked();
  const begun = Date.now();

  server.kill('SIGINT');

  expect(await server.ended()).toBe(0);
  expect(Date.now() - begun).toBeGreaterThan(9_000);
  expect(Date.now() - begun).toBeLessThan(20_000);
  await roster.release();
  expect(await lost).toBe('cut off');
});

it.concurrent(
  'the first start needs no settings and prints the admin once, and the next start keeps the data',
  async () => {
    await using ground = new Ground();
    const first = ground.start();
    const url = await first.ready();
    const [, email, password] = /^First admin: (.+)\nPassword, shown only now: (.+)$/m.exec(first.messages)!;
    const admin = await signIn(url, email!, password!);
    const made = await admin.post('/api/v1/workspaces', { display_name: 'Kept' });
    expect(made.status).toBe(200);
    expect(statSync(join(ground.path, 'secrets.json')).mode & 0o777).toBe(0o600);

    expect(await first.stop()).toBe(0);
    expect(existsSync(join(ground.path, 'postgres/postmaster.pid'))).toBe(false);
    const second = ground.start();
    const again = await signIn(await second.ready(), email!, password!);

    expect(email).toBe('admin@localhost.localdomain');
    expect(second.stdout).not.toMatch(/admin|password/i);
    expect((await again.get(`/api/v1/workspaces/${made.body.id}`)).body.display_name).toBe('Kept');
  },
);

it.concurrent('requests that wait for events end with an empty page when the server stops', async () => {
  await using ground = new Ground();
  const server = ground.start(onDatabase(await cloneDatabase()));
  const admin = await signIn(await server.ready(), ADMIN.email, ADMIN.password);
  const events = '/api/v1/orgs/current/events';
  const { next_cursor: cursor } = (await admin.get(`${events}?after=now`)).body;
  const waiting = [1, 2].map(() => admin.get(`${events}?after=${cursor}&wait=30`));
  // Answered after these two have arrived: a server accepts connections in their order.
  expect((await admin.get('/api/v1/orgs/current/info')).status).toBe(200);
  await pause(1000);
  const begun = Date.now();

  expect(await server.stop()).toBe(0);

  expect(Date.now() - begun).toBeLessThan(8000);
  for (const page of await Promise.all(waiting))
    expect(page).toMatchObject({ status: 200, body: { items: [], next_cursor: expect.any(String) } });
});

it.concurrent('a signal during the start leaves no process running', async () => {
  await using ground = new Ground();
  const isCreating = ({ stdout }: ServerProcess) => stdout.includes('creating a PostgreSQL cluster');
  const isStarting = () => existsSync(join(ground.path, 'postgres/postmaster.pid'));
  const moments = [
    ['SIGTERM', isCreating],
    ['SIGHUP', isStarting], // the terminal was closed
  ] as const;

  for (const [signal, isThen] of moments) {
    const server = ground.start();
    await until(() => isThen(server), 120);

    server.kill(signal);
    expect(await server.ended()).toBe(0);
    expect([server.stderr, server.stdout.includes('listens')]).toEqual(['', false]);
    expect(processesNaming(ground.path)).toEqual([]);
  }
});

it.concurrent('one message names all invalid settings, and no server is started', async () => {
  await using ground = new Ground();
  const server = ground.start({
    PORT: 'many',
    LANGSMITH_URL: 'ftp://here',
    INITIAL_ORG_ADMIN_EMAIL: 'no-address',
    DATABASE_URL: 'short-secret',
    FF_ORG_CREATION_DISABLED: 'perhaps',
  });

  expect(await server.ended()).toBe(1);

  for (const name of [
    'PORT',
    'LANGSMITH_URL',
    'INITIAL_ORG_ADMIN_EMAIL',
    'DATABASE_URL',
    'FF_ORG_CREATION_DISABLED',
  ])
    expect(server.stderr).toContain(name);
  expect(server.stderr).not.toContain('short-secret');
  expect(server.stdout).toBe('');
  expect(readdirSync(ground.path)).toEqual([]);
});

it.concurrent(
  'a mail template that cannot be used prevents the start, and every problem is named',
  async () => {
    await using ground = new Ground();
    const templates = join(ground.path, 'mail-templates');
    cpSync(join(ROOT, 'mail-templates'), templates, { recursive: true });
    rmSync(join(templates, 'de/invitation.txt'));
    writeFileSync(join(templates, 'en/invitation.html'), '{{orgname}} {{{link}}}');

    const server = ground.start({ PORT: 'many', MAIL_TEMPLATES_DIR: templates });

    expect(await server.ended()).toBe(1);
    for (const problem of [
      'PORT',
      'de/invitation.txt: is missing',
      'en/invitation.html: {{orgname}} is unknown',
      'en/invitation.html: {{{link}}} would not be escaped',
    ])
      expect(server.stderr).toContain(problem);
  },
);

it.concurrent('two replicas that start at once migrate once, and only one prints the password', async () => {
  await using ground = new Ground();
  const databaseUrl = await emptyDatabase();
  const replicas = [ground.start({ DATABASE_URL: databaseUrl }), ground.start({ DATABASE_URL: databaseUrl })];

  const [url] = await Promise.all(replicas.map((replica) => replica.ready()));

  const shown = replicas.flatMap(({ messages }) => messages.match(/(?<=shown only now: ).+/g) ?? []);
  expect(shown).toHaveLength(1);
  await signIn(url!, 'admin@localhost.localdomain', shown[0]!);
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const { rows } = await database.query(
    `select (select count(*)::int from organizations) organizations, (select count(*)::int from workspaces) workspaces,
       (select count(*)::int from users) users, (select count(*)::int from org_memberships) memberships`,
  );
  await database.end();
  expect(rows).toEqual([{ organizations: 1, workspaces: 1, users: 1, memberships: 1 }]);
});

it.concurrent(
  'a server with an external database writes no files, and finishes running requests on a signal and exits with 0',
  async () => {
    await using ground = new Ground();
    const databaseUrl = await cloneDatabase();
    const server = ground.start(onDatabase(databaseUrl), { viaNpm: 'start' }); // all that a supervisor knows
    const url = await server.ready();
    const admin = await signIn(url, ADMIN.email, ADMIN.password);
    const roster = await holdRoster(databaseUrl);
    const underWay = admin.post('/api/v1/workspaces', { display_name: 'Under way' });
    await roster.untilBlocked();

    server.kill('SIGTERM');
    const isClosed = () =>
      fetch(`${url}/api/v1/ok`, { headers: { connection: 'close' } }).then(
        () => false,
        () => true,
      );
    await until(isClosed);
    await roster.release();

    expect(await underWay).toMatchObject({ status: 200, body: { display_name: 'Under way' } });
    expect(await server.ended()).toBe(0);
    expect([server.stderr, server.stdout]).not.toContainEqual(expect.stringContaining('not found'));
    expect(readdirSync(ground.path)).toEqual([]);
    expect(server.stdout).not.toContain(ADMIN.password);
  },
);

it.concurrent(
  'an error names a data folder that cannot be created, and the process exits with 1',
  async () => {
    await using ground = new Ground();
    const server = ground.start({ DATA_DIR: '/proc/nowhere' });
    const killTimer = setTimeout(() => server.kill('SIGKILL'), 120_000); // a busy loop handles no other signal

    expect(await server.ended()).toBe(1);

    clearTimeout(killTimer);
    expect(server.stderr).toContain('/proc/nowhere');
  },
);

it.concurrent(
  'an operator command before the first start names the data folder and creates nothing',
  async () => {
    await using ground = new Ground();
    const mistyped = join(ground.path, 'mistyped');

    const { code, errors } = await adminCommand({ DATA_DIR: mistyped }, ['audit:verify']);

    expect(code).toBe(1);
    expect(errors).toContain(`${mistyped}/secrets.json does not exist`);
    expect(readdirSync(ground.path)).toEqual([]);
  },
);

it.concurrent('a mistyped operator command is named before the first start, too', async () => {
  await using ground = new Ground();

  const { code, output } = await adminCommand({ DATA_DIR: ground.path }, ['audit:verfy']);

  expect(code).toBe(2);
  expect(output).toBe('Unknown command "audit:verfy". "npm run admin -- help" lists the commands.\n');
});

it.concurrent('the listed operator commands are those known before the application starts', async () => {
  const app = await startTestApp();

  const { output } = await adminCommand(onDatabase(app.databaseUrl), ['help']);

  const listed = Array.from(output.matchAll(/^ {2}([a-z:-]+)/gm), ([, name = '']) => name);
  const standalone = ['backup', 'doctor', 'migrate', 'migrate:down', 'restore'];
  expect(listed.filter((name) => needsApplication(name))).toEqual(
    listed.filter((name) => !standalone.includes(name)),
  );
  expect(listed).toHaveLength(12);
  await app.close();
});

it.concurrent('an operator command reads a password from standard input and does not print it', async () => {
  const app = await startTestApp();
  const { email } = await app.fixtures.userWithoutOrg();
  const given = 'Given-By-The-Operator';

  const { code, output } = await adminCommand(
    onDatabase(app.databaseUrl),
    ['passwords:reset', '--email', email, '--password-stdin'],
    `${given}\n`,
  );

  expect(code).toBe(0);
  expect(output).not.toContain(given);
  await signIn(app.url, email, given);
  await app.close();
});

it.concurrent(
  'an operator command does not migrate the schema, which only the server start does',
  async () => {
    const databaseUrl = await emptyDatabase();

    const { code, errors } = await adminCommand(onDatabase(databaseUrl), ['audit:verify']);

    expect(code).toBe(1);
    expect(errors).toMatch(/^The command failed: .*start the server once/);
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    expect((await database.query(`select from pg_tables where schemaname = 'public'`)).rowCount).toBe(0);
    await database.end();
  },
);

it.concurrent('one command starts a server with a provider whose groups give roles', async () => {
  await using ground = new Ground();
  const environment = { ...onDatabase(await cloneDatabase()), PORT: String(await freePort()) }; // and the next one
  const server = ground.start(environment, { viaNpm: 'dev:sso' });
  const url = await server.ready();

  const info = '/api/v1/orgs/current/info';
  const browser = new Browser();
  let page = await browser.follow(await browser.open(`${url}${LOGIN}?redirect_to=${info}`));
  for (let forms = 0; page.url.includes('/interaction/') && forms < 3; forms++) {
    const form = { prompt: 'login', login: 'cleo', password: 'any' };
    page = await browser.follow(await browser.open(page.url, { form }));
  }

  expect(page.url).toBe(`${url}${info}`);
  expect(JSON.parse(page.body)).toMatchObject({ org_role_name: 'ORGANIZATION_ADMIN' });
  expect(server.stdout).toContain(`${url}${LOGIN}?redirect_to=/console/access`);
});

it.concurrent(
  'an error names HOST if the machine has no such address, and the process exits with 1',
  async () => {
    await using ground = new Ground();

    const server = ground.start({ ...onDatabase(await cloneDatabase()), HOST: 'nowhere.invalid' });

    expect(await server.ended()).toBe(1);
    expect(server.stderr).toMatch(
      /^The server could not start: HOST: nowhere\.invalid is no address of this machine/,
    );
  },
);

it.concurrent('an error names a port in use once, and the process exits with 1', async () => {
  await using ground = new Ground();
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  const { port } = occupant.address() as AddressInfo;

  const server = ground.start({ ...onDatabase(await cloneDatabase()), PORT: String(port) });

  expect(await server.ended()).toBe(1);
  expect(server.stderr).toMatch(
    new RegExp(`^The server could not start: PORT: .* port ${port} of .* \\(EADDRINUSE\\)\n$`),
  );
  occupant.close();
});

it.concurrent(
  'an error names an unavailable database without its password, and the process exits with 1',
  async () => {
    await using ground = new Ground();
    const database = onDatabase('postgres://somebody:se-cret@127.0.0.1:1/nowhere');
    const server = ground.start({ ...database, DATABASE_WAIT_SECONDS: '5' });

    expect(await server.ended()).toBe(1);
    expect(
      server.stdout.match(/Waiting for the database, at most [1-5] s \(.*127\.0\.0\.1:1\)/g),
    ).toHaveLength(1);

    expect(server.stderr).toMatch(/could not start: .*DATABASE_URL.*127\.0\.0\.1:1/);
    expect(server.stderr + server.stdout).not.toContain('se-cret');
  },
);

it.concurrent.each([
  ['PostgreSQL 15.2-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang', 150_002],
  ['PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.12103', null],
])(
  'an error names a database that is no PostgreSQL 15, and the process exits with 1: %s',
  async (version, number) => {
    await using ground = new Ground();
    const server = ground.start(onDatabase(await databaseOfEngine(version, number)));

    await expect(server.ready()).rejects.toThrow('it ended without listening');
    expect(await server.ended()).toBe(1);
    expect(server.stderr).toBe(
      `The server could not start: the database of DATABASE_URL cannot be used: its version() is "${version}"; ` +
        'use PostgreSQL 15 or newer (docs/postgresql.md#versions)\n',
    );
  },
);

it.concurrent('a patched PostgreSQL of a distribution or a service is accepted', async () => {
  await using ground = new Ground();
  const version =
    'PostgreSQL 15.13 (Ubuntu 15.13-1.pgdg24.04+1) - Percona Distribution on aarch64-unknown-linux-gnu';

  await ground.start(onDatabase(await databaseOfEngine(version, 150_013))).ready();
});

it('says in one sentence that .env cannot be read', () => {
  const folder = emptyFolder();
  const preload = pathToFileURL(join(ROOT, 'scripts/read-env-file.mjs')).href;
  writeFileSync(join(folder.path, '.env'), 'PORT=1', { mode: 0o000 });
  chmodSync(folder.path, 0o755);
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}; // root reads every file

  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, '--eval', ''], {
    cwd: folder.path,
    encoding: 'utf8',
    ...user,
  });
  folder.remove();

  expect(stderr).toBe('This process may not read .env: make its user the owner of the file (chown).\n');
  expect(status).toBe(1);
});
