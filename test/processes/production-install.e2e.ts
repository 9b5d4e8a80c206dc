/** @takes-long */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { adminCommand } from '../support/admin-command.js';
import { Api } from '../support/api.js';
import { emptyFolder, ROOT, SERVER_FILES, ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET } from '../support/test-app.js';
import { emptyDatabase } from '../support/test-database.js';

const TOP_LEVEL_PACKAGE = /^node_modules\/(@[^/]+\/)?[^/]+$/;

let production: ReturnType<typeof emptyFolder>;
let data: ReturnType<typeof emptyFolder>;
let root: string;

beforeAll(() => {
  production = emptyFolder();
  data = emptyFolder();
  root = join(production.path, 'Tenantry [copy] {1,2} (old)'); // these would mean something in a pattern
  for (const name of SERVER_FILES) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  for (const path of productionPackages()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(root, path));
  }
});

afterAll(() => {
  production.remove();
  data.remove();
});

/** The top-level packages that `npm ci --omit=dev` installs by the lock file; each brings what it depends on. */
function productionPackages(): string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev = false }]) => TOP_LEVEL_PACKAGE.test(path) && !dev && existsSync(join(ROOT, path)))
    .map(([path]) => path);
}

it('starts with production dependencies only when DATABASE_URL is set, in a folder whose name has brackets', async () => {
  const environment = {
    DATABASE_URL: await emptyDatabase(),
    DATA_DIR: data.path,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
  };
  const server = new ServerProcess(environment, { root });
  const api = new Api(await server.ready());

  const { email, password } = ADMIN;
  expect((await api.post('/api/v1/login', { email, password })).status).toBe(200);
  const description = await api.get('/openapi.json');
  expect(description.status).toBe(200);
  expect(description.body).toEqual(JSON.parse(readFileSync(join(ROOT, 'openapi/served.json'), 'utf8')));
  expect(await server.stop()).toBe(0);
});

it('reports a missing DATABASE_URL with the other wrong settings when the embedded PostgreSQL is not installed', async () => {
  const server = new ServerProcess({ DATA_DIR: data.path, PORT: 'many' }, { root });

  expect(await server.ended()).toBe(1);

  expect(server.stderr.trim().split('\n')).toEqual([
    'The environment has 2 problem(s):',
    expect.stringMatching(/^ {2}PORT: /),
    expect.stringMatching(/^ {2}DATABASE_URL: is required, .*`npm ci --omit=dev`/),
  ]);
  expect(server.stdout).toBe('');
  expect(readdirSync(data.path)).toEqual([]);
});

it('refuses an admin command in the same words when the embedded PostgreSQL is not installed', async () => {
  const { code, errors } = await adminCommand({ DATA_DIR: data.path }, ['help'], '', root);

  expect(code).toBe(1);
  expect(errors).toMatch(/^The environment has 1 problem\(s\):\n {2}DATABASE_URL: is required/);
});
