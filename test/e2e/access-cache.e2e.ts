import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { cacheLookups } from '../support/access-changes/cache-hits.js';
import { SILENT_REPLICA_MS, timed, withSilentReplica } from '../support/access-changes/silent-replica.js';
import type { Api } from '../support/api.js';
import { onOwnConnection, until } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { Scim, scimOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { groupWith, revokeFrom } from '../support/user-groups.js';

/** Recognition is all that this route does. */
const WHOAMI = '/api/v1/auth/public';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const KEYS = '/api/v1/orgs/current/service-keys';
const MEMBERS = '/api/v1/orgs/current/members';
/** Needs the permission `workspaces:read`. */
const TAG_KEYS = '/api/v1/workspaces/current/tag-keys';

let t: TestApp;
/** Other servers on the same database; the last one caches nothing. */
let replica: TestApp;
let uncached: TestApp;
let org: OrgWithAdmin;
let member: Member;
beforeAll(async () => {
  t = await startTestApp();
  replica = await startTestApp({}, t.databaseUrl);
  uncached = await startTestApp({ CALLER_CACHE: 'off' }, t.databaseUrl);
  org = await t.fixtures.orgWithAdmin();
});
beforeEach(async () => {
  member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
});
afterAll(async () => {
  await Promise.all([uncached.close(), replica.close()]);
  await t.close();
});

const statusOf = async (api: Api, path = WHOAMI) => (await api.get(path)).status;

/** Whether the server handles the request without a query. */
async function isCached(server: TestApp, api: Api, path = WHOAMI): Promise<boolean> {
  const before = await server.queries();
  expect(await statusOf(api.at(server.url), path)).toBe(200);
  return (await server.queries()) === before;
}

const lookups = (outcome: string) => cacheLookups(t.url, outcome);

/** Resolves when both caching servers have cached the caller. */
async function cacheOnBoth(api: Api, path = WHOAMI): Promise<void> {
  for (const server of [t, replica]) await until(() => isCached(server, api, path));
}

const personalToken = async (): Promise<{ id: string; api: Api }> => {
  const { id, key } = (await member.api.post(TOKENS, { description: 'x' })).body;
  return { id, api: t.api.as({ key }) };
};
const serviceKey = async (scope: object = { workspaces: [org.workspaceId] }) => {
  const { id, key }: { id: string; key: string } = (await org.admin.api.post(KEYS, scope)).body;
  return { id, api: t.api.as({ key }) };
};

describe('a cached caller', () => {
  it.each<[string, () => Promise<{ api: Api }>]>([
    ['a session', () => Promise.resolve(member)],
    ['a personal access token', personalToken],
    ['a service key', serviceKey],
  ])('is recognized by %s without a query, with the same response', async (_, credential) => {
    const { api } = await credential();
    const first = await api.at(uncached.url).get(WHOAMI);

    await cacheOnBoth(api);

    expect(await api.get(WHOAMI)).toMatchObject({ status: 200, body: first.body });
  });

  it('is recognized by a query each time with CALLER_CACHE=off', async () => {
    await cacheOnBoth(member.api);
    for (const _ of [1, 2, 3]) expect(await isCached(uncached, member.api)).toBe(false);
  });

  it('is refused once the key has expired, without a change', async () => {
    const { id, api } = await serviceKey();
    await t.sql(`update api_keys set expires_at = now() + interval '4 seconds' where id = $1`, [id]);

    await cacheOnBoth(api);
    await pause(4_000);

    for (const server of [t, replica]) expect(await statusOf(api.at(server.url))).toBe(401);
  });

  it('is refused once the key has expired, while an earlier request with it still waits for the database', async () => {
    const statuses = await underLease(async (client, { id, api }, untilAsked) => {
      await client.query(`update api_keys set expires_at = now() + interval '3.2 seconds' where id = $1`, [
        id,
      ]);
      await pause(150); // until the change has been read
      await client.query('begin; lock table api_keys in access exclusive mode');
      const early = statusOf(api);
      await untilAsked(1);
      await pause(3_100);
      const late = statusOf(api);
      await untilAsked(2);
      await client.query('commit');
      return Promise.all([early, late]);
    });

    expect(statuses).toEqual([200, 401]);
  });

  it('is recognized although the connection that an earlier request uses for it is lost', async () => {
    const outcome = await underLease(async (client, { api }, untilAsked) => {
      await client.query('begin; lock table api_keys in access exclusive mode');
      const early = statusOf(api).catch((error: Error) => error.message);
      await untilAsked(1);
      const late = statusOf(api).catch((error: Error) => error.message);
      await untilAsked(2);
      const endWaiting = () =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where pg_backend_pid() = any(pg_blocking_pids(pid)) and query like '%"credentialId"%'`,
        );
      let ended: number | null = 0; // connections
      await until(async () => (ended = (await endWaiting()).rowCount) !== 0); // it counts before it waits for the lock
      await client.query('commit');
      return { ended, early: await early, late: await late };
    });

    expect(outcome).toEqual({ ended: 1, early: expect.stringContaining('returned 503'), late: 200 });
  });
});

/**
 * What `work` with a new key returns if the lease was held all the time: on a busy machine it can lapse, and then the work
 * is done again. `untilAsked` resolves when so many requests have looked for their caller.
 */
async function underLease<Result>(
  work: (
    client: Client,
    key: { id: string; api: Api },
    untilAsked: (count: number) => Promise<void>,
  ) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const key = await serviceKey();
    await until(() => isCached(t, member.api));
    const [absent, withoutLease] = await Promise.all([lookups('absent'), lookups('no_lease')]);
    const untilAsked = (count: number) =>
      until(async () => {
        const asked = await Promise.all([lookups('absent'), lookups('no_lease')]);
        return asked[0] + asked[1] >= absent + withoutLease + count;
      });
    const result = await onOwnConnection(t, (client) => work(client, key, untilAsked));
    if ((await lookups('no_lease')) === withoutLease) return result;
  }
  throw new Error('the lease lapsed each time');
}

/** A member whose own role does not permit TAG_KEYS. */
async function writeOnlyMember(): Promise<Member> {
  const [custom] = await t.sql<{ id: string }>(
    `insert into roles (id, org_id, name, display_name, description, access_scope, permissions)
     values (gen_random_uuid(), $1, 'CUSTOM', gen_random_uuid(), '', 'workspace', '{runs:create}') returning id`,
    [org.orgId],
  );
  return t.fixtures.member(org, { workspace: custom!.id });
}

/** A route for which `api` has the rights, and the change after which the response is `status`. */
type Revocation = {
  api: Api;
  path?: string;
  status: number;
  revoke: (by: Api) => Promise<{ status: number }>;
};

const REVOCATIONS: [string, () => Promise<Revocation>][] = [
  [
    'a service key is deleted',
    async () => {
      const { id, api } = await serviceKey();
      return { api, status: 401, revoke: (by) => by.delete(`${KEYS}/${id}`) };
    },
  ],
  [
    'a personal access token is deleted',
    async () => {
      const { id, api } = await personalToken();
      const revoke = (by: Api) => member.api.at(by.url).delete(`${TOKENS}/${id}`);
      return { api, status: 401, revoke };
    },
  ],
  [
    'a member is removed',
    () => {
      const { api, membershipId } = member;
      return Promise.resolve({ api, status: 401, revoke: (by) => by.delete(`${MEMBERS}/${membershipId}`) });
    },
  ],
  [
    'a member gets a lower role',
    async () => {
      const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
      const revoke = (by: Api) =>
        by.patch(`${MEMBERS}/${admin.membershipId}`, { role_id: role('ORGANIZATION_USER') });
      return { api: admin.api, path: KEYS, status: 403, revoke };
    },
  ],
  [
    'a user group takes its role away',
    async () => {
      const { api, membershipId } = await writeOnlyMember();
      const groupId = await groupWith(org, role('WORKSPACE_VIEWER'), { membershipId });
      const revoke = (by: Api) => revokeFrom({ api: by }, groupId, org.workspaceId);
      return { api, path: TAG_KEYS, status: 403, revoke };
    },
  ],
];

describe('a change that was acknowledged', () => {
  it.each(REVOCATIONS)('holds at the next request on every server when %s', async (_, arrange) => {
    for (const server of [t, replica, uncached]) {
      member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
      const { api, path, status, revoke } = await arrange();
      for (const { url } of [t, replica, t, replica]) expect(await statusOf(api.at(url), path)).toBe(200);
      await cacheOnBoth(org.admin.api);

      const { status: acknowledged } = await revoke(org.admin.api.at(server.url));

      expect(acknowledged).toBeLessThan(300);
      const after = await Promise.all([t, replica].map(({ url }) => statusOf(api.at(url), path)));
      expect(after).toEqual([status, status]);
    }
  });

  it('holds at the next request on every server when it gives rights', async () => {
    const { api, membershipId } = await writeOnlyMember();
    await cacheOnBoth(api);
    expect(await statusOf(api, TAG_KEYS)).toBe(403);

    await groupWith(org, role('WORKSPACE_VIEWER'), { membershipId });

    for (const { url } of [t, replica]) expect(await statusOf(api.at(url), TAG_KEYS)).toBe(200);
  });

  it('waits for a replica that does not report, until its lease has ended, and no longer', async () => {
    const { id } = await serviceKey();
    const [deletion, creation] = await withSilentReplica(t, async () => [
      await timed(() => org.admin.api.delete(`${KEYS}/${id}`)),
      await org.admin.api.post(KEYS, { workspaces: [org.workspaceId] }),
    ]);

    expect([deletion.result.status, creation.status]).toEqual([200, 200]);
    expect(deletion.ms).toBeGreaterThanOrEqual(SILENT_REPLICA_MS);
  });

  it('waits also when another request has made it, if the operation is one that takes access away', async () => {
    const { id } = await personalToken();
    const scim = await scimOf(org.admin.api);
    const revokeAgain = () => org.admin.api.post(`${TOKENS}/${id}/revocation`);
    const deleteUnknown = () =>
      scim.post('/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [{ method: 'DELETE', path: `/Users/${randomUUID()}` }],
      });
    expect((await revokeAgain()).status).toBe(200);

    const repeated = await withSilentReplica(t, async () => [
      await timed(revokeAgain),
      await timed(deleteUnknown),
    ]);

    expect(repeated.map(({ result }) => result.status)).toEqual([200, 200]);
    for (const { ms } of repeated) expect(ms).toBeGreaterThanOrEqual(SILENT_REPLICA_MS);
  });

  it('waits also when another request has made it, if the response is that of an earlier request', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const email = t.fixtures.email();
    const invite = () => org.admin.api.post(MEMBERS, { email }, { headers });
    expect((await invite()).status).toBe(200);

    const repeated = await withSilentReplica(t, () => timed(invite));

    expect(repeated.result.headers.get('idempotency-replayed')).toBe('true');
    expect(repeated.ms).toBeGreaterThanOrEqual(SILENT_REPLICA_MS);
  });

  it('waits as long when the connection is lost on which it asks what replicas report', async () => {
    const { id } = await serviceKey();
    const deletion = await onOwnConnection(t, async (client) => {
      await client.query('begin; lock table access_cache_replicas in access exclusive mode');
      const deleting = timed(() => org.admin.api.at(uncached.url).delete(`${KEYS}/${id}`));
      const terminate = `
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
          and query like '%as "isUnseen"%with ordinality%'`;
      await until(async () => (await t.sql(terminate)).length === 1);
      await client.query('commit');
      return deleting;
    });

    expect(deletion.result.status).toBe(200);
    expect(deletion.ms).toBeGreaterThanOrEqual(SILENT_REPLICA_MS);
  });
});

describe('a cached response', () => {
  const INFO = '/api/v1/orgs/current/info';
  const LIST = '/api/v1/workspaces';

  it.each([INFO, '/api/v1/orgs/current', '/v1/platform/orgs/current/info'])(
    'the organization is read without a query until it changes, by %s',
    async (path) => {
      await cacheOnBoth(member.api, path);
      const name = randomUUID();

      const { status } = await org.admin.api.patch(INFO, { display_name: name });

      expect(status).toBe(200);
      for (const { url } of [t, replica]) {
        const { body } = await member.api.at(url).get(path);
        expect(JSON.stringify(body)).toContain(name);
      }
    },
  );

  it('the workspaces of a caller are listed without a query until one of them changes', async () => {
    const everywhere = member.api.as({ orgId: undefined, workspaceId: undefined });
    const key = await serviceKey({ org_role_id: role('ORGANIZATION_ADMIN') });
    for (const api of [member.api, everywhere, key.api]) {
      await cacheOnBoth(api, LIST);
      const name = randomUUID();

      await org.admin.api.at(replica.url).patch(`${LIST}/${org.workspaceId}`, { display_name: name });

      for (const { url } of [t, replica, uncached]) {
        const { body } = await api.at(url).get(LIST);
        expect(body.map((row: { display_name: string }) => row.display_name)).toEqual([name]);
      }
    }
  });

  it('the list of workspaces has a new one of an organization in which the caller saw none', async () => {
    const other = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(other, member, { org: 'ORGANIZATION_ADMIN' });
    await t.sql('delete from workspaces where org_id = $1', [other.orgId]);
    const everywhere = member.api.as({ orgId: undefined, workspaceId: undefined });
    await cacheOnBoth(everywhere, LIST);

    const created = await everywhere.as({ orgId: other.orgId }).post(LIST, { display_name: 'New' });

    expect(created.status).toBe(200);
    for (const { url } of [t, replica]) {
      const { body } = await everywhere.at(url).get(LIST);
      expect(body.map((row: { id: string }) => row.id)).toContain(created.body.id);
    }
  });

  it('the list of workspaces has those of an organization that the caller has joined', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const everywhere = member.api.as({ orgId: undefined, workspaceId: undefined });
    await cacheOnBoth(everywhere, LIST);

    await t.fixtures.addMember(other, member, { workspace: 'WORKSPACE_USER' });

    for (const { url } of [t, replica]) {
      const { body } = await everywhere.at(url).get(LIST);
      expect(body.map((row: { id: string }) => row.id).toSorted()).toEqual(
        [org.workspaceId, other.workspaceId].toSorted(),
      );
    }
  });

  it('the organization shows the present role of the caller', async () => {
    const { membershipId, api } = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const admin = api.as({ workspaceId: undefined });
    await cacheOnBoth(admin, INFO);
    expect((await admin.get(INFO)).body.org_role_name).toBe('ORGANIZATION_ADMIN');

    await org.admin.api.patch(`${MEMBERS}/${membershipId}`, { role_id: role('ORGANIZATION_USER') });

    const expected = (await admin.at(uncached.url).get(INFO)).body;
    expect(expected.org_role_name).toBe('ORGANIZATION_USER');
    for (const { url } of [t, replica]) expect((await admin.at(url).get(INFO)).body).toEqual(expected);
  });

  it('the workspaces say for each credential of a user whether it may invite', async () => {
    const ssoOnly = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(ssoOnly, member, { org: 'ORGANIZATION_ADMIN' });
    await t.sql('update organizations set sso_only = true where id = $1', [ssoOnly.orgId]);
    const everywhere = { orgId: undefined, workspaceId: undefined };
    const [session, token] = [member.api.as(everywhere), (await personalToken()).api.as(everywhere)];
    for (const api of [session, token]) await cacheOnBoth(api, LIST);

    for (const api of [session, token, session, session, token, token]) {
      const { body } = await api.get(LIST);
      expect(body).toEqual((await api.at(uncached.url).get(LIST)).body);
      const access = body.find((row: { id: string }) => row.id === ssoOnly.workspaceId).invite_access;
      expect(access).toEqual(
        api === session ? null : expect.objectContaining({ may_invite_new_people: true }),
      );
    }
  });

  it('the list with deleted workspaces is read each time', async () => {
    await cacheOnBoth(org.admin.api);
    const path = `${LIST}?include_deleted=true`;

    for (const _ of [1, 2, 3]) expect(await isCached(t, org.admin.api, path)).toBe(false);
  });
});

describe('direct SQL', () => {
  it('takes effect within 100 ms on every server', async () => {
    for (const _ of [1, 2, 3, 4, 5]) {
      const { id, api } = await serviceKey();
      await cacheOnBoth(api);

      const changed = onOwnConnection(t, async (client) => {
        await client.query('delete from api_keys where id = $1', [id]);
        return performance.now();
      });
      await pause((await changed) + 100 - performance.now());

      for (const { url } of [t, replica]) expect(await statusOf(api.at(url))).toBe(401);
    }
  });

  it.each<[string, string]>([
    ['deletes', 'delete from api_keys where id = $1'],
    ['updates', 'update api_keys set expires_at = now() where id = $1'],
  ])('takes effect where a program %s a key with session_replication_role = replica', async (_, change) => {
    const { id, api } = await serviceKey();
    await cacheOnBoth(api);

    await onOwnConnection(t, async (client) => {
      await client.query('set session_replication_role = replica');
      await client.query(change, [id]);
    });
    await pause(100);

    for (const { url } of [t, replica]) expect(await statusOf(api.at(url))).toBe(401);
  });
});

describe('without a lease', () => {
  it('each request asks the database while the change log cannot be read', async () => {
    await cacheOnBoth(member.api);
    await onOwnConnection(t, async (client) => {
      await client.query('begin; lock table access_changes in access exclusive mode');
      await pause(150);
      for (const server of [t, replica]) expect(await isCached(server, member.api)).toBe(false);
      await client.query('commit');
    });

    await cacheOnBoth(member.api);
  });

  it('what was cached before the connection was lost is not used', async () => {
    await cacheOnBoth(member.api);
    await onOwnConnection(t, async (client) => {
      await client.query('begin; lock table access_cache_replicas in access exclusive mode');
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'tenantry access cache'`,
      );
      expect(rowCount).toBe(2);
      await until(async () => !(await isCached(t, member.api)) && !(await isCached(replica, member.api)));
      await client.query('delete from org_memberships where user_id = $1', [member.userId]);
      await client.query('commit');
    });

    for (const { url } of [t, replica]) expect(await statusOf(member.api.at(url))).toBe(403);
  });
});

