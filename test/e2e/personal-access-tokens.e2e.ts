import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { role, type OrgWithAdmin, type Person } from '../support/fixtures.js';
import { randomKey } from '../support/forged-credentials.js';
import { columnsContaining } from '../support/stored-text.js';
import { API_KEY_SALT, startTestApp, type TestApp } from '../support/test-app.js';

const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const INVALID = { status: 401, body: { detail: 'Invalid token' } };
const DAY_MS = 24 * 60 * 60 * 1000;

let t: TestApp;
let org: OrgWithAdmin;
/** Started before all tests and awaited in the last: a use is written only after seconds. */
let uses: ReturnType<typeof useTwentyTimes>;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  uses = useTwentyTimes();
  uses.catch(() => undefined); // the last test reports the rejection
});
afterAll(() => t.close());

const create = async ({ api }: Pick<Person, 'api'>, wish: object = {}) => (await api.post(TOKENS, wish)).body;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const member = () => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

describe('a personal access token', () => {
  it('a personal access token is shown once in the published format, and only its ends are shown afterwards', async () => {
    const person = await member();

    const made = await create(person, { description: 'Laptop' });
    const [listed] = (await person.api.get(TOKENS)).body;

    expect(made.key).toMatch(/^lsv2_pt_[0-9a-f]{32}_[0-9a-f]{10}$/);
    expect(listed).toMatchObject({ id: made.id, description: 'Laptop', expires_at: null });
    expect(listed.short_key).toBe(`${made.key.slice(0, 12)}...${made.key.slice(-4)}`);
    expect(listed).not.toHaveProperty('key');
  });

  it('a personal access token is stored as a digest under API_KEY_SALT only', async () => {
    const { key, id } = await create(await member());

    const [row] = await t.sql<{ digest: Buffer }>('select digest from api_keys where id = $1', [id]);

    expect(row!.digest).toEqual(createHmac('sha256', API_KEY_SALT).update(key).digest());
    for (const part of [key, key.slice(8, 40), key.slice(20)])
      expect(await columnsContaining(t.sql, part)).toEqual([]);
  });

  it('a personal access token is invalid under another API_KEY_SALT', async () => {
    const { key } = await create(await member());
    const resalted = await startTestApp({ API_KEY_SALT: 'another-salt-than-the-one-before' }, t.databaseUrl);
    try {
      expect(await resalted.api.as({ key }).get('/api/v1/orgs/current')).toMatchObject(INVALID);
    } finally {
      await resalted.close();
    }
  });

  it('returns 401 for a token that is mistyped, cut, of the wrong kind or invented', async () => {
    const { key } = await create(await member());
    const flipped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    const bad = [
      flipped,
      key.slice(0, -1),
      `${key}0`,
      key.toUpperCase(),
      key.replace('_pt_', '_sk_'),
      key.slice(0, 40),
      randomKey('lsv2_pt_'),
      randomKey('lsv2_sk_'),
      'ls__0123456789abcdef',
      "' or true --",
    ];

    for (const wrong of bad)
      expect(await t.api.as({ key: wrong }).get('/api/v1/orgs/current')).toMatchObject(INVALID);
    expect((await t.api.as({ key }).get('/api/v1/orgs/current')).status).toBe(200);
  });

  it('a personal access token allows what its owner may do now, not what they might do when they created it', async () => {
    const person = await member();
    const { key } = await create(person);
    const rename = () =>
      t.api.as({ key, workspaceId: org.workspaceId }).patch(`/api/v1/workspaces/${org.workspaceId}`, {
        display_name: 'Workspace 1',
      });
    const setRole = (name: 'ORGANIZATION_ADMIN' | 'ORGANIZATION_USER') =>
      org.admin.api.patch(`/api/v1/orgs/current/members/${person.membershipId}`, { role_id: role(name) });

    const before = await rename();
    await setRole('ORGANIZATION_ADMIN');
    const raised = await rename();
    await setRole('ORGANIZATION_USER');
    const lowered = await rename();

    expect([before.status, raised.status, lowered.status]).toEqual([403, 200, 403]);
  });

  it('a personal access token is deleted with the membership of its owner and stays deleted when they join again', async () => {
    const person = await member();
    const { key } = await create(person);

    await org.admin.api.delete(`/api/v1/orgs/current/members/${person.membershipId}`);
    const dead = await t.api.as({ key }).get('/api/v1/orgs/current');
    await org.admin.api.post('/api/v1/orgs/current/members/basic/batch', [{ email: person.email }]);
    const back = await t.sql('select 1 from org_memberships where user_id = $1', [person.userId]);
    const stillDead = await t.api.as({ key }).get('/api/v1/orgs/current');

    expect(back).toHaveLength(1);
    expect([dead, stillDead]).toMatchObject([INVALID, INVALID]);
  });

  it('a personal access token is refused while its owner is disabled', async () => {
    const person = await member();
    const { key } = await create(person);

    await t.sql('update org_memberships set is_disabled = true where id = $1', [person.membershipId]);
    const resting = await t.api.as({ key }).get('/api/v1/orgs/current');
    await t.sql('update org_memberships set is_disabled = false where id = $1', [person.membershipId]);

    expect(resting).toMatchObject(INVALID);
    expect((await t.api.as({ key }).get('/api/v1/orgs/current')).status).toBe(200);
  });

  it('a personal access token acts only in its own organization, however many its owner belongs to', async () => {
    const person = await member();
    const { key } = await create(person);
    const other = await t.fixtures.orgWithAdmin();
    await other.admin.api.post('/api/v1/orgs/current/members', { email: person.email });
    await person.api.post(`/api/v1/orgs/pending/${other.orgId}/claim`);

    expect((await t.api.as({ key, orgId: other.orgId }).get('/api/v1/orgs/current')).status).toBe(403);
    expect((await t.api.as({ key }).get('/api/v1/orgs/current')).body.id).toBe(org.orgId);
  });

  it('a personal access token acts in the organization in which it was created, although its owner joined another one earlier', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const person = await t.fixtures.member(other, { org: 'ORGANIZATION_ADMIN' });
    await t.sql(
      `insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
       values (gen_random_uuid(), $1, $2, $3, 'manual', 'unknown')`,
      [org.orgId, person.userId, role('ORGANIZATION_USER')],
    );
    const { key } = await create({ ...person, api: person.api.as({ orgId: org.orgId, workspaceId: '' }) });

    const acting = t.api.as({ key });

    expect((await acting.get('/api/v1/orgs/current')).body.id).toBe(org.orgId);
    expect((await acting.as({ orgId: other.orgId }).get('/api/v1/orgs/current')).status).toBe(403);
    expect((await acting.patch('/api/v1/orgs/current/info', { display_name: 'Taken over' })).status).toBe(
      403,
    );
  });

  it('a personal access token is refused from the moment it is deleted', async () => {
    const person = await member();
    const { key, id } = await create(person);

    const deleted = await person.api.delete(`${TOKENS}/${id}`);

    expect(deleted).toMatchObject({ status: 200, body: { id } });
    expect(await t.api.as({ key }).get('/api/v1/orgs/current')).toMatchObject(INVALID);
    expect((await person.api.delete(`${TOKENS}/${id}`)).status).toBe(404);
  });

  it('a personal access token is listed for its owner alone and not deleted by other members', async () => {
    const person = await member();
    const { id } = await create(person);

    const listed = await org.admin.api.get(TOKENS);

    expect(listed.body.map((token: { id: string }) => token.id)).not.toContain(id);
    expect((await (await member()).api.delete(`${TOKENS}/${id}`)).status).toBe(404);
    expect((await person.api.delete(`${TOKENS}/${id}`)).status).toBe(200);
  });
});

