import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import type { Api, Reply } from '../support/api.js';
import { type Scim, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

/**
 * Guards read what the caller may do before the request waits for the organization's lock. A right that is revoked
 * while the request waits must not be used, however many requests of the caller are waiting.
 */
let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ CALLER_CACHE: 'off' }); // queries show how far a request has come
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const MEMBERS = '/api/v1/orgs/current/members';
const ROLES = '/api/v1/orgs/current/roles';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const SERVICE_KEYS = '/api/v1/orgs/current/service-keys';
const IN_WORKSPACE = '/api/v1/workspaces/current/members';

/** Starts `revoke`, then `use`, which passes its guards before `revoke` ends: both wait for the lock of the test. */
async function runInOrder(revoke: () => Promise<Reply>, use: () => Promise<Reply>): Promise<[Reply, Reply]> {
  return onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
    const first = revoke();
    await waitForBlockedQuery(t);
    const second = use();
    await untilOthersWait(t); // its guards have run; it waits behind the first
    await client.query('commit');
    return Promise.all([first, second]);
  });
}

const demote = (person: Member) => () =>
  org.admin.api.patch(`${MEMBERS}/${person.membershipId}`, { role_id: role('ORGANIZATION_USER') });
const remove = (person: Member) => () => org.admin.api.delete(`${MEMBERS}/${person.membershipId}`);
const orgRoleOf = async ({ membershipId }: Member) =>
  (
    await t.sql<{ roleId: string }>('select role_id as "roleId" from org_memberships where id = $1', [
      membershipId,
    ])
  )[0]?.roleId;

const keysBy = ({ userId }: Member) => t.sql('select from api_keys where created_by_user_id = $1', [userId]);

