import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimsOf, tamperedTokens } from '../support/forged-credentials.js';
import { JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

const ME = '/api/v1/orgs?skip_create=true';
const INVALID = { status: 401, body: { detail: 'Invalid token' } };
const NEW_PASSWORD = 'Another-Horse-Battery';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ BASIC_AUTH_SESSION_SECONDS: '7200' });
});
afterAll(() => t.close());

/** A user with two sessions, in a workspace of the default organization. */
async function someoneTwice() {
  const org = await t.fixtures.defaultOrg();
  const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  const other = t.api.as({ token: await t.fixtures.login(person.email, person.password) });
  return { org, person, other };
}

describe('a session', () => {
  it('a session has a token that contains no rights, only the ids of session and user', async () => {
    const { person } = await someoneTwice();

    const claims = claimsOf(await t.fixtures.login(person.email, person.password));

    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
    expect(claims['sub']).toBe(person.userId);
  });

  it('a session expires after BASIC_AUTH_SESSION_SECONDS seconds', async () => {
    const { person } = await someoneTwice();

    const { iat, exp } = claimsOf(await t.fixtures.login(person.email, person.password));

    expect(Number(exp) - Number(iat)).toBe(7200);
  });

  it('a session is invalid when its row has expired, whatever its token says', async () => {
    const { person, other } = await someoneTwice();

    await t.sql(`update sessions set expires_at = now() - interval '1 second' where user_id = $1`, [
      person.userId,
    ]);

    expect(await other.get(ME)).toMatchObject(INVALID);
  });

  it('a session is refused when its token was changed', async () => {
    const { person } = await someoneTwice();
    const token = await t.fixtures.login(person.email, person.password);

    for (const [what, forged] of tamperedTokens(token, JWT_SECRET)) {
      const reply = await t.api.as({ token: forged }).get(ME);
      expect({ what, status: reply.status, body: reply.body }).toEqual({ what, ...INVALID });
    }
    expect((await t.api.as({ token }).get(ME)).status).toBe(200);
  });

  it('a session is invalid on every server with another signing secret', async () => {
    const { person, other } = await someoneTwice();
    const rotated = await startTestApp(
      { BASIC_AUTH_JWT_SECRET: 'a-secret-that-came-after-the-first-one' },
      t.databaseUrl,
    );
    try {
      const token = await t.fixtures.login(person.email, person.password);

      expect(await rotated.api.as({ token }).get(ME)).toMatchObject(INVALID);
      expect((await other.get(ME)).status).toBe(200);
    } finally {
      await rotated.close();
    }
  });
});

describe('the end of all sessions of a user', () => {
  it('sessions end on the next request after the user is removed from an organization', async () => {
    const { org, person, other } = await someoneTwice();

    await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);

    expect(await person.api.get(ME)).toMatchObject(INVALID);
    expect(await other.get(ME)).toMatchObject(INVALID);
  });

  it('sessions end with the last membership; a member of another organization stays signed in without access here', async () => {
    const { org, person } = await someoneTwice();
    const second = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(second, person, {});
    const [{ id }] = (await t.sql('select id from org_memberships where org_id = $1 and user_id = $2', [
      second.orgId,
      person.userId,
    ])) as [{ id: string }];
    const here = person.api.as({ orgId: org.orgId });
    const there = person.api.as({ orgId: second.orgId, workspaceId: undefined });

    await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);

    expect(await there.get('/api/v1/orgs/current')).toMatchObject({
      status: 200,
      body: { id: second.orgId },
    });
    expect((await here.get('/api/v1/orgs/current')).status).toBe(403);
    expect((await here.as({ orgId: undefined }).get('/api/v1/workspaces/current/members')).status).toBe(403);
    await second.admin.api.delete(`/api/v1/orgs/current/members/${id}`);
    expect(await person.api.get(ME)).toMatchObject(INVALID);
  });

  it.each([
    ['personal', 'organizations set is_personal = true where id = $1'],
    ['disabled', 'organizations set is_disabled = true where id = $1'],
    ['one in which the user is disabled', 'org_memberships set is_disabled = true where org_id = $1'],
  ])('sessions also end when the other organization of a removed user is %s', async (_, change) => {
    const { org, person } = await someoneTwice();
    const second = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(second, person, {});
    await t.sql(`update ${change}`, [second.orgId]);

    await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);

    expect(await person.api.get(ME)).toMatchObject(INVALID);
  });

  it('sessions end when an admin sets a new password, and only the new password is valid', async () => {
    const { org, person, other } = await someoneTwice();

    const changed = await org.admin.api.patch(`/api/v1/orgs/current/members/${person.membershipId}`, {
      password: NEW_PASSWORD,
    });

    expect(changed.status).toBe(200);
    expect(await person.api.get(ME)).toMatchObject(INVALID);
    expect(await other.get(ME)).toMatchObject(INVALID);
    await expect(t.fixtures.login(person.email, person.password)).rejects.toThrow('401');
    await expect(t.fixtures.login(person.email, NEW_PASSWORD)).resolves.toEqual(expect.any(String));
  });

  it('sessions end when the user changes their password, except the session that changes it', async () => {
    const { person, other } = await someoneTwice();

    const changed = await person.api.patch('/api/v1/orgs/members/basic', { password: NEW_PASSWORD });

    expect(changed.status).toBe(200);
    expect((await person.api.get(ME)).status).toBe(200);
    expect(await other.get(ME)).toMatchObject(INVALID);
  });

  it('sessions of other users are not affected by the removal of a user', async () => {
    const { org, person } = await someoneTwice();
    const bystander = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

    await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);

    expect((await bystander.api.get(ME)).status).toBe(200);
  });

  it('a login on another replica at the moment of the removal leaves no session', async () => {
    const { org, person } = await someoneTwice();
    const path = `/api/v1/orgs/current/members/${person.membershipId}`;
    const tryLogin = () => t.fixtures.login(person.email, person.password).catch(() => null);

    const [, ...tokens] = await Promise.all([
      org.admin.api.patch(path, { password: NEW_PASSWORD }),
      ...Array.from({ length: 6 }, tryLogin),
    ]);

    for (const token of tokens.filter((one) => one !== null))
      expect(await t.api.as({ token }).get(ME)).toMatchObject(INVALID);
  });
});