describe('creating a personal access token', () => {
  it('creates the same token by the older path without a request body', async () => {
    const person = await member();

    const made = await person.api.post('/api/v1/api-key/current');
    const listed = await person.api.get('/api/v1/api-key/current');
    const deleted = await person.api.delete(`/api/v1/api-key/current/${made.body.id}`);

    expect(made).toMatchObject({ status: 200, body: { description: 'Default API key' } });
    expect(made.body.key).toMatch(/^lsv2_pt_/);
    expect(listed.body).toMatchObject([{ id: made.body.id }]);
    expect(deleted.status).toBe(200);
  });

  it('returns 403 when a viewer of the organization creates or lists tokens', async () => {
    const viewer = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_USER' });

    expect((await viewer.api.post(TOKENS, {})).status).toBe(403);
    expect((await viewer.api.get(TOKENS)).status).toBe(403);
  });

  it('refuses a default workspace that the owner cannot see like one that does not exist', async () => {
    const person = await member();
    const { body: unseen } = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Unseen' });
    const foreign = await t.fixtures.orgWithAdmin();

    for (const default_workspace_id of [unseen.id, foreign.workspaceId, randomUUID()])
      expect((await person.api.post(TOKENS, { default_workspace_id })).status).toBe(404);
    const reply = await person.api.post(TOKENS, { default_workspace_id: org.workspaceId });
    expect(reply.body).toMatchObject({ default_workspace_name: 'Workspace 1' });
  });

  it('names the oldest workspace that the owner may see when no default workspace is given', async () => {
    const { email, ...person } = await t.fixtures.member(org, {});
    const api = person.api.as({ workspaceId: '' });
    const { body: token } = await api.post(TOKENS, {});
    const { body: later } = await org.admin.api.post('/api/v1/workspaces', { display_name: 'Joined later' });
    const batch = '/api/v1/workspaces/current/members/batch';
    await org.admin.api.as({ workspaceId: later.id }).post(batch, [{ email }]);

    expect(token.default_workspace_name).toBeNull();
    expect((await api.get(TOKENS)).body).toMatchObject([{ default_workspace_name: 'Joined later' }]);
    const members = await t.api.as({ key: token.key }).get('/api/v1/workspaces/current/members');
    expect(members.body.tenant_id).toBe(later.id);
  });

  it('refuses new tokens, also for admins, when the organization has turned them off, and keeps existing ones valid', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const { key } = await create(own.admin);
    await own.admin.api.patch('/api/v1/orgs/current/info', { pat_creation_disabled: true });

    for (const path of [TOKENS, '/api/v1/api-key/current'])
      for (const body of [{}, { expires_at: 'never' }])
        expect(await own.admin.api.post(path, body)).toMatchObject({
          status: 403,
          body: { detail: expect.stringContaining('pat_creation_disabled') },
        });
    expect((await t.api.as({ key }).get('/api/v1/orgs/current')).status).toBe(200);
  });

  it('refuses new tokens when the installation has turned them off', async () => {
    const closed = await startTestApp({ PAT_CREATION_DISABLED: 'true' });
    try {
      const { admin } = await closed.fixtures.defaultOrg();

      expect(await admin.api.post(TOKENS, { expires_at: 'never' })).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('PAT_CREATION_DISABLED') },
      });
    } finally {
      await closed.close();
    }
  });
});