describe("a request of an organization admin that waits for the organization's lock", () => {
  let person: Member;
  let api: Api;
  const another = async () => {
    person = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const token = await t.fixtures.login(person.email, person.password);
    api = t.api.as({ token, orgId: org.orgId }); // names no workspace, where they would have no role afterwards
  };

  it('returns 409 when a demoted admin makes themselves admin again', async () => {
    await another();
    const own = () => api.patch(`${MEMBERS}/${person.membershipId}`, { role_id: role('ORGANIZATION_ADMIN') });

    const [demoted, raised] = await runInOrder(demote(person), own);

    expect([demoted.status, raised.status]).toEqual([200, 409]);
    expect(raised.headers.get('x-should-retry')).toBeNull();
    expect(await orgRoleOf(person)).toBe(role('ORGANIZATION_USER'));
    expect((await own()).status).toBe(403);
  });

  it('returns 409 when a demoted admin invites or creates another admin', async () => {
    for (const [path, rows] of [
      [`${MEMBERS}/batch`, [{ email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') }]],
      [`${MEMBERS}/basic/batch`, [{ email: t.fixtures.email(), role_id: role('ORGANIZATION_ADMIN') }]],
    ] as const) {
      await another();
      const [, brought] = await runInOrder(demote(person), () => api.post(path, rows));

      expect(brought.status).toBe(409);
      expect(await t.sql('select from users where email = $1', [rows[0].email])).toEqual([]);
      expect(await t.sql('select from invitations where email = $1', [rows[0].email])).toEqual([]);
    }
  });

  it('creates no service key for a demoted admin', async () => {
    for (const wish of [{}, { workspaces: [org.workspaceId] }]) {
      await another();
      const [, made] = await runInOrder(demote(person), () => api.post(SERVICE_KEYS, wish));

      expect(made.status).toBe(409);
      expect(await keysBy(person)).toEqual([]);
    }
  });

  it('deletes no service key for a demoted admin', async () => {
    await another();
    const { id } = (await org.admin.api.post(SERVICE_KEYS, {})).body;

    const [, deleted] = await runInOrder(demote(person), () => api.delete(`${SERVICE_KEYS}/${id}`));

    expect(deleted.status).toBe(409);
    expect(await t.sql('select from api_keys where id = $1', [id])).toHaveLength(1);
  });

  it('changes no service key for a demoted admin', async () => {
    for (const wish of [{ org_role_id: role('ORGANIZATION_ADMIN') }, { role_id: role('WORKSPACE_ADMIN') }]) {
      await another();
      const { id } = (await org.admin.api.post(SERVICE_KEYS, { role_id: role('WORKSPACE_VIEWER') })).body;

      const [, changed] = await runInOrder(demote(person), () => api.patch(`${SERVICE_KEYS}/${id}`, wish));

      expect(changed.status).toBe(409);
      expect(
        await t.sql('select org_role_id as org, workspace_role_id as workspace from api_keys where id = $1', [
          id,
        ]),
      ).toEqual([{ org: role('ORGANIZATION_USER'), workspace: role('WORKSPACE_VIEWER') }]);
    }
  });

  it('neither revokes nor reinstates tokens of others for a demoted admin', async () => {
    const { id } = (await org.admin.api.post(TOKENS, {})).body;
    const isRevoked = async () =>
      (await t.sql<{ at: Date | null }>('select revoked_at as at from api_keys where id = $1', [id]))[0]
        ?.at !== null;

    await another();
    const [, revoked] = await runInOrder(demote(person), () => api.post(`${TOKENS}/${id}/revocation`));
    expect([revoked.status, await isRevoked()]).toEqual([409, false]);

    await org.admin.api.post(`${TOKENS}/${id}/revocation`);
    await another();
    const [, reinstated] = await runInOrder(demote(person), () => api.delete(`${TOKENS}/${id}/revocation`));
    expect([reinstated.status, await isRevoked()]).toEqual([409, true]);
  });

  it('lifts no restriction of a role for a demoted admin', async () => {
    const path = `/api/v1/orgs/current/roles/${role('WORKSPACE_VIEWER')}/restriction`;
    await org.admin.api.put(path, { is_restricted: true });
    await another();

    const [, lifted] = await runInOrder(demote(person), () => api.put(path, { is_restricted: false }));
    const stillThere = await t.sql('select from role_restrictions where org_id = $1', [org.orgId]);
    await org.admin.api.put(path, { is_restricted: false });

    expect([lifted.status, stillThere.length]).toEqual([409, 1]);
  });

  it('creates no SCIM token for a demoted admin', async () => {
    await another();
    const tokens = '/v1/platform/orgs/current/scim/tokens';

    const [, made] = await runInOrder(demote(person), () => api.post(tokens, { description: 'left behind' }));

    expect(made.status).toBe(409);
    expect(await t.sql("select from scim_tokens where description = 'left behind'")).toEqual([]);
  });

  it('creates no webhook for a demoted admin', async () => {
    await another();
    const webhooks = '/api/v1/orgs/current/webhooks';

    const [, made] = await runInOrder(demote(person), () =>
      api.post(webhooks, { url: 'https://receiver.example.com/', description: 'left behind' }),
    );

    expect(made.status).toBe(409);
    expect(await t.sql("select from webhooks where description = 'left behind'")).toEqual([]);
  });

  it('creates no invitation for a removed admin', async () => {
    await another();
    const email = t.fixtures.email();

    const [removed, invited] = await runInOrder(remove(person), () => api.post(MEMBERS, { email }));

    expect([removed.status, invited.status]).toEqual([200, 401]);
    expect(await t.sql('select from invitations where email = $1', [email])).toEqual([]);
  });
});

describe("a request of a workspace admin that waits for the organization's lock", () => {
  const removal = async ({ email }: Member) => {
    const { body } = await org.admin.api.get(`${IN_WORKSPACE}/active?emails=${encodeURIComponent(email)}`);
    return () => org.admin.api.delete(`${IN_WORKSPACE}/${body[0].id}`);
  };

  it('adds no member for an admin who is removed from the workspace', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const friend = await t.fixtures.member(org, {});

    const [removed, added] = await runInOrder(await removal(lead), () =>
      lead.api.post(IN_WORKSPACE, { user_id: friend.userId, role_id: role('WORKSPACE_ADMIN') }),
    );

    expect([removed.status, added.status]).toEqual([200, 403]);
  });

  it('creates no service key for an admin who is removed from the workspace', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const api = lead.api.as({ workspaceId: '' });

    const [removed, made] = await runInOrder(await removal(lead), () =>
      api.post(SERVICE_KEYS, { workspaces: [org.workspaceId] }),
    );

    expect([removed.status, made.status]).toEqual([200, 403]);
    expect(await keysBy(lead)).toEqual([]);
  });

  it('changes no service key for an admin who is removed from the workspace', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const wish = { workspaces: [org.workspaceId], role_id: role('WORKSPACE_VIEWER') };
    const { id } = (await org.admin.api.post(SERVICE_KEYS, wish)).body;
    const api = lead.api.as({ workspaceId: '' });

    const [removed, changed] = await runInOrder(await removal(lead), () =>
      api.patch(`${SERVICE_KEYS}/${id}`, { role_id: role('WORKSPACE_ADMIN') }),
    );

    expect([removed.status, changed.status]).toEqual([200, 403]);
    expect(await t.sql('select workspace_role_id as role from api_keys where id = $1', [id])).toEqual([
      { role: role('WORKSPACE_VIEWER') },
    ]);
  });

  it('gives no role, to a member or a key, that an admin extends beyond the caller while they wait', async () => {
    const permissions = ['workspaces:read', 'workspaces:manage-members', 'workspaces:manage-keys'];
    const roleWith = async (name: string, more: string[]) =>
      (
        await org.admin.api.post(ROLES, {
          display_name: name,
          description: '',
          permissions: [...permissions, ...more],
        })
      ).body.id as string;
    const [stewards, extended] = [await roleWith('Steward', []), await roleWith('Extended', [])];
    const steward = await t.fixtures.member(org, { workspace: stewards });
    const friend = await t.fixtures.member(org, {});
    const key = { workspaces: [org.workspaceId], role_id: stewards };
    const { id } = (await steward.api.post(SERVICE_KEYS, key)).body;
    const extend = (isOn: boolean) => () =>
      org.admin.api.patch(`${ROLES}/${extended}`, {
        ...{ display_name: 'Extended', description: '' },
        permissions: isOn ? [...permissions, 'runs:delete'] : permissions,
      });

    for (const give of [
      () => steward.api.post(IN_WORKSPACE, { user_id: friend.userId, role_id: extended }),
      () => steward.api.patch(`${SERVICE_KEYS}/${id}`, { role_id: extended }),
      () => steward.api.post(SERVICE_KEYS, { ...key, role_id: extended }),
    ]) {
      await extend(false)();
      const [changed, given] = await runInOrder(extend(true), give);
      expect([changed.status, given.status]).toEqual([200, 403]);
    }
  });

  it('gives no role that an admin deletes while the request waits', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const permissions = ['workspaces:read'];
    const created = await org.admin.api.post(ROLES, {
      display_name: 'Short-lived',
      description: '',
      permissions,
    });
    const { id } = (await lead.api.post(SERVICE_KEYS, { workspaces: [org.workspaceId] })).body;

    const [deleted, changed] = await runInOrder(
      () => org.admin.api.delete(`${ROLES}/${created.body.id}`),
      () => lead.api.patch(`${SERVICE_KEYS}/${id}`, { role_id: created.body.id }),
    );

    expect([deleted.status, changed.status]).toEqual([200, 404]);
  });

  it('deletes no service key of the workspace for an admin who is removed from it', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { id } = (await org.admin.api.post('/api/v1/api-key', {})).body;

    const [removed, deleted] = await runInOrder(await removal(lead), () =>
      lead.api.delete(`/api/v1/api-key/${id}`),
    );

    expect([removed.status, deleted.status]).toEqual([200, 403]);
    expect(await t.sql('select from api_keys where id = $1', [id])).toHaveLength(1);
  });

  it('returns 409 for an invitation of a new person when the organization has turned workspace invitations off', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const letInvite = (isOn: boolean) => () =>
      org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: isOn });
    await letInvite(true)();
    const email = t.fixtures.email();

    const [off, invited] = await runInOrder(letInvite(false), () =>
      lead.api.post(`${IN_WORKSPACE}/batch`, [{ email }]),
    );

    expect([off.status, invited.status]).toEqual([200, 409]);
    expect(await t.sql('select from invitations where email = $1', [email])).toEqual([]);
  });
});

