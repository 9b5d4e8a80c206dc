import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

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

it('names the cause on platform routes, which answer 400 to invalid values', async () => {
  expect(statusAndCode(await org.admin.api.post(POLICIES, {}))).toEqual([400, 'validation_failed']);
  expect(statusAndCode(await org.admin.api.get('/v1/platform/nowhere'))).toEqual([404, 'route_not_found']);
});

it('names the cause on SCIM routes beside the scimType of the body', async () => {
  const { body } = await org.admin.api.post('/v1/platform/orgs/current/scim/tokens', { description: 'IdP' });
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

it('names the cause in the answer to bytes that are no HTTP request', async () => {
  const socket = connect(Number(new URL(t.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end('nothing of HTTP\r\n\r\n');

  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[^]*x-error-code: malformed_request\r\n/);
});

it('lets browsers read the code of an error', async () => {
  const { headers } = await t.api.get(WORKSPACES, { headers: { origin: 'https://app.example.com' } });

  expect(headers.get('access-control-expose-headers')!.split(/, */)).toContain('X-Error-Code');
});

it('sends no X-Error-Code with a success', async () => {
  expect((await org.admin.api.get(WORKSPACES)).headers.has(CODE)).toBe(false);
});
