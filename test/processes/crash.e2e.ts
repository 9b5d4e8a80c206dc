/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { ADMIN } from '../support/test-app.js';
import { emptyFolder, ServerProcess } from '../support/server-process.js';

const BATCH = 500;
const ENVIRONMENT = {
  INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
  INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
  RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0',
};

let data: ReturnType<typeof emptyFolder>;
let server: ServerProcess;
let admin: Api;
beforeAll(async () => {
  data = emptyFolder();
  admin = await start();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  data.remove();
});

async function start(): Promise<Api> {
  server = new ServerProcess({ ...ENVIRONMENT, DATA_DIR: data.path });
  const anonymous = new Api(await server.ready());
  const { body } = await anonymous.post('/api/v1/login', { email: ADMIN.email, password: ADMIN.password });
  return anonymous.as({ token: body.access_token });
}

/** Sends batches, two at a time, until the server is gone; returns those that it acknowledged. */
async function inviteUntilGone(api: Api, acknowledged: Set<string>): Promise<void> {
  const send = async (stream: string) => {
    for (let n = 0; ; n++) {
      const name = `${stream}${n}x`;
      const rows = Array.from({ length: BATCH }, (_, row) => ({ email: `${name}${row}@example.com` }));
      const reply = await api.post('/api/v1/orgs/current/members/batch', rows).catch(() => null);
      if (!reply) return;
      expect([reply.status, reply.body.length]).toEqual([200, BATCH]);
      acknowledged.add(name);
    }
  };
  await Promise.all([send('a'), send('b')]);
}

/** How many users of each batch are pending. */
async function pendingByBatch(api: Api): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let offset = 0; ; offset += 500) {
    const { body } = await api.get(`/api/v1/orgs/current/members/pending?limit=500&offset=${offset}`);
    for (const { email } of body as { email: string }[]) {
      const name = /^[ab]\d+x/.exec(email)![0];
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    if (body.length < 500) return counts;
  }
}

const postmaster = () =>
  Number(readFileSync(join(data.path, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

it.each([
  ['the server', /PostgreSQL already runs/, () => server.kill('SIGKILL')],
  [
    'the server and its database',
    /^Tenantry listens/m,
    () => {
      process.kill(postmaster(), 'SIGKILL');
      server.kill('SIGKILL');
    },
  ],
])(
  'stores each batch completely or not at all when %s is killed during batches',
  async (_what, says, kill) => {
    const before = await pendingByBatch(admin);
    const acknowledged = new Set<string>();

    const stream = inviteUntilGone(admin, acknowledged);
    await until(() => acknowledged.size >= 4, 30);
    kill();
    await stream;
    expect(await server.ended()).toBe('SIGKILL');
    admin = await start();
    const found = await pendingByBatch(admin);

    expect(server.messages).toMatch(says);
    expect([...found.values()].filter((count) => count !== BATCH)).toEqual([]);
    expect([...acknowledged].filter((name) => !found.has(name))).toEqual([]);
    expect([...before.keys()].filter((name) => !found.has(name))).toEqual([]);
  },
);