it('returns 401 for a password change that waits while the session is ended', async () => {
  const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  const digest = () => t.sql('select digest from passwords where user_id = $1', [person.userId]);
  const before = await digest();

  const changed = await onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query('select from passwords where user_id = $1 for update', [person.userId]);
    const late = person.api.patch('/api/v1/orgs/members/basic', { password: 'Another-Horse-Battery' });
    await waitForBlockedQuery(t);
    await client.query('delete from sessions where user_id = $1', [person.userId]);
    await client.query('commit');
    return late;
  });

  expect(changed.status).toBe(401);
  expect(await digest()).toEqual(before);
});

it('creates no personal access token once the organization has turned them off', async () => {
  const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  const create = () => person.api.post('/api/v1/orgs/current/personal-access-tokens', {});
  const switchTo = (off: boolean) =>
    org.admin.api.patch('/api/v1/orgs/current/info', { pat_creation_disabled: off });

  const [switched, made] = await runInOrder(() => switchTo(true), create);
  const keys = await keysBy(person);
  await switchTo(false);

  expect([switched.status, made.status]).toEqual([200, 403]);
  expect(keys).toEqual([]);
  expect((await create()).status).toBe(200); // nothing else stood in the way
});

it('creates no user for a SCIM token that is revoked while it waits, also beside a valid token', async () => {
  const other = await scimOf(org.admin.api);
  const token = await scimOf(org.admin.api);
  const revoke =
    'delete from scim_tokens where id = (select id from scim_tokens order by created_at desc limit 1)';
  const email = t.fixtures.email();
  const post = (scim: Scim, address = t.fixtures.email()) => scim.post('/Users', userOf(address));

  const replies = await onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
    const first = post(other);
    await waitForBlockedQuery(t);
    const waiting = [post(other), post(token, email)];
    await untilOthersWait(t);
    await client.query(revoke);
    await client.query('commit');
    return Promise.all([first, ...waiting]);
  });

  expect(replies.map(({ status }) => status)).toEqual([201, 201, 401]);
  expect(await t.sql('select from users where email = $1', [email])).toEqual([]);
});

it('returns 403 to a SCIM client whose organization is disabled while its request waits', async () => {
  const { orgId, admin } = await t.fixtures.orgWithAdmin();
  const scim = await scimOf(admin.api);
  const email = t.fixtures.email();

  const { status } = await onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [orgId]);
    const waiting = scim.post('/Users', userOf(email));
    await waitForBlockedQuery(t);
    await client.query('update organizations set is_disabled = true where id = $1', [orgId]);
    await client.query('commit');
    return waiting;
  });

  expect(status).toBe(403);
  expect(await t.sql('select from users where email = $1', [email])).toEqual([]);
});