describe('the expiry of a personal access token', () => {
  it('the expiry of a token is stored, and an expired token is refused like an unknown one', async () => {
    const person = await member();
    const expires_at = inDays(1);
    const { key, id, ...made } = await create(person, { expires_at });
    await t.sql(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id]);

    expect(made.expires_at).toBe(expires_at);
    expect(await t.api.as({ key }).get('/api/v1/orgs/current')).toMatchObject(INVALID);
  });

  it('returns 422 for an expiry that is not in the future', async () => {
    const person = await member();

    for (const expires_at of ['2020-01-01T00:00:00Z', inDays(-1), '0000-01-01T00:00:00Z'])
      expect(await person.api.post(TOKENS, { expires_at })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'expires_at'] }] },
      });
  });

  it('the expiry of a token is the strictest limit of the organization when none is given, and a later expiry is refused', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    await admin.api.patch('/api/v1/orgs/current/info', {
      max_api_key_expiry_days: 30,
      max_pat_expiry_days: 7,
    });

    const unasked = await create(admin);
    const less = await create(admin, { expires_at: inDays(3) });
    const more = await admin.api.post(TOKENS, { expires_at: inDays(8) });
    await admin.api.patch('/api/v1/orgs/current/info', { max_pat_expiry_days: null });
    const loosened = await create(admin, { expires_at: inDays(29) });

    expect(daysUntil(unasked.expires_at)).toBeCloseTo(7, 1);
    expect(daysUntil(less.expires_at)).toBeCloseTo(3, 1);
    expect(more).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'expires_at'] }] } });
    expect(daysUntil(loosened.expires_at)).toBeCloseTo(29, 1);
  });

  it('the expiry of a token is not affected by the limit for service keys', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    await admin.api.patch('/api/v1/orgs/current/info', { max_service_key_expiry_days: 1 });

    expect((await create(admin)).expires_at).toBeNull();
  });
});

it('records the last use of a personal access token without a write per request', async () => {
  const { person, before, rightAfter, noted, notedAgoMs } = await uses;

  expect(before.at).toBeNull();
  expect([before.version, noted.version]).toContain(rightAfter.version); // at most one write for twenty requests
  expect(Math.abs(notedAgoMs)).toBeLessThan(60_000);
  expect((await person.api.get(TOKENS)).body[0].last_used_at).toEqual(expect.any(String));
});

/** The row of a token before its first use, right after it, and once the use is recorded. */
async function useTwentyTimes() {
  const person = await member();
  const { key, id } = await create(person);
  const lastUsed = async () =>
    (
      await t.sql<{ at: Date | null; version: string }>(
        'select last_used_at as at, xmin::text as version from api_keys where id = $1',
        [id],
      )
    )[0]!;
  const before = await lastUsed();
  for (let request = 0; request < 20; request++) await t.api.as({ key }).get('/api/v1/orgs/current');
  const rightAfter = await lastUsed();
  await until(async () => (await lastUsed()).at !== null, 60); // uses are written every five seconds
  const noted = await lastUsed();
  return { person, before, rightAfter, noted, notedAgoMs: Date.now() - noted.at!.getTime() };
}

const daysUntil = (instant: string) => (new Date(instant).getTime() - Date.now()) / DAY_MS;
