import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { groupWith, revokeFrom, WORKSPACE_ADMIN } from '../support/user-groups.js';

const LIST = '/api/v1/workspaces';
const READS = [
  '/api/v1/orgs/current',
  '/api/v1/orgs/current/info',
  '/v1/platform/orgs/current/info',
  LIST,
] as const;
const INFO = READS[1];
const MEMBERS = '/api/v1/orgs/current/members';

let t: TestApp;
/** On the same database, without a cache. */
let uncached: TestApp;
let org: OrgWithAdmin;
let other: OrgWithAdmin;
let member: Member;
let custom: string;
/** By how they are recognized, and whether they name their organization. */
let callers: Record<string, Api>;
beforeAll(async () => {
  t = await startTestApp();
  uncached = await startTestApp({ CALLER_CACHE: 'off' }, t.databaseUrl);
});
afterAll(async () => {
  await uncached.close();
  await t.close();
});

beforeEach(async () => {
  [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
  const [created] = await t.sql<{ id: string }>(
    `insert into roles (id, org_id, name, display_name, description, access_scope, permissions)
     values (gen_random_uuid(), $1, 'CUSTOM', 'Custom', '', 'workspace', '{workspaces:read}') returning id`,
    [org.orgId],
  );
  custom = created!.id;
  member = await t.fixtures.member(org, { workspace: custom });
  await t.fixtures.addMember(other, member, { org: 'ORGANIZATION_ADMIN' });
  const token = await keyOf(member.api, 'personal-access-tokens', { description: 'x' });
  const key = await keyOf(org.admin.api, 'service-keys', { org_role_id: role('ORGANIZATION_ADMIN') });
  const nowhere = { orgId: undefined, workspaceId: undefined };
  const named = { orgId: org.orgId, workspaceId: undefined };
  callers = {
    session: member.api,
    'session of an admin': org.admin.api,
    'session that names only the organization': member.api.as(named),
    'session that names none': member.api.as(nowhere),
    token: t.api.as({ key: token, ...named }),
    'token that names no organization': t.api.as({ key: token, ...nowhere }),
    'service key': t.api.as({ key, ...nowhere }),
    'service key that names it': t.api.as({ key, ...named }),
  };
});

async function keyOf(api: Api, kind: string, body: object): Promise<string> {
  const { status, body: created } = await api.post(`/api/v1/orgs/current/${kind}`, body);
  expect(status).toBe(200);
  return created.key;
}

/** The least of several times, since background jobs of the server send some too. */
async function statementsOf(server: TestApp, api: Api, path: string): Promise<number> {
  const counts = [];
  for (let time = 0; time < 4; time++) {
    const before = await server.statements();
    expect((await api.at(server.url).get(path)).status).toBe(200);
    counts.push((await server.statements()) - before);
  }
  return Math.min(...counts);
}

type Answers = Record<string, { status: number; body: any }>;

/** What each caller that is allowed to reads from the server, by caller and path. */
async function answersOf(server: TestApp, names = Object.keys(callers)): Promise<Answers> {
  const found: Answers = {};
  for (const name of names)
    for (const path of READS) {
      const { status, body } = await callers[name]!.at(server.url).get(path);
      found[`${name}: ${path}`] = { status, body };
    }
  return found;
}

const cacheAll = async () => {
  for (const api of Object.values(callers))
    for (const path of READS) await until(async () => (await statementsOf(t, api, path)) === 0);
};
const workspaceIds = async (name: string, server = t): Promise<string[]> =>
  (await callers[name]!.at(server.url).get(LIST)).body.map(({ id }: { id: string }) => id);

describe('a read of the organization or of the workspaces', () => {
  it('is one statement without the cache, and none with it, for each kind of caller', async () => {
    const counts: Record<string, number[]> = {};
    for (const [name, api] of Object.entries(callers))
      for (const path of READS) (counts[name] ??= []).push(await statementsOf(uncached, api, path));

    expect(counts).toEqual(Object.fromEntries(Object.keys(callers).map((name) => [name, [1, 1, 1, 1]])));
    await cacheAll();
  });

  it('shows the organization of the request alone, and the workspaces of others only to users who name none', async () => {
    const both = [org.workspaceId, other.workspaceId].toSorted();

    for (const server of [t, uncached]) {
      for (const [name, api] of Object.entries(callers)) {
        const isAnywhere = name === 'session that names none' || name === 'token that names no organization';
        const ids = await workspaceIds(name, server);
        expect([name, ids.toSorted()]).toEqual([name, isAnywhere ? both : [org.workspaceId]]);
        if (name === 'session that names none') continue; // the organization that was joined first
        for (const path of READS.slice(0, 3))
          expect((await api.at(server.url).get(path)).body.id).toBe(org.orgId);
      }
    }
  });

  it('is the same from the cache and without it, after each change of what it shows', async () => {
    const admin = org.admin.api;
    const groupId = await groupWith(org, WORKSPACE_ADMIN);
    const changes: [string, () => Promise<unknown>][] = [
      ['nothing', () => Promise.resolve()],
      ['the name', () => admin.patch(INFO, { display_name: randomUUID() })],
      ['a preference', () => admin.patch(INFO, { engine_enabled: true })],
      ['invitations', () => admin.patch(INFO, { invites_enabled: false })],
      ['a workspace', () => admin.patch(`${LIST}/${org.workspaceId}`, { display_name: randomUUID() })],
      ['requests', () => admin.patch(`${LIST}/${org.workspaceId}`, { requestable: true })],
      ['a new workspace', () => admin.post(LIST, { display_name: 'New' })],
      ['a new one of the other', () => other.admin.api.post(LIST, { display_name: 'New' })],
      ['the limit', () => t.sql('update organizations set max_workspaces = 2 where id = $1', [org.orgId])],
      ['the role', () => t.sql(`update roles set display_name = 'Renamed' where id = $1`, [custom])],
      [
        'its permissions',
        () => t.sql(`update roles set permissions = '{runs:read}' where id = $1`, [custom]),
      ],
      [
        'a group',
        () =>
          admin.post(`/v1/platform/orgs/current/user-groups/${groupId}/members`, {
            identity_ids: [member.membershipId],
          }),
      ],
      ['no group', () => revokeFrom(org.admin, groupId, org.workspaceId)],
      ['the other role', () => other.admin.api.patch(`${MEMBERS}/${member.membershipId}`, {})],
      [
        'single sign-on',
        () => t.sql('update organizations set sso_only = true where id = $1', [other.orgId]),
      ],
      [
        'a disabled one',
        () => t.sql('update organizations set is_disabled = true where id = $1', [other.orgId]),
      ],
      [
        'a member who leaves',
        () =>
          t.sql('delete from org_memberships where user_id = $1 and org_id = $2', [
            member.userId,
            other.orgId,
          ]),
      ],
    ];
    await cacheAll();
    let before = await answersOf(uncached);
    for (const [what, change] of changes) {
      await change();
      const expected = await answersOf(uncached);
      expect({ what, answers: await answersOf(t) }).toEqual({ what, answers: expected });
      if (!['nothing', 'the other role'].includes(what)) expect(expected).not.toEqual(before);
      await answersOf(t); // cached again
      before = expected;
    }
  });

  it('lists a workspace no longer once the role there has ended, without a change', async () => {
    const name = 'token that names no organization';
    const third = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(third, member, { workspace: 'WORKSPACE_USER' });
    await t.sql(
      `update workspace_memberships set access_expires_at = clock_timestamp() + interval '4 seconds'
       where user_id = $1 and workspace_id = $2`,
      [member.userId, third.workspaceId],
    );
    await until(async () => (await statementsOf(t, callers[name]!, LIST)) === 0);
    expect(await workspaceIds(name)).toContain(third.workspaceId);

    await pause(4_000);

    for (const server of [t, uncached])
      expect(await workspaceIds(name, server)).not.toContain(third.workspaceId);
  });

  it.each([20, 21])('lists %i workspaces, each once, oldest first', async (count) => {
    await t.sql(
      `insert into workspaces (id, org_id, display_name, created_at)
       select gen_random_uuid(), $1, n::text, now() + n * interval '1 microsecond' from generate_series(2, $2::int) n`,
      [org.orgId, count],
    );

    for (const name of ['session of an admin', 'service key'])
      for (const server of [t, t, uncached]) {
        const { body } = await callers[name]!.at(server.url).get(LIST);
        const names = body.map((row: { display_name: string }) => row.display_name);
        expect(names.slice(1)).toEqual(Array.from({ length: count - 1 }, (_, index) => String(index + 2)));
      }
    const statements = await statementsOf(uncached, callers['service key']!, LIST);
    expect(statements).toBe(count === 20 ? 1 : 2);
  });

  it('shows nothing to callers who are refused', async () => {
    const limited = await keyOf(org.admin.api, 'service-keys', { workspaces: [org.workspaceId] });
    const stranger = callers['service key']!.as({ orgId: other.orgId });
    const fromElsewhere = callers['token']!;
    await t.sql(`update organizations set ip_allowlist = '{192.0.2.1}' where id = $1`, [org.orgId]);

    for (const server of [t, t, uncached])
      for (const path of READS)
        for (const api of [t.api.as({ key: limited }), stranger, fromElsewhere]) {
          const { status, body } = await api.at(server.url).get(path);
          expect([path, status]).toEqual([path, 403]);
          expect(JSON.stringify(body)).not.toContain('display_name');
        }
  });
});