describe('a cached SCIM token', () => {
  const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
  const CONFIG = '/ServiceProviderConfig';
  let token: { id: string; token: string };
  const on = ({ url }: TestApp) => new Scim(url, token.token);
  const isAsked = async (server: TestApp) => {
    const before = await server.queries();
    expect((await on(server).get(CONFIG)).status).toBe(200);
    return (await server.queries()) > before;
  };
  const cacheTokenOnBoth = async () => {
    for (const server of [t, replica]) await until(async () => !(await isAsked(server)));
  };
  beforeEach(async () => {
    token = (await org.admin.api.post(SCIM_TOKENS, {})).body;
    await cacheTokenOnBoth();
  });

  it('is refused at the next request on every server when an admin deletes it on one', async () => {
    expect((await org.admin.api.at(uncached.url).delete(`${SCIM_TOKENS}/${token.id}`)).status).toBe(204);

    for (const server of [t, replica]) expect((await on(server).get(CONFIG)).status).toBe(401);
  });

  it.each([
    ['delete from scim_tokens where id = $1', 401],
    [`update scim_tokens set expires_at = now() where id = $1`, 401],
    [
      'update organizations set is_disabled = true where id = (select org_id from scim_tokens where id = $1)',
      403,
    ],
  ])('is refused on every server after direct SQL: %s', async (text, status) => {
    await t.sql(text, [token.id]);

    for (const server of [t, replica]) expect((await on(server).get(CONFIG)).status).toBe(status);
    await t.sql('update organizations set is_disabled = false where id = $1', [org.orgId]);
  });

  it('is refused once it has expired, without a change', async () => {
    await t.sql(`update scim_tokens set expires_at = now() + interval '4 seconds' where id = $1`, [token.id]);
    await cacheTokenOnBoth();
    await pause(4_000);

    for (const server of [t, replica]) expect((await on(server).get(CONFIG)).status).toBe(401);
  });
});
