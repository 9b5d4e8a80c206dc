import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loggedDuring } from '../support/server-host.js';
import { basicAuth } from '../support/forged-credentials.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A response by plain `fetch`, since the test client throws on 5xx. */
type Asked = { status: number; text: string };

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

async function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Asked> {
  const response = await fetch(`${t.url}${path}`, {
    method,
    headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, text: await response.text() };
}

describe('internal errors of the server', () => {
  it('reveals no cause to the caller and writes no secrets of the caller to the log', async () => {
    const org = await t.fixtures.defaultOrg();
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const token = await t.fixtures.login(person.email, person.password);
    const { body: made } = await person.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const password = 'Unheard-Of-Horse-Battery';
    const session = { authorization: `Bearer ${token}` };
    for (const change of [
      'alter table passwords drop column updated_at',
      'alter table api_keys drop column description',
      'alter table organizations rename column display_name to name',
    ])
      await t.sql(change);

    const asked: Asked[] = [];
    const logged = await loggedDuring(async () => {
      asked.push(
        await ask('PATCH', '/api/v1/orgs/members/basic', session, { password, full_name: 'A Secret Name' }),
        await ask('POST', '/api/v1/orgs/current/personal-access-tokens', session, {
          description: 'secret words',
        }),
        await ask('GET', '/api/v1/orgs/current', { 'x-api-key': made.key as string }),
        await ask('GET', '/v1/platform/orgs/current/info', { 'x-api-key': made.key as string }),
      );
    });

    const fault = '{"detail":"Internal Server Error"}';
    expect(asked.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    const problem =
      '{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"Internal Server Error"}';
    expect(asked.map(({ text }) => text)).toEqual([fault, problem, fault, fault.replace('detail', 'error')]);
    expect(logged).toContain('PATCH /api/v1/orgs/members/basic failed');
    expect(logged).toContain('POST /api/v1/orgs/current/personal-access-tokens failed');
    expect(logged).toMatch(/"stack":"[^"]*column .* does not exist.*\\n {4}at /);
    const secrets = [password, person.password, token, made.key as string, (made.key as string).slice(8, 40)];
    for (const secret of [...secrets, '$argon2', 'lsv2_', 'A Secret Name', 'secret words', person.email])
      expect(logged).not.toContain(secret);
  });

  it('creates no session and logs neither token nor password when a login fails internally', async () => {
    const { email, password } = { email: 'admin@example.com', password: 'Correct-Horse-Battery' };
    await t.sql('alter table sessions drop column created_at');

    let reply: Asked | undefined;
    const logged = await loggedDuring(async () => {
      reply = await ask('POST', '/api/v1/login', basicAuth(email, password));
    });

    expect(reply).toEqual({ status: 500, text: '{"detail":"Internal Server Error"}' });
    expect(logged).toContain('POST /api/v1/login failed');
    for (const secret of [password, email, basicAuth(email, password)['authorization']!.slice(6), '$argon2'])
      expect(logged).not.toContain(secret);
  });

  it('reveals no database error when the audit entry for a refusal cannot be written', async () => {
    const broken = await startTestApp();
    try {
      const org = await broken.fixtures.defaultOrg();
      const viewer = await broken.fixtures.member(org, {
        org: 'ORGANIZATION_VIEWER',
        workspace: 'WORKSPACE_VIEWER',
      });
      const token = await broken.fixtures.login(viewer.email, viewer.password);
      await broken.sql('alter table audit_entries rename to lost_entries');

      let text = '';
      await loggedDuring(async () => {
        const response = await fetch(`${broken.url}/api/v1/orgs/current/roles`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: '{}',
        });
        text = await response.text();
      });

      expect(text).not.toMatch(/audit_entries|relation/);
    } finally {
      await broken.close();
    }
  });
});
