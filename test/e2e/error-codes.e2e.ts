import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { basicAuth } from '../support/forged-credentials.js';
import { loggedDuring } from '../support/server-host.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('X-Error-Code', () => {
  const WORKSPACES = '/api/v1/workspaces';
  const POLICIES = '/v1/platform/orgs/current/access-policies';
  const CODE = 'x-error-code';

  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp({ RATE_LIMIT_LOGINS_PER_MINUTE: '1' });
    org = await t.fixtures.orgWithAdmin();
  });
  afterAll(() => t.close());

  const statusAndCode = ({ status, headers }: Reply) => [status, headers.get(CODE)];
  const asJson = { 'content-type': 'application/json' };

  it('names the cause of every kind of refusal in X-Error-Code', async () => {
    const { api } = org.admin;
    const member = `/api/v1/orgs/current/members/${randomUUID()}`;
    const large = { raw: 'x'.repeat(1_100_000), headers: asJson };
    const id = { id: randomUUID(), display_name: 'Same id' };
    expect((await api.post(WORKSPACES, id)).status).toBe(200);

    const refused: [Promise<Reply>, number, string][] = [
      [t.api.get(WORKSPACES), 401, 'invalid_credential'],
      [api.as({ orgId: randomUUID() }).get('/api/v1/orgs/current'), 403, 'context_forbidden'],
      [api.get('/api/v1/nowhere'), 404, 'route_not_found'],
      [api.get('/api/v1/%zz'), 404, 'route_not_found'],
      [api.delete(member), 404, 'member_not_found'],
      [api.send('PUT', WORKSPACES, {}), 405, 'method_not_allowed'],
      [api.post(WORKSPACES, id), 409, 'workspace_id_taken'],
      [api.post(WORKSPACES, undefined, large), 413, 'body_too_large'],
      [
        api.post(WORKSPACES, undefined, { raw: 'a=b', headers: { 'content-type': 'text/plain' } }),
        415,
        'unsupported_media_type',
      ],
      [api.post(WORKSPACES, {}), 422, 'validation_failed'],
      [api.post(WORKSPACES, undefined, { raw: '{', headers: asJson }), 422, 'validation_failed'],
    ];

    for (const [reply, status, code] of refused) expect(statusAndCode(await reply)).toEqual([status, code]);
  });

  it('names the cause on platform routes, which return 400 for invalid values', async () => {
    expect(statusAndCode(await org.admin.api.post(POLICIES, {}))).toEqual([400, 'validation_failed']);
    expect(statusAndCode(await org.admin.api.get('/v1/platform/nowhere'))).toEqual([404, 'route_not_found']);
  });

  it('names the cause on SCIM routes beside the scimType of the body', async () => {
    const { body } = await org.admin.api.post('/v1/platform/orgs/current/scim/tokens', {
      description: 'IdP',
    });
    const scim = t.api.as({ token: body.token });

    const filtered = await scim.get('/scim/v2/Users?filter=nothing');
    expect(statusAndCode(filtered)).toEqual([400, 'scim_invalid_filter']);
    expect(JSON.parse(filtered.body).scimType).toBe('invalidFilter');
    expect(statusAndCode(await scim.get(`/scim/v2/Users/${randomUUID()}`))).toEqual([
      404,
      'scim_resource_not_found',
    ]);
    expect(statusAndCode(await scim.get('/scim/v2/Schemas?filter=id'))).toEqual([
      403,
      'scim_filter_not_supported',
    ]);
    expect(statusAndCode(await t.api.get('/scim/v2/Users'))).toEqual([401, 'invalid_credential']);
  });

  it('names the cause when a rate limit is reached', async () => {
    const login = () => t.api.post('/api/v1/login', { email: 'unknown@example.com', password: 'wrong' });

    expect(statusAndCode(await login())).toEqual([401, 'invalid_login']);
    expect(statusAndCode(await login())).toEqual([429, 'too_many_requests']);
  });

  it('names the cause when a sign-in fails, on the page and in JSON', async () => {
    const path = '/api/v1/oauth/custom-oidc/login';
    const page = await t.api.get(path, { headers: { accept: 'text/html' } });

    expect(statusAndCode(page)).toEqual([404, 'sso_disabled']);
    expect(page.body).toContain('<html');
    expect(statusAndCode(await t.api.get(path))).toEqual([404, 'sso_disabled']);
  });

  it('names the cause in the response to bytes that are no HTTP request', async () => {
    const socket = connect(Number(new URL(t.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.end('nothing of HTTP\r\n\r\n');

    expect(await textOf(socket)).toMatch(
      /^HTTP\/1.1 400 Bad Request\r\n[^]*x-error-code: malformed_request\r\n/,
    );
  });

  it('lets browsers read the code of an error', async () => {
    const { headers } = await t.api.get(WORKSPACES, { headers: { origin: 'https://app.example.com' } });

    expect(headers.get('access-control-expose-headers')!.split(/, */)).toContain('X-Error-Code');
  });

  it('sends no X-Error-Code with a success', async () => {
    expect((await org.admin.api.get(WORKSPACES)).headers.has(CODE)).toBe(false);
  });
});

describe('a fault of the server', () => {
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
      expect(asked.map(({ text }) => text)).toEqual([
        fault,
        problem,
        fault,
        fault.replace('detail', 'error'),
      ]);
      expect(logged).toContain('PATCH /api/v1/orgs/members/basic failed');
      expect(logged).toContain('POST /api/v1/orgs/current/personal-access-tokens failed');
      expect(logged).toMatch(/"stack":"[^"]*column .* does not exist.*\\n {4}at /);
      const secrets = [
        password,
        person.password,
        token,
        made.key as string,
        (made.key as string).slice(8, 40),
      ];
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
      for (const secret of [
        password,
        email,
        basicAuth(email, password)['authorization']!.slice(6),
        '$argon2',
      ])
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
});
