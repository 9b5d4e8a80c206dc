/**
 * `npm run console:picture`: writes the pictures of the README and of `docs/guides` from a server with a small team. Needs
 * Chromium.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { launchChromium } from '../test/support/chromium.ts';

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

/** Opens what a picture shows. Returns the part of the page to take, or null for all of it. */
type Steps = (page: Page) => Promise<Locator | null>;

/** By name, in this order. */
const PICTURES: Readonly<Record<string, Steps>> = {
  console: async () => null,
  'guide-move-people-in': async (page) => {
    await page.getByRole('button', { name: 'Add members' }).click();
    await page
      .getByLabel('People', { exact: true })
      .fill('email,name\nhedy@example.com,Hedy Lamarr\nradia@example.com,Radia Perlman\nada.example,');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: /^Add \d+ p/ }).waitFor();
    return page.getByRole('dialog');
  },
  'guide-let-people-go': async (page) => {
    await openFromMenu(page, 'Members of the organization');
    await page
      .getByRole('row', { name: /Barbara Liskov/ })
      .getByRole('button', { name: /Actions/ })
      .click();
    await page.getByRole('menuitem', { name: 'Remove from the organization' }).click();
    await page.getByText('Otherwise they keep working.').waitFor();
    return page.getByRole('dialog');
  },
  'guide-single-sign-on': async (page) => {
    await openFromMenu(page, 'Single sign-on');
    await page.getByText('What happens at a sign-in').waitFor();
    return null;
  },
  'guide-scim': async (page) => {
    await openFromMenu(page, 'Provisioning');
    await page.getByRole('heading', { name: 'SCIM tokens' }).waitFor();
    return null;
  },
};

async function openFromMenu(page: Page, name: string): Promise<void> {
  await page.goto(new URL('/console/', page.url()).href); // closes what is open
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

async function takePictures(url: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: SIZE, locale: 'en-US', colorScheme: 'light' });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(`${url}/console/`);
    await page.fill('input[name=username]', ADMIN.email);
    await page.fill('input[name=password]', ADMIN.password);
    await page.click('button[type=submit]');
    await page.getByText('Grace Hopper').waitFor();
    await page.getByRole('button', { name: 'Hide the first steps' }).click();
    for (const [name, steps] of Object.entries(PICTURES)) {
      const part = await steps(page);
      await page.mouse.move(0, 0); // no row is highlighted
      const path = fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url));
      await (part ?? page).screenshot({ path });
    }
  } finally {
    await browser.close();
  }
}

execFileSync(process.execPath, [script('build-console.mjs')]);
const data = mkdtempSync(join(tmpdir(), 'tenantry-picture-'));
const server = startServer(data);
try {
  const url = await addressOf(server);
  await addTeam(url);
  await takePictures(url);
} finally {
  server.kill('SIGINT');
  await once(server, 'exit');
  rmSync(data, { recursive: true, force: true });
}
