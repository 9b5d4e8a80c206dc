import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { ADMIN, INVITED, ORGANIZATION, WORKSPACES } from '../../scripts/demo/people.js';
import { adminCommand } from '../support/admin-command.js';
import { Api } from '../support/api.js';
import { basicAuth } from '../support/forged-credentials.js';
import { emptyFolder, ServerProcess } from '../support/server-process.js';
import { emptyDatabase } from '../support/test-database.js';

const folder = emptyFolder();
let environment: Record<string, string>;
beforeAll(async () => {
  environment = { DATABASE_URL: await emptyDatabase(), DATA_DIR: folder.path, PORT: '0' };
});
afterAll(() => folder.remove());

const OPEN = /^Open (\S+) and sign in/m;

/** Runs `npm run demo` until it can be used, or has ended; returns its output. */
async function demo(
  settings: Record<string, string>,
  work: (visitor: Api) => Promise<void>,
): Promise<string> {
  const server = new ServerProcess(settings, { viaNpm: 'demo' });
  const ended = server.ended();
  const isOver = () => Promise.race([ended.then(() => true), pause(100, false)]);
  try {
    await server.ready();
    while (!OPEN.test(server.stdout) && !(await isOver()));
    const url = OPEN.exec(server.stdout)?.[1];
    if (url) await work(new Api(url));
  } finally {
    await server.stop();
  }
  return server.stdout + server.stderr;
}

async function asAdmin(api: Api): Promise<Api> {
  const { body } = await api.post('/api/v1/login', undefined, {
    headers: basicAuth(ADMIN.email, ADMIN.password),
  });
  return api.as({ token: body.access_token });
}

it('fills an empty installation with 200 people, 8 workspaces, invitations in every state and a sealed month, once', async () => {
  await demo(environment, async (visitor) => {
    const api = await asAdmin(visitor);
    const { body: info } = await api.get('/api/v1/orgs/current/info');
    expect(info.display_name).toBe(ORGANIZATION);
    const members = await api.get('/api/v1/orgs/current/members/active?limit=1');
    expect(members.headers.get('x-pagination-total')).toBe('200');
    const { body: workspaces } = await api.get('/api/v1/workspaces');
    expect(workspaces.map((one: { display_name: string }) => one.display_name).sort()).toEqual(
      [...WORKSPACES].sort(),
    );
    const { body: pending } = await api.get('/api/v1/orgs/current/members/pending?limit=100');
    const expired = pending.filter((one: { is_expired: boolean }) => one.is_expired);
    expect([pending.length, expired.length]).toEqual([13, 4]);
    const [lead] = INVITED.accepted;
    const headers = basicAuth(lead?.email ?? '', ADMIN.password);
    expect((await visitor.post('/api/v1/login', undefined, { headers })).status).toBe(200);
    const { body: groups } = await api.get('/v1/platform/orgs/current/user-groups?page_size=100');
    expect(groups.items.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['Data science', 'On call']),
    );
    const monthAgo = new Date(Date.now() - 25 * 86_400_000).toISOString();
    const query = `start_time=2000-01-01T00:00:00Z&end_time=${monthAgo}&limit=100`;
    const { body: log } = await api.get(`/api/v1/audit-logs?${query}`);
    expect(log.items).toHaveLength(100);
    expect(log.items[0].unmapped.original_audit_log.enrichments.details).toEqual({ demo: true });
  });

  const { output } = await adminCommand(environment, ['audit:verify']);
  expect(output).toMatch(/intact/);
  expect(output).not.toMatch(/broken|does not match/);

  const second = await demo(environment, async (visitor) => {
    const members = await (await asAdmin(visitor)).get('/api/v1/orgs/current/members/active?limit=1');
    expect(members.headers.get('x-pagination-total')).toBe('200');
  });

  expect(second).not.toMatch(/Filling the demo|cannot be set up/);
});

it('refuses an installation that holds other data', async () => {
  const other = { ...environment, DATABASE_URL: await emptyDatabase() };
  const server = new ServerProcess({
    ...other,
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
  });
  const api = await asAdmin(new Api(await server.ready()));
  await api.post('/api/v1/orgs/current/members/basic/batch', [{ email: 'grace@example.com' }]);
  await server.stop();

  const work = jest.fn(() => Promise.resolve());
  const output = await demo(other, work);

  expect(output).toMatch(/holds other data/);
  expect(work).not.toHaveBeenCalled();
});

it('refuses to listen for other machines, since its password is public', async () => {
  const server = new ServerProcess({ ...environment, HOST: '0.0.0.0' }, { viaNpm: 'demo' });

  expect(await server.ended()).toBe(2);
  expect(server.stderr).toMatch(/loopback/);
});
