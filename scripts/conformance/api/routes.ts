import { randomUUID } from 'node:crypto';
import type { Sequence } from '../area.ts';
import { get, newName, ORG, PLATFORM, post, remove } from './requests.ts';

const ALIASES: Sequence = {
  name: 'routes without prefix',
  run: async (client) => {
    for (const path of ['/info', '/settings', '/workspaces', '/ok', '/me/onboarding_state']) {
      const full = await client.send(get(`/api/v1${path}`));
      await client.check(`${path} is /api/v1${path}`, get(path), { status: full.status });
    }
    for (const path of [`${PLATFORM}/members?limit=1`, '/health', '/api/docs', '/api/openapi.json'])
      await client.check(`serves ${path}`, get(path), { status: 200 });
    await client.check('has no other route without prefix', get('/orgs'), { status: 404 });
  },
};

const ANSWERS: Sequence = {
  name: 'answers',
  run: async (client) => {
    for (const path of [ORG, `${ORG}/info`])
      await client.check(`shows the tier: ${path}`, get(path), { status: 200, body: { tier: 'enterprise' } });
    for (const path of [`/api/v1/api-key/${randomUUID()}`, `${ORG}/service-keys/${randomUUID()}`])
      await client.check('returns 404 for the id of a key that is not here', remove(path), { status: 404 });
    for (const method of ['GET', 'DELETE'] as const)
      await client.check(
        `returns 400 for the malformed id of an access policy: ${method}`,
        { method, path: `${PLATFORM}/access-policies/nonsense` },
        { status: 400, body: { error: /UUID/ } },
      );
  },
};

const AUDIT: Sequence = {
  name: 'audit log',
  run: async (client) => {
    const role = { display_name: newName(), description: '', permissions: ['runs:read'] };
    await client.create(`${ORG}/roles`, role);
    await client.check('refuses the same role', post(`${ORG}/roles`, role), { status: 409 });
    const day = 86_400_000;
    const times = { start_time: new Date(Date.now() - day), end_time: new Date(Date.now() + day) };
    const query = Object.entries(times).map(([name, time]) => `${name}=${time.toISOString()}`);
    const { body } = await client.send(
      get(`/api/v1/audit-logs?${query.join('&')}&limit=20&operation=create_role`),
    );
    const codes = (body['items'] as { api: { operation: string }; http_response: { code: number } }[])
      .filter(({ api }) => api.operation === 'create_role')
      .map(({ http_response: { code } }) => code);
    client.compare(
      'has the status of the responses that were sent, newest first',
      [409, 200],
      codes.slice(0, 2),
    );
  },
};

export const ROUTES: readonly Sequence[] = [ALIASES, ANSWERS, AUDIT];
