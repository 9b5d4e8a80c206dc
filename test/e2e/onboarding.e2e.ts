import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const STATE = '/api/v1/me/onboarding_state';
const FIELDS = [
  'tracing_completed_at',
  'lgstudio_completed_at',
  'playground_completed_at',
  'evaluation_completed_at',
  'success_viewed_at',
];

it("returns the caller's user id as a JSON string", async () => {
  const person = await t.fixtures.member(await t.fixtures.defaultOrg(), {});
  const reply = await person.api.get('/api/v1/me/ls_user_id');
  expect(reply).toMatchObject({ status: 200, body: person.userId });
  expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
});

it('returns 404 for an onboarding state that was not created', async () => {
  const person = await t.fixtures.member(await t.fixtures.defaultOrg(), {});
  expect((await person.api.get(STATE)).status).toBe(404);
  expect((await person.api.send('PUT', `${STATE}/success_viewed_at`, undefined)).status).toBe(404);
});

it('creates one onboarding state for repeated and for concurrent requests', async () => {
  const person = await t.fixtures.member(await t.fixtures.defaultOrg(), {});
  const replies = await Promise.all(Array.from({ length: 10 }, () => person.api.post(STATE)));
  const again = await person.api.post(STATE);
  expect(new Set([...replies, again].map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  expect(again).toMatchObject({
    status: 200,
    body: { ls_user_id: person.userId, ...Object.fromEntries(FIELDS.map((field) => [field, null])) },
  });
  expect((await person.api.get(STATE)).body).toEqual(again.body);
});

it.each(FIELDS)('sets %s to the current time and leaves the other steps unchanged', async (field) => {
  const person = await t.fixtures.member(await t.fixtures.defaultOrg(), {});
  const { body: before } = await person.api.post(STATE);
  const { status, body } = await person.api.send('PUT', `${STATE}/${field}`, undefined);
  expect(status).toBe(200);
  expect(Date.parse(body[field])).toBeGreaterThanOrEqual(Date.parse(before.created_at));
  expect(body).toEqual({ ...before, [field]: body[field], updated_at: body[field] });
  expect((await person.api.get(STATE)).body).toEqual(body);
});

it.each(['id', 'created_at', 'user_id', 'constructor', 'tracingCompletedAt'])(
  'returns 422 for the unknown step %s',
  async (field) => {
    const person = await t.fixtures.member(await t.fixtures.defaultOrg(), {});
    const reply = await person.api.send('PUT', `${STATE}/${field}`, undefined);
    expect(reply).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['path', 'field'], type: 'enum' }] },
    });
  },
);

it('keeps one onboarding state per user and deletes it with the user', async () => {
  const org = await t.fixtures.defaultOrg();
  const [one, other] = [await t.fixtures.member(org, {}), await t.fixtures.member(org, {})];
  await one.api.post(STATE);
  await one.api.send('PUT', `${STATE}/success_viewed_at`, undefined);
  expect((await other.api.get(STATE)).status).toBe(404);
  await t.sql('delete from users where id = $1', [one.userId]);
  expect(await t.sql('select from onboarding_states where user_id = $1', [one.userId])).toEqual([]);
});

it('creates an onboarding state for a user without an organization', async () => {
  const stranger = await t.fixtures.userWithoutOrg();
  expect((await stranger.api.post(STATE)).body.ls_user_id).toBe(stranger.userId);
  expect((await stranger.api.get('/api/v1/me/ls_user_id')).body).toBe(stranger.userId);
});

it('returns 403 for a personal access token and 401 without a credential', async () => {
  const person = await t.fixtures.member(await t.fixtures.defaultOrg(), { workspace: 'WORKSPACE_USER' });
  const { body } = await person.api.post('/api/v1/orgs/current/personal-access-tokens', {});
  const byToken = t.api.as({ key: body.key });
  for (const path of ['/api/v1/me/ls_user_id', STATE]) {
    expect((await byToken.get(path)).status).toBe(403);
    expect((await t.api.get(path)).status).toBe(401);
  }
});

it('records the creation of an onboarding state once, and each of its steps', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const { id } = (await org.admin.api.post(STATE)).body;
  await org.admin.api.post(STATE);
  await org.admin.api.send('PUT', `${STATE}/success_viewed_at`, undefined);
  await org.admin.api.send('PUT', `${STATE}/nothing`, undefined);
  const entry = (operation: string, succeeded: boolean) =>
    expect.objectContaining({
      operation,
      succeeded,
      userId: org.admin.userId,
      resourceIds: succeeded ? [id] : [],
    });
  expect(await auditOf(t, org.orgId, ['create_onboarding_state', 'update_onboarding_state'])).toEqual([
    entry('create_onboarding_state', true),
    entry('update_onboarding_state', true),
    entry('update_onboarding_state', false),
  ]);
});
