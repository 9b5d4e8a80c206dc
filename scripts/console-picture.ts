/**
 * `npm run console:picture`: writes `docs/images/console.png`, the picture of the README, from a server with a small
 * team. Needs Chromium.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../test/support/chromium.ts';

const FILE = fileURLToPath(new URL('../docs/images/console.png', import.meta.url));
const SIZE = { width: 1120, height: 640 };
const ADMIN = { email: 'ada@example.com', password: 'Picture-Of-A-Team-1!' };
const TEAM = [
  'Grace Hopper',
  'Katherine Johnson',
  'Radia Perlman',
  'Barbara Liskov',
  'Margaret Hamilton',
  'Frances Allen',
];

execFileSync(process.execPath, [script('build-console.mjs')]);
const data = mkdtempSync(join(tmpdir(), 'tenantry-picture-'));
const server = startServer(data);
try {
  const url = await addressOf(server);
  await addTeam(url);
  await takePicture(url);
} finally {
  server.kill('SIGINT');
  await once(server, 'exit');
  rmSync(data, { recursive: true, force: true });
}

function roleOf(index: number): string {
  return index % 3 === 2 ? 'WORKSPACE_VIEWER' : 'WORKSPACE_USER';
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function startServer(dataDirectory: string): ChildProcess {
  return spawn(process.execPath, [script('start.mjs')], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: dataDirectory,
      INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
      INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
      INITIAL_ORG_NAME: 'Analytical Engines',
      DEFAULT_WORKSPACE_NAME: 'Search',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the server has no output');
  for await (const line of createInterface({ input: stdout })) {
    const url = /Tenantry listens on ([^,"\s]+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('the server did not start');
}

async function addTeam(url: string): Promise<void> {
  const { access_token: token } = (await send(url, '/login', ADMIN)) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const [workspace] = (await send(url, '/workspaces', null, headers)) as { id: string }[];
  const roles = (await send(url, '/orgs/current/roles', null, headers)) as { id: string; name: string }[];
  const people = TEAM.map((name, index) => ({
    email: `${name.split(' ')[0]?.toLowerCase()}@example.com`,
    full_name: name,
    workspace_ids: [workspace?.id],
    workspace_role_id: roles.find((role) => role.name === roleOf(index))?.id,
  }));
  await send(url, '/orgs/current/members/basic/batch', people, headers);
}

/** POST with a body, GET with null. */
async function send(url: string, path: string, body: unknown, headers = {}): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: body === null ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function takePicture(url: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: SIZE, locale: 'en-US', colorScheme: 'light' });
    await page.goto(`${url}/console/`);
    await page.fill('input[name=username]', ADMIN.email);
    await page.fill('input[name=password]', ADMIN.password);
    await page.click('button[type=submit]');
    await page.getByText('Grace Hopper').waitFor();
    await page.getByRole('button', { name: 'Hide the first steps' }).click();
    await page.mouse.move(0, 0); // no row is highlighted
    await page.screenshot({ path: FILE });
  } finally {
    await browser.close();
  }
}
