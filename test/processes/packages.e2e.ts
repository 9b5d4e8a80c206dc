/** @takes-long */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { emptyFolder, ROOT } from '../support/server-process.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const run = promisify(execFile);
const WEBHOOK_SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

/** The Node of the tests and, if there is one, that of the machine: packages run on Node 20, too. */
const NODES = [process.execPath, ...ofMachine()];

let t: TestApp;
let org: OrgWithAdmin;
let project: ReturnType<typeof emptyFolder>;
let apiKey: string;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  apiKey = (await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;
  project = emptyFolder();
  writeFileSync(join(project.path, 'package.json'), '{ "type": "module" }');
});
afterAll(async () => {
  await t.close();
  project.remove();
});

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
 * Installs what `npm pack` writes, with dependencies from this repository instead of a registry. It is built in a copy, since
 * other tests use the build in this repository.
 */
async function install(name: string): Promise<string> {
  const copy = join(project.path, 'repository/packages', name);
  const isSource = (path: string) => !/\/(dist|generated)$/.test(path);
  cpSync(join(ROOT, 'packages', name), copy, { recursive: true, filter: isSource });
  cpSync(join(ROOT, 'openapi/served.json'), join(project.path, 'repository/openapi/served.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(project.path, 'repository/node_modules'));
  const { stdout } = await run('npm', ['pack', '--json'], { cwd: copy });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string }];

  const folder = join(project.path, 'node_modules/@tenantry', name);
  mkdirSync(folder, { recursive: true });
  await run('tar', ['-xzf', join(copy, filename), '-C', folder, '--strip-components=1']);
  for (const each of Object.keys(manifestOf(folder).dependencies)) {
    const link = join(project.path, 'node_modules', each);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(join(ROOT, 'node_modules', each), link);
  }
  return folder;
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };

const filesIn = async (folder: string) =>
  (await run('find', [folder, '-type', 'f', '-printf', '%P\n'])).stdout.trim().split('\n');

describe('the package of the client', () => {
  let folder: string;
  let examples: string[];
  beforeAll(async () => {
    folder = await install('client');
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = ''], at) => {
      const path = join(project.path, `example-${at + 1}.js`);
      writeFileSync(path, code);
      return path;
    });
  });

  it('has code, types, README and licence, and the version of the server', async () => {
    const files = await filesIn(folder);

    expect(files.filter((file) => !/^dist\/[a-z/]+\.(js|d\.ts)$/.test(file)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/generated/schema.d.ts']));
    expect(manifestOf(folder).version).toBe(manifestOf(ROOT).version);
    expect(readFileSync(join(folder, 'LICENSE'))).toEqual(readFileSync(join(ROOT, 'LICENSE')));
  });

  it('has at most 30 kB of compressed code, with its dependency', async () => {
    const files = (await filesIn(join(folder, 'dist'))).filter((file) => file.endsWith('.js'));
    const own = files.map((file) => readFileSync(join(folder, 'dist', file)));
    const fetch = readFileSync(join(ROOT, 'node_modules/openapi-fetch/dist/index.mjs'));

    expect(Object.keys(manifestOf(folder).dependencies)).toEqual(['openapi-fetch']);
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
      '--noEmit --strict --allowJs --checkJs --types node --target es2022 --module nodenext --lib es2022,dom,dom.iterable';
    const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options.split(' '), ...examples, wrong];

    const { stdout } = await run(process.execPath, tsc, { cwd: project.path }).catch(
      (refused: { stdout: string }) => refused,
    );

    expect(stdout.match(/^\S+(?=\(\d)/gm)).toEqual(['wrong.ts', 'wrong.ts']);
  });
});
