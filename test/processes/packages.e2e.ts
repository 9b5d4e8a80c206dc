/** @takes-long */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { emptyFolder, ROOT } from '../support/server-process.js';
import { until } from '../support/audit-log.js';
import { tamper } from '../support/audit-seals.js';
import { ServerProxy } from '../support/server-proxy.js';
import { type OauthApp, refresh, startOauthApp } from '../support/oauth.js';
import { startTestApp } from '../support/test-app.js';

const run = promisify(execFile);
const WEBHOOK_SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

/** The Node of the tests and, if there is one, that of the machine: packages run on Node 20, too. */
const NODES = [process.execPath, ...ofMachine()];

const PACKAGES = ['client', 'cli'];
/** Of both packages, and nothing else. */
const DEPENDENCIES = [
  'commander',
  'jose',
  'oauth4webapi',
  'openapi-fetch',
  'openapi-typescript-helpers',
  'openid-client',
];

let t: OauthApp;
let front: Front;
let org: OrgWithAdmin;
let project: ReturnType<typeof emptyFolder>;
let tarballs: readonly string[];
let apiKey: string;
beforeAll(async () => {
  front = await startFront();
  t = await startOauthApp({ LANGSMITH_URL: front.url });
  org = await t.fixtures.orgWithAdmin();
  apiKey = (await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;
  project = emptyFolder();
  writeFileSync(join(project.path, 'package.json'), '{ "type": "module" }');
  tarballs = await pack();
  await install(project.path);
});
afterAll(async () => {
  await t.close();
  front.close();
  project.remove();
});

type Front = { url: string; tokenRequests: number; delayMs: number; close: () => void };

/** The public address of the server, which counts requests for tokens and delays their responses. */
async function startFront(): Promise<Front> {
  const server = createServer((incoming, response) => {
    const { method, url = '', headers } = incoming;
    const isForTokens = url === '/api/oauth/token';
    if (isForTokens) running.tokenRequests++;
    const onward = sendRequest(`${t.url}${url}`, { method, headers }, (answer) => {
      const reply = () => answer.pipe(response.writeHead(answer.statusCode!, answer.headers));
      setTimeout(reply, isForTokens ? running.delayMs : 0);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => void server.close();
  const running = { url: `http://127.0.0.1:${port}`, tokenRequests: 0, delayMs: 0, close };
  return running;
}

function ofMachine(): string[] {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((each) => !each.includes('node_modules'));
  return folders
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .slice(0, 1);
}

/**
 * Packs both, built in a copy since other tests use the build in this repository, and their dependencies, which a registry
 * would have.
 */
async function pack(): Promise<readonly string[]> {
  const copy = join(project.path, 'repository');
  const target = join(project.path, 'tarballs');
  mkdirSync(target);
  const isSource = (path: string) => !/\/(dist|generated|node_modules)$/.test(path);
  cpSync(join(ROOT, 'packages'), join(copy, 'packages'), { recursive: true, filter: isSource });
  cpSync(join(ROOT, 'openapi/served.json'), join(copy, 'openapi/served.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  symlinkSync(join(ROOT, 'packages/cli/node_modules'), join(copy, 'packages/cli/node_modules'));
  const dependencies = DEPENDENCIES.map((name) =>
    [join(ROOT, 'packages/cli'), ROOT].map((root) => join(root, 'node_modules', name)).find(existsSync),
  );
  const options = ['pack', '--pack-destination', target];
  await run('npm', [...options, ...PACKAGES.map((name) => `./packages/${name}`)], { cwd: copy });
  await run('npm', [...options, '--ignore-scripts', ...dependencies.map(String)]);
  return readdirSync(target).map((name) => join(target, name));
}

/** With the npm of the machine, run by a Node that is first in the path, as is what it installs. */
const environmentOf = (node: string) => ({
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`,
  npm_config_cache: join(project.path, 'cache'),
});

const install = (folder: string, node = process.execPath) =>
  run('npm', ['install', '--offline', ...tarballs], { cwd: folder, env: environmentOf(node) });

const folderOf = (name: string) => join(project.path, 'node_modules/@tenantry', name);

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    private?: boolean;
    dependencies: Record<string, string>;
  };

const filesIn = async (folder: string) =>
  (await run('find', [folder, '-type', 'f', '-printf', '%P\n'])).stdout.trim().split('\n');

describe('the packed packages', () => {
  it.each(NODES)('install in an empty folder with nothing but their dependencies, on %s', async (node) => {
    const empty = emptyFolder();
    try {
      await install(empty.path, node);
      const modules = join(empty.path, 'node_modules');
      const options = { cwd: empty.path, env: environmentOf(node) };
      const imported = ['--input-type=module', '--eval', "await import('@tenantry/client')"];

      expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual([
        '@tenantry',
        ...DEPENDENCIES,
      ]);
      expect((await run(join(modules, '.bin/tenantry'), ['--version'], options)).stdout).toBe(
        `${manifestOf(ROOT).version}\n`,
      );
      expect(await run(node, imported, options)).toEqual({ stdout: '', stderr: '' });
    } finally {
      empty.remove();
    }
  });

  it.each(PACKAGES)('are what npm would publish: %s', async (name) => {
    const tarball = tarballs.find((path) => path.includes(`tenantry-${name}-`))!;
    const nowhere = ['--registry', 'http://127.0.0.1:9', '--fetch-retries', '0'];

    const { stdout } = await run('npm', ['publish', tarball, '--dry-run', '--access', 'public', ...nowhere]);

    expect(stdout).toBe(`+ @tenantry/${name}@${manifestOf(ROOT).version}\n`);
    expect(manifestOf(folderOf(name)).private).toBeUndefined(); // a dry run ignores it
  });
});

describe('the package of the client', () => {
  const folder = () => folderOf('client');
  let examples: string[];
  beforeAll(() => {
    const readme = readFileSync(join(folder(), 'README.md'), 'utf8');
    examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = ''], at) => {
      const path = join(project.path, `example-${at + 1}.js`);
      writeFileSync(path, code);
      return path;
    });
  });

  it('has code, types, README and licence, and the version of the server', async () => {
    const files = await filesIn(folder());

    expect(files.filter((file) => !/^dist\/[a-z/]+\.(js|d\.ts)$/.test(file)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/generated/schema.d.ts']));
    expect(manifestOf(folder()).version).toBe(manifestOf(ROOT).version);
    expect(readFileSync(join(folder(), 'LICENSE'))).toEqual(readFileSync(join(ROOT, 'LICENSE')));
  });

  it('has at most 30 kB of compressed code, with its dependency', async () => {
    const files = (await filesIn(join(folder(), 'dist'))).filter((file) => file.endsWith('.js'));
    const own = files.map((file) => readFileSync(join(folder(), 'dist', file)));
    const fetch = readFileSync(join(ROOT, 'node_modules/openapi-fetch/dist/index.mjs'));

    expect(Object.keys(manifestOf(folder()).dependencies)).toEqual(['openapi-fetch']);
    expect(gzipSync(Buffer.concat([...own, fetch])).length).toBeLessThan(30_000);
  });

  it.each(NODES)('does what its README shows, on %s', async (node) => {
    expect(examples).toHaveLength(4);
    const env = { TENANTRY_URL: t.url, TENANTRY_API_KEY: apiKey };
    const outputs = await Promise.all(examples.map((path) => run(node, [path], { cwd: project.path, env })));

    const [organization, invitation, lists] = outputs.map(({ stdout }) => stdout);
    expect(organization).toMatch(/^This key belongs to .+\.\n$/);
    expect(invitation).toMatch(/is invited|Nothing to do/);
    expect(lists).toContain(org.admin.email);
    expect(outputs.map(({ stderr }) => stderr).join('')).toBe('');
  });

  it.each(NODES)('accepts what a webhook sends, and nothing else, on %s', async (node) => {
    const body = '{"id":"1-0","type":"webhook.test"}';
    const now = new Date();
    const headers = {
      'webhook-id': '1-0',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(WEBHOOK_SECRET).sign('1-0', now, body),
    };
    const script = `
      const { receive } = await import(${JSON.stringify(examples[3])});
      const [body, headers] = ${JSON.stringify([body, headers])};
      const sent = (text) => new Request('http://localhost', { method: 'POST', headers, body: text });
      const answers = [await receive(sent(body)), await receive(sent(body + ' '))];
      console.log(answers.map(({ status }) => status).join());`;

    const args = ['--input-type=module', '--eval', script];
    const { stdout } = await run(node, args, { env: { WEBHOOK_KEYS: WEBHOOK_SECRET } });

    expect(stdout).toBe('1-0 webhook.test\n204,401\n');
  });

  it('has types with which its README compiles, and which refuse what the API does not have', async () => {
    const wrong = join(project.path, 'wrong.ts');
    const client =
      "import { createTenantry } from '@tenantry/client'; const api = createTenantry({ server: '' });";
    writeFileSync(
      wrong,
      `${client}\nvoid api.GET('/api/v1/orgs/none');\nvoid api.POST('/api/v1/workspaces');`,
    );
    symlinkSync(join(ROOT, 'node_modules/@types'), join(project.path, 'node_modules/@types'));
    const options =
      '--noEmit --strict --exactOptionalPropertyTypes --allowJs --checkJs --types node --target es2022 --module nodenext --lib es2022,dom,dom.iterable';
    const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options.split(' '), ...examples, wrong];

    const { stdout } = await run(process.execPath, tsc, { cwd: project.path }).catch(
      (refused: { stdout: string }) => refused,
    );

    expect(stdout.match(/^\S+(?=\(\d)/gm)).toEqual(['wrong.ts', 'wrong.ts']);
  });
});

describe('the package of the command', () => {
  let program: string;
  let config: string;
  beforeAll(() => {
    const folder = folderOf('cli');
    program = join(folder, 'dist/cli.js');
    config = join(project.path, 'config');
    expect(manifestOf(folder).version).toBe(manifestOf(ROOT).version);
    expect(manifestOf(folder).dependencies).toMatchObject({ '@tenantry/client': manifestOf(ROOT).version });
    expect(readFileSync(join(folder, 'LICENSE'))).toEqual(readFileSync(join(ROOT, 'LICENSE')));
  });

  type Call = { input?: string; env?: Record<string, string>; node?: string };
  type Answer = { code: number; out: string; errors: string };

  /** Without a terminal, as in a script. */
  function tenantry(args: string, { input = '', env = {}, node = process.execPath }: Call = {}) {
    return new Promise<Answer>((resolve) => {
      const environment = { PATH: process.env['PATH'], XDG_CONFIG_HOME: config, ...env };
      const child = execFile(
        node,
        [program, ...args.split(' ')],
        { env: environment, cwd: project.path },
        (error, out, errors) => resolve({ code: error ? Number(error.code) : 0, out, errors }),
      );
      child.stdin!.end(input);
    });
  }

  const withKey = () => ({ env: { TENANTRY_URL: t.url, TENANTRY_API_KEY: apiKey } });
  const logIn = () => tenantry(`login --server ${t.url} --with-token`, { input: `${apiKey}\n` });
  const file = () => join(config, 'tenantry/credentials.json');

  it.each(NODES)('logs in, lists and logs out, which deletes the token, on %s', async (node) => {
    const { body } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const input = String(body.key);

    expect(await tenantry('members list', { node })).toMatchObject({ code: 3, out: '' });
    expect((await tenantry(`login --server ${t.url} --with-token`, { input, node })).code).toBe(0);
    expect(JSON.parse((await tenantry('members list', { node })).out)).toMatchObject([
      { email: org.admin.email },
    ]);
    expect((await tenantry('members list --no-json', { node })).out).toMatch(/^E-MAIL +NAME +ROLE/);
    expect((await tenantry('keys', { node })).out).not.toContain(input);
    const { code, errors } = await tenantry('logout', { node });

    expect([code, errors]).toEqual([0, expect.stringContaining('The token was deleted.')]);
    expect((await org.admin.api.as({ token: '', key: input }).get('/api/v1/orgs/current')).status).toBe(401);
    expect((await tenantry('orgs', { node })).code).toBe(3);
  });

  it('keeps keys for the user alone, and refuses a file that others may read', async () => {
    await logIn();
    expect([file(), dirname(file())].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);

    chmodSync(file(), 0o640);
    expect(await tenantry('orgs')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('read by others'),
    });
    chmodSync(file(), 0o600);
    expect((await tenantry('orgs')).code).toBe(0);
  });

  it('keeps no key in the folder where it runs', async () => {
    const env = { XDG_CONFIG_HOME: 'config-here', HOME: '' };
    const answer = await tenantry(`login --server ${t.url} --with-token`, { input: apiKey, env });

    expect(answer).toMatchObject({ code: 1, errors: expect.stringContaining('HOME is not set') });
    const made = ['.config', 'config-here'].filter((name) => existsSync(join(project.path, name)));
    expect(made).toEqual([]);
  });

  it('asks for the server after a logout, and takes none of the others', async () => {
    const other = t.url.replace('127.0.0.1', 'localhost');
    await logIn();
    await tenantry(`login --server ${other} --with-token`, { input: apiKey });
    await tenantry('logout --keep-token');

    const asked = await tenantry('orgs');
    expect([asked.code, asked.errors]).toEqual([2, expect.stringContaining(`--server: ${t.url}.`)]);
    expect((await tenantry(`orgs --server ${t.url}`)).code).toBe(0);
  });

  it('sends a key to its own server only, and nothing to others without https', async () => {
    await logIn();
    const other = t.url.replace('127.0.0.1', 'localhost');

    expect((await tenantry(`orgs --server ${other}`)).code).toBe(3);
    for (const address of ['http://example.com', 'http://127.0.0.1.example.com', 'ftp://127.0.0.1'])
      expect(await tenantry(`orgs --server ${address}`)).toMatchObject({
        code: 2,
        errors: expect.stringContaining('https only'),
      });
  });

  it('takes no key as an argument, and prefers that of the environment', async () => {
    await logIn();

    expect((await tenantry(`login --server ${t.url} --token ${apiKey}`)).code).toBe(2);
    const wrong = await tenantry('orgs', { env: { TENANTRY_API_KEY: 'lsv2_pt_wrong' } });
    expect(wrong).toMatchObject({ code: 3, errors: expect.stringContaining('TENANTRY_API_KEY') });
    expect((await tenantry('orgs', { env: { TENANTRY_API_KEY: '' } })).errors).toContain('empty');
    expect((await tenantry(`login --server ${t.url} --with-token`)).errors).toContain('no key');
    const elsewhere = { TENANTRY_URL: 'http://127.0.0.1:9', TENANTRY_API_KEY: apiKey };
    expect((await tenantry('orgs', { env: elsewhere })).code).toBe(4);
  });

  const invited = async (...emails: string[]): Promise<unknown[]> => {
    const query = emails.map((email) => `emails=${email}`).join('&');
    return (await org.admin.api.get(`/api/v1/orgs/current/members/pending?${query}`)).body;
  };

  it('invites the people of a file once, and none before that is confirmed', async () => {
    const [ada, grace] = [t.fixtures.email('ada'), t.fixtures.email('grace')];
    const path = join(project.path, 'people.csv');
    writeFileSync(
      path,
      `email,name,role\n${ada},"Lovelace, Ada",Organization Viewer\n${grace},,\n${ada},,\n`,
    );

    const asked = await tenantry(`members invite ${path}`, withKey());
    expect([asked.code, await invited(ada, grace)]).toEqual([2, []]);
    expect(JSON.parse(asked.out).map(({ state }: { state: string }) => state)).toEqual([
      'to invite',
      'to invite',
      'twice in the file',
    ]);

    expect((await tenantry(`members invite ${path} --yes`, withKey())).code).toBe(0);
    expect(await invited(ada, grace)).toHaveLength(2);
    expect(await invited(ada, grace)).toContainEqual(
      expect.objectContaining({ email: ada, full_name: 'Lovelace, Ada', role_name: 'Organization Viewer' }),
    );
    const again = await tenantry(`members invite ${path} --yes`, withKey());
    expect(again).toMatchObject({ code: 0, errors: expect.stringContaining('no one to invite') });
    expect(JSON.parse(again.out || '[]').map(({ state }: { state: string }) => state)).toEqual([
      'is invited',
      'is invited',
      'twice in the file',
    ]);
  });

  it('invites no one if one line is wrong', async () => {
    const path = join(project.path, 'wrong.csv');
    for (const display_name of ['Twins', 'Twins'])
      await org.admin.api.post('/api/v1/workspaces', { display_name });
    const good = t.fixtures.email();
    const wrong = [',Queen,', 'no-address,,', `${t.fixtures.email()},,Twins`, `${t.fixtures.email()},Queen,`];
    writeFileSync(path, ['email,role,workspace', `${good},,`, ...wrong].join('\n'));

    const { code, out, errors } = await tenantry(`members invite ${path} --yes`, withKey());

    expect([code, errors]).toEqual([1, expect.stringContaining('4 lines are wrong: nothing was sent')]);
    expect(JSON.parse(out).map(({ why }: { why: string }) => why)).toEqual([
      '',
      'there is no e-mail address',
      'this is not an e-mail address',
      'several workspaces are called Twins',
      'no role of the organization is called Queen',
    ]);
    expect(await invited(good)).toEqual([]);
  });

  it('says how many people were invited when the server stops to answer', async () => {
    const path = join(project.path, 'many.csv');
    const emails = Array.from({ length: 101 }, () => t.fixtures.email());
    writeFileSync(path, ['email', ...emails].join('\n'));
    let batches = 0;
    const relay = createServer((request, response) => void pass(request, response));
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
      if (request.method === 'POST' && ++batches > 1)
        return void response.writeHead(503, { 'x-should-retry': 'false' }).end();
      const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
      const body = request.method === 'POST' ? await textOf(request) : null;
      const answer = await fetch(`${t.url}${request.url}`, { method: request.method!, headers, body });
      response.writeHead(answer.status).end(await answer.text());
    }
    const { port } = relay.address() as AddressInfo;
    const env = { ...withKey().env, TENANTRY_URL: `http://127.0.0.1:${port}` };

    const { code, errors } = await tenantry(`members invite ${path} --yes`, { env });
    relay.close();

    expect([code, errors]).toEqual([4, expect.stringContaining('100 of 101 people were invited')]);
    expect(await tenantry(`members invite ${path} --yes`, withKey())).toMatchObject({
      code: 0,
      errors: '1 person was invited.\n',
    });
  });

  it('has not done what it was asked to do when its output is closed', async () => {
    const path = join(project.path, 'unread.csv');
    writeFileSync(path, `email\n${t.fixtures.email()}\n`);
    const script = `"$0" "$1" members invite "$2" | true; exit "\${PIPESTATUS[0]}"`;
    const env = { PATH: process.env['PATH'], ...withKey().env };

    const asked = run('bash', ['-c', script, process.execPath, program, path], { env });

    await expect(asked).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Repeat with --yes'),
    });
  });

  it('says what a removed member created and still works', async () => {
    const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const created = [
      await admin.api.post('/api/v1/orgs/current/service-keys', { description: 'deployment' }),
      await admin.api.post('/v1/platform/orgs/current/scim/tokens', { description: 'provider' }),
    ];
    expect(created.map(({ status }) => status)).toEqual([200, 201]);

    const { code, errors } = await tenantry(`members remove ${admin.email} --yes --no-json`, withKey());

    expect([code, errors]).toEqual([0, expect.stringContaining('still works: 1 service key, 1 SCIM token.')]);
  });

  it('explains and removes a member, the latter only when that is confirmed', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

    const explained = await tenantry(`explain ${member.email} --no-json`, withKey());
    expect(explained.out).toMatch(/^organization +Organization User .*\nworkspace .* Viewer /m);
    expect((await tenantry(`members remove ${member.email}`, withKey())).code).toBe(2);
    expect((await tenantry(`explain ${member.email}`, withKey())).code).toBe(0);
    expect((await tenantry(`members remove ${member.email} --yes`, withKey())).code).toBe(0);
    expect(await tenantry(`explain ${member.email}`, withKey())).toMatchObject({
      code: 1,
      errors: expect.stringContaining('is not a member'),
    });
  });

  it('names people in the lines of the audit log by their addresses', async () => {
    const email = t.fixtures.email();
    await org.admin.api.post('/api/v1/orgs/current/members', { email });

    const { out } = await tenantry('audit tail --no-json --lines 5', withKey());

    const line = out.split('\n').find((one) => one.includes(email));
    expect(line).toContain(org.admin.email);
    expect(line).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  it('follows the audit log, with each entry once and none of its own, also after the database has gone back', async () => {
    const args = [program, 'audit', 'tail', '--follow', '--lines', '1'];
    const env = { PATH: process.env['PATH'], ...withKey().env };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (text: Buffer) => (out += String(text)));
    const operations = () =>
      out
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { api: { operation: string } }).api.operation);
    try {
      await until(() => operations().length === 1, 30);
      for (const [at, name] of ['One', 'Two'].entries()) {
        await org.admin.api.post('/v1/platform/orgs/current/user-groups', { name });
        await until(() => operations().length === at + 2, 60);
      }
      await tamper(t, `delete from audit_entries where org_id = '${org.orgId}'`);
      await org.admin.api.post('/v1/platform/orgs/current/user-groups', { name: 'Three' });
      await until(() => operations().length === 4, 60);
    } finally {
      child.kill('SIGINT');
    }
    expect(operations().slice(1)).toEqual(Array(3).fill('create_user_group'));
  });

  it('follows the audit log beyond a restart of the server', async () => {
    const proxy = await ServerProxy.start(new URL(t.url).port);
    const args = [program, '--server', proxy.url, 'audit', 'tail', '--follow', '--lines', '1'];
    const env = { PATH: process.env['PATH'], ...withKey().env, TENANTRY_URL: proxy.url };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [outcome, texts] = [{ code: null as number | null }, { out: '', errors: '' }];
    child.stdout.on('data', (text: Buffer) => (texts.out += String(text)));
    child.stderr.on('data', (text: Buffer) => (texts.errors += String(text)));
    child.on('exit', (code) => (outcome.code = code));
    try {
      await until(() => texts.out.includes('\n'), 30);
      await proxy.stop();
      await until(() => texts.errors !== '' || outcome.code !== null, 60);
      const { body } = await org.admin.api.post('/v1/platform/orgs/current/user-groups', {
        name: 'Meanwhile',
      });
      await proxy.restart();
      await until(() => texts.out.includes(body.id) || outcome.code !== null, 60);

      expect(outcome.code).toBeNull();
      expect(texts.out.split('\n').filter((line) => line.includes(body.id))).toHaveLength(1);
      expect(texts.errors.match(/cannot be reached/g)).toHaveLength(1);
    } finally {
      child.kill('SIGINT');
      await proxy.stop();
    }
  });

  describe('the login with a browser', () => {
    type Stored = { token: string; login: { refreshToken: string; expiresAt: number; leaseEndsAt?: number } };
    type Decision = 'approve' | 'deny' | 'expire' | 'interrupt';

    let person: OrgWithAdmin['admin'];
    beforeEach(async () => {
      person = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
      rmSync(config, { recursive: true, force: true });
      front.delayMs = 0;
    });

    const stored = () =>
      (JSON.parse(readFileSync(file(), 'utf8')) as { servers: Record<string, Stored> }).servers[front.url]!;

    /** Changes what is stored, as time or a killed process would have. */
    function store(login: Partial<Stored['login']>): void {
      const entry = stored();
      const changed = { url: front.url, ...entry, login: { ...entry.login, ...login } };
      writeFileSync(file(), JSON.stringify({ current: front.url, servers: { [front.url]: changed } }));
    }
    const expire = () => store({ expiresAt: Date.now() + 59_000 });

    function start(args: string[], node = process.execPath) {
      const env = { PATH: process.env['PATH'], XDG_CONFIG_HOME: config };
      const child = spawn(node, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const texts = { out: '', errors: '' };
      child.stdout.on('data', (text: Buffer) => (texts.out += String(text)));
      child.stderr.on('data', (text: Buffer) => (texts.errors += String(text)));
      const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, ...texts }));
      return { child, texts, ended };
    }

    /** Without a terminal, and with a person who does this in the console. */
    async function logInWith(what: Decision, node?: string) {
      const { child, texts, ended } = start(['login', '--server', front.url], node);
      await until(() => texts.errors.includes('Waiting') || child.exitCode !== null);
      const code = /^or enter the code (\S+) at /m.exec(texts.errors)?.[1] ?? '';
      const decision = {
        organization_id: org.orgId,
        user_code: code,
        ...(what === 'deny' && { action: 'deny' }),
      };
      if (what === 'interrupt') child.kill('SIGINT');
      else if (what === 'expire')
        await t.sql(
          "update oauth_artifacts set expires_at = now() - interval '1 second' where kind = 'DeviceCode'",
        );
      else {
        const { body } = await t.post('/api/v1/oauth/device/request', { user_code: code }, person.api);
        expect(body.user_agent).toMatch(/^tenantry\/\d/);
        await t.post('/api/v1/oauth/device/authorize', decision, person.api.as({ orgId: org.orgId }));
      }
      return ended;
    }

    const grants = () => t.sql('select 1 from oauth_grants where user_id = $1', [person.userId]);

    it.each(NODES)(
      'keeps tokens once a person allows it, and ends them at the logout, on %s',
      async (node) => {
        const { code, out, errors } = await logInWith('approve', node);

        expect([code, out]).toEqual([0, '']);
        expect(errors).toMatch(
          new RegExp(
            `^Open ${front.url}/console/activate\\?user_code=(\\S+)\nor enter the code \\1 at ${front.url}/console/activate\n.*\nLogged in to ${front.url}: .+\\.\n$`,
          ),
        );
        const { token, login } = stored();
        expect([token.slice(0, 7), login.refreshToken.slice(0, 7)]).toEqual(['tnt_at_', 'tnt_rt_']);
        expect(statSync(file()).mode & 0o777).toBe(0o600);
        expect(errors).not.toContain('tnt_');
        expect(JSON.parse((await tenantry('orgs', { node })).out)).toMatchObject([{ id: org.orgId }]);

        const loggedOut = await tenantry('logout', { node });
        expect(loggedOut).toMatchObject({
          code: 0,
          errors: expect.stringContaining('was ended on the server'),
        });
        expect((await refresh(t, login.refreshToken, 'tenantry-cli')).body.error).toBe('invalid_grant');
        expect(await grants()).toEqual([]);
        expect((await tenantry('orgs', { node })).code).toBe(3);
      },
    );

    it.each<[Decision, number, RegExp]>([
      ['deny', 1, /The login was denied\.\n$/],
      ['expire', 1, /The code has expired .+\n$/],
      ['interrupt', 130, /Ctrl\+C cancels\.\n$/],
    ])('keeps nothing when a person does this: %s', async (what, code, message) => {
      expect(await logInWith(what)).toMatchObject({ code, errors: expect.stringMatching(message) });
      expect(existsSync(file())).toBe(false);
      expect(await grants()).toEqual([]);
    });

    it('names the login with a key where the server has no other one', async () => {
      const server = await startTestApp();
      const answer = await tenantry(`login --server ${server.url}`);
      await server.close();

      expect(answer).toMatchObject({
        code: 2,
        errors: expect.stringContaining(`tenantry login --server ${server.url} --with-token\n`),
      });
    });

    it('names the public address of the server when it is given another one', async () => {
      expect(await tenantry(`login --server ${t.url}`)).toMatchObject({
        code: 2,
        errors: expect.stringContaining(`its address is ${front.url}: use that`),
      });
    });

    const atOnce = (number: number) =>
      Promise.all(Array.from({ length: number }, () => start(['orgs']).ended));

    it('refreshes tokens once when several processes need new ones at the same time', async () => {
      await logInWith('approve');
      for (const round of [1, 2]) {
        expire();
        const before = front.tokenRequests;
        front.delayMs = 500;

        const answers = await atOnce(6);

        expect([round, ...answers.map(({ code, errors }) => `${code}${errors}`)]).toEqual([
          round,
          ...Array<string>(6).fill('0'),
        ]);
        expect(front.tokenRequests - before).toBe(1);
      }
      expect(stored().login.leaseEndsAt).toBeUndefined();
      expect(await grants()).toHaveLength(1);
    });

    it('refreshes tokens once when the server does not accept the access token of several processes', async () => {
      await logInWith('approve');
      await t.sql("update oauth_artifacts set expires_at = now() where kind = 'AccessToken'");
      const before = front.tokenRequests;

      const answers = await atOnce(4);

      expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
      expect(front.tokenRequests - before).toBe(1);
    });

    it('refreshes in place of a process that was killed while it did, after its lease', async () => {
      await logInWith('approve');
      const leaseEndsAt = Date.now() + 2000;
      store({ expiresAt: 0, leaseEndsAt });

      expect((await tenantry('orgs')).code).toBe(0);
      expect(Date.now()).toBeGreaterThanOrEqual(leaseEndsAt);
      expect(stored().login.leaseEndsAt).toBeUndefined();
    });

    it('keeps the new tokens when it is interrupted while it refreshes', async () => {
      await logInWith('approve');
      expire();
      const [before, { token }] = [front.tokenRequests, stored()];
      front.delayMs = 1000;
      const { child, ended } = start(['orgs']);
      await until(() => front.tokenRequests > before);
      child.kill('SIGINT');

      expect(await ended).toMatchObject({ code: 130, out: '' });
      expect(stored().token).not.toBe(token);
      expect((await tenantry('orgs')).code).toBe(0);
      expect(front.tokenRequests - before).toBe(1);
    });

    it('ends the login also while another process refreshes it', async () => {
      await logInWith('approve');
      expire();
      const before = front.tokenRequests;
      front.delayMs = 1000;
      const { ended } = start(['orgs']);
      await until(() => front.tokenRequests > before);

      expect((await tenantry('logout')).code).toBe(0);
      await ended;
      expect(await grants()).toEqual([]);
      expect((await tenantry('orgs')).code).toBe(3);
    });

    it('asks for another login, and forgets the tokens, when the login was ended on the server', async () => {
      await logInWith('approve');
      await t.sql('delete from oauth_grants where user_id = $1', [person.userId]);

      expect(await tenantry('orgs')).toMatchObject({
        code: 3,
        errors: expect.stringContaining('log in again'),
      });
      expect((await tenantry(`orgs --server ${front.url}`)).errors).toContain('Log in first');
    });
  });

  it('completes commands and options in bash', async () => {
    const { out } = await tenantry('completion bash');
    const script = `${out}\nCOMP_WORDS=(tenantry --server x members in); COMP_CWORD=4; _tenantry; echo "$COMPREPLY"
      COMP_WORDS=(tenantry audit tail --fo); COMP_CWORD=3; _tenantry; echo "$COMPREPLY"`;

    expect((await run('bash', ['-c', script])).stdout).toBe('invite\n--follow\n');
  });
});