describe('a session of a user without a membership', () => {
  it('a session without a membership reads itself and nothing of any organization', async () => {
    const stranger = await t.fixtures.userWithoutOrg();
    const { orgId, workspaceId } = await t.fixtures.defaultOrg();

    expect(await stranger.api.get(ME)).toMatchObject({ status: 200, body: [] });
    expect(await stranger.api.get('/api/v1/tenants?skip_create=true')).toMatchObject({
      status: 200,
      body: [],
    });
    expect(await stranger.api.get('/api/v1/orgs/pending')).toMatchObject({ status: 200, body: [] });
    expect(await stranger.api.get('/api/v1/workspaces/pending')).toMatchObject({ status: 200, body: [] });
    for (const path of [
      '/orgs/current',
      '/orgs/current/members',
      '/workspaces',
      '/workspaces/current/members',
    ]) {
      expect(await stranger.api.get(`/api/v1${path}`)).toMatchObject({ status: 403 });
      expect(await stranger.api.as({ orgId, workspaceId }).get(`/api/v1${path}`)).toMatchObject({
        status: 403,
      });
    }
  });

  it('a session without a membership lists and accepts only the invitations that are addressed to its user', async () => {
    const org = await t.fixtures.defaultOrg();
    const stranger = await t.fixtures.userWithoutOrg();
    await org.admin.api.post('/api/v1/orgs/current/members', { email: stranger.email });
    await org.admin.api.post('/api/v1/orgs/current/members', { email: t.fixtures.email() });

    expect((await stranger.api.get('/api/v1/orgs/pending')).body).toMatchObject([{ id: org.orgId }]);
    expect(await stranger.api.get('/api/v1/orgs/current')).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('claim an invitation') },
    });
    expect((await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(200);
    expect((await stranger.api.get('/api/v1/orgs/current')).body).toMatchObject({ id: org.orgId });
  });

  it('a user without a membership may change their password and name', async () => {
    const stranger = await t.fixtures.userWithoutOrg();

    const reply = await stranger.api.patch('/api/v1/orgs/members/basic', {
      password: NEW_PASSWORD,
      full_name: 'A Stranger',
    });

    expect(reply.status).toBe(200);
    await expect(t.fixtures.login(stranger.email, NEW_PASSWORD)).resolves.toEqual(expect.any(String));
  });
});

describe('disabled members and organizations', () => {
  it('returns 403 for a member who is disabled, and admits them when enabled again', async () => {
    const { person } = await someoneTwice();
    await t.sql('update org_memberships set is_disabled = true where id = $1', [person.membershipId]);

    const refused = await person.api.get('/api/v1/orgs/current');
    const derived = await person.api
      .as({ orgId: undefined, workspaceId: undefined })
      .get('/api/v1/orgs/current');
    const inWorkspace = await person.api.as({ orgId: undefined }).get('/api/v1/workspaces/current/members');
    await t.sql('update org_memberships set is_disabled = false where id = $1', [person.membershipId]);
    const restored = await person.api.get('/api/v1/orgs/current');

    const disabled = { status: 403, body: { detail: expect.stringContaining('is disabled') } };
    expect([refused, derived, inWorkspace]).toMatchObject([disabled, disabled, disabled]);
    expect(restored.status).toBe(200);
  });

  it('returns 403 for every member of a disabled organization, including its admin', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const { body: made } = await person.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const { body: service } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {});
    await t.sql('update organizations set is_disabled = true where id = $1', [org.orgId]);

    for (const api of [
      org.admin.api,
      person.api,
      t.api.as({ key: made.key as string }),
      t.api.as({ key: service.key as string }),
    ]) {
      expect(await api.get('/api/v1/orgs/current')).toMatchObject({
        status: 403,
        body: { detail: 'This organization is disabled.' },
      });
    }
  });
});
