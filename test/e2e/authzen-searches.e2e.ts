import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bySession } from '../../src/modules/auth/authentication/principals.statements.js';
import { policy, TEAM_A } from '../support/access-policies.js';
import type { Api } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { customRole } from '../support/invitations.js';
import { newKey, newValue, tag } from '../support/tags.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addTo, attachTo, childOf, groupWith } from '../support/user-groups.js';

type Subject = { type: string; id: string };

let t: TestApp;
let org: OrgWithAdmin;
let other: OrgWithAdmin;
let subjects: Subject[];
let tagged: string;
let workspaces: string[];
let manager: Member;

const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(Math.random() * values.length)]!;
const chance = (share: number) => Math.random() < share;

/** Ends in the past and in the future, none while the test runs; some change the role. */
async function letSomeEnd() {
  const end = `access_expires_at = now() + interval '1 hour' * case when random() < 0.6 then -1 else 1 end`;
  const reverting = (scope: string) => `reverts_to_role_id = case when random() < 0.5 then nullif((
    select id from roles where org_id is null and access_scope = '${scope}' order by random() limit 1), m.role_id) end`;
  const ofMembers = `where org_id = $1 and user_id <> $2 and random() < 0.3`;
  const values = [org.orgId, org.admin.userId];
  await t.sql(`update org_memberships m set ${end}, ${reverting('organization')} ${ofMembers}`, values);
  await t.sql(`update workspace_memberships m set ${end}, ${reverting('workspace')} ${ofMembers}`, values);
  await t.sql(`update user_group_members set ${end} ${ofMembers}`, values);
  await t.sql(
    `update user_groups set ${end} where org_id = $1 and workspace_id is not null and random() < 0.3`,
    [org.orgId],
  );
}

/** An organization in which all that matters to decisions occurs, at random. */
beforeAll(async () => {
  t = await startTestApp();
  [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
  await t.sql('update organizations set can_use_user_groups = true where id = $1', [org.orgId]);
  const second = randomUUID();
  await t.sql(`insert into workspaces (id, org_id, display_name) values ($1, $2, 'Second')`, [
    second,
    org.orgId,
  ]);
  workspaces = [org.workspaceId, second];
  const key = await newKey(org.admin.api, 'Team');
  tagged = randomUUID();
  await tag(org.admin.api, (await newValue(org.admin.api, key.id, 'A')).id, tagged, 'dataset');
  const roles = [
    role('WORKSPACE_ADMIN'),
    role('WORKSPACE_USER'),
    role('WORKSPACE_VIEWER'),
    await customRole(org, ['datasets:read']),
    await customRole(org, ['projects:read']),
    await customRole(org, ['datasets:share']),
  ];
  await org.admin.api.put(`/api/v1/orgs/current/roles/${roles[5]}/restriction`, { is_restricted: true });
  const policies = [];
  for (const effect of ['allow', 'deny'])
    for (const permission of ['datasets:read', 'datasets:share'])
      policies.push(
        await policy(org, {
          effect,
          condition_groups: [{ ...TEAM_A, permission }],
          role_ids: roles.slice(2).filter(() => chance(0.2)),
        }),
      );
  const members: Member[] = [];
  for (let index = 0; index < 40; index++) {
    const isAdmin = chance(0.1);
    const place = { orgId: org.orgId, workspaceId: pick(workspaces) };
    members.push(
      await t.fixtures.member(place, {
        ...(isAdmin ? { org: 'ORGANIZATION_ADMIN' } : {}),
        ...(chance(0.8) ? { workspace: pick(roles) } : {}),
      }),
    );
  }
  for (let index = 0; index < 4; index++) {
    const inGroup = members.filter(() => chance(0.4));
    const groupId = await groupWith(org, pick(roles), ...inGroup);
    if (chance(0.6)) await attachTo(org.admin, groupId, pick(policies), pick([undefined, org.workspaceId]));
    const childId = await childOf(t, groupId, org.workspaceId);
    await addTo(org.admin, childId, ...members.filter(() => chance(0.1)));
    if (chance(0.5)) await attachTo(org.admin, childId, pick(policies));
  }
  for (const { membershipId } of members.filter(() => chance(0.1)))
    await t.sql('update org_memberships set is_disabled = true where id = $1', [membershipId]);
  await letSomeEnd();
  manager = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  subjects = [org.admin, manager, ...members, other.admin].map(({ userId }) => ({
    type: 'user',
    id: userId,
  }));
  for (let index = 0; index < 8; index++) {
    const account = await org.admin.api.post('/api/v1/service-accounts', {
      name: `Bot ${randomUUID()}`,
      workspaces: [{ workspace_id: pick(workspaces), role_id: pick(roles) }],
    });
    const made = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      ...(chance(0.6) ? { workspaces: [pick(workspaces)] } : {}),
      role_id: index === 0 ? roles[0] : pick(roles), // one that is allowed something
    });
    expect([account.status, made.status]).toEqual([200, 200]);
    subjects.push(
      { type: 'service_account', id: account.body.id },
      { type: 'service_key', id: made.body.id },
    );
    if (index > 0 && chance(0.3))
      await t.sql('update api_keys set expires_at = now() where id = $1', [made.body.id]);
    if (chance(0.5))
      await t.sql(
        `insert into user_group_service_accounts (user_group_id, service_account_id, org_id)
         select id, $1, org_id from user_groups where org_id = $2 order by random() limit 1`,
        [account.body.id, org.orgId],
      );
  }
});
afterAll(() => t.close());

const resources = () => [
  ...workspaces.map((id) => ({ type: 'workspace', id })),
  { type: 'dataset', id: tagged, properties: { workspace_id: workspaces[0] } },
  { type: 'dataset', id: randomUUID(), properties: { workspace_id: workspaces[0] } },
];
const ACTIONS = ['datasets:read', 'datasets:share', 'workspaces:manage-members'].map((name) => ({ name }));

/** All pages of a search. */
async function allOf(api: Api, path: string, body: object, limit: number): Promise<any[]> {
  const results = [];
  let token = '';
  do {
    const { status, body: found } = await api.post(`/access/v1/search/${path}`, {
      ...body,
      page: { token, limit },
    });
    expect([status, found.results.length <= limit]).toEqual([200, true]);
    expect(found.page.count).toBe(found.results.length);
    results.push(...found.results);
    token = found.page.next_token;
  } while (token !== '');
  return results;
}

async function allowed<Item>(items: readonly Item[], questionOf: (item: Item) => object): Promise<Item[]> {
  const { body } = await org.admin.api.post('/access/v1/evaluations', { evaluations: items.map(questionOf) });
  return items.filter((_, index) => body.evaluations[index].decision);
}

const sorted = (values: readonly object[]) => values.map((value) => JSON.stringify(value)).sort();

describe('a search agrees with the evaluation of everything', () => {
  it.each(['user', 'service_account', 'service_key'])('finds each %s that is allowed', async (type) => {
    const candidates = subjects.filter((subject) => subject.type === type);
    let count = 0;
    for (const resource of resources())
      for (const action of ACTIONS) {
        const expected = await allowed(candidates, (subject) => ({ subject, action, resource }));
        const found = await allOf(
          org.admin.api,
          'subject',
          { subject: { type }, action, resource },
          pick([1, 3, 100]),
        );
        expect(sorted(found)).toEqual(sorted(expected));
        count += found.length;
      }
    expect(count).toBeGreaterThan(0);
  });

  it('finds the workspaces of each subject', async () => {
    for (const subject of subjects)
      for (const action of ACTIONS) {
        const all = workspaces.map((id) => ({ type: 'workspace', id }));
        const expected = await allowed(all, (resource) => ({ subject, action, resource }));
        const body = { subject, action, resource: { type: 'workspace' } };
        expect(sorted(await allOf(org.admin.api, 'resource', body, 1))).toEqual(sorted(expected));
      }
  });

  it('finds the actions of subjects on resources', async () => {
    const { body } = await org.admin.api.get('/api/v1/orgs/permissions');
    const names = (body as { name: string; access_scope: string }[])
      .filter(({ access_scope: scope }) => scope === 'workspace')
      .map(({ name }) => ({ name }));
    for (const subject of subjects.slice(0, 12))
      for (const resource of resources()) {
        const expected = await allowed(names, (action) => ({ subject, action, resource }));
        expect(sorted(await allOf(org.admin.api, 'action', { subject, resource }, 50))).toEqual(
          sorted(expected),
        );
      }
  });
});

/** What members have by the view, as one text each: in the organization, and in workspaces. */
async function effectiveRoles(): Promise<Map<string, string[]>> {
  const rows = await t.sql<{ id: string; role: string }>(
    `select distinct subject_id as id, concat_ws(' ', through, workspace_id, role_id) as role from effective_roles
     where org_id = $1 and kind = 'user' and (workspace_id is null or through <> 'organization_role')`,
    [org.orgId],
  );
  const byUser = Map.groupBy(rows, ({ id }) => id);
  return new Map([...byUser].map(([id, held]) => [id, held.map((one) => one.role).sort()]));
}

describe('a statement of its own agrees with the view of effective roles', () => {
  it('recognizes callers with the roles that count', async () => {
    const expected = await effectiveRoles();
    const { text } = bySession('named', 'named');
    const recognized = new Map<string, string[]>();
    for (const { id } of subjects.filter(({ type }) => type === 'user')) {
      const [session] = await t.sql<{ id: string }>('select id from sessions where user_id = $1 limit 1', [
        id,
      ]);
      const roles = new Set<string>();
      for (const workspace of workspaces) {
        const [row] = await t.sql<any>(text, [session!.id, org.orgId, workspace]);
        if (row.orgRoleId === null) continue;
        roles.add(`organization_role ${row.orgRoleId}`);
        if (row.orgRoleId === role('ORGANIZATION_ADMIN') || row.workspaceRoleId === null) continue;
        roles.add(`workspace_role ${workspace} ${row.workspaceRoleId}`);
        for (const groupRole of row.groupRoleIds ?? [])
          roles.add(`user_group_role ${workspace} ${groupRole}`);
      }
      if (roles.size > 0) recognized.set(id, [...roles].sort());
    }

    expect(recognized).toEqual(expected);
    expect([...expected.values()].flat().join()).toContain('user_group_role');
  });

  it('lists members with the roles that count', async () => {
    const byGroup = (one: string) => one.startsWith('user_group_role');
    const expected = [...(await effectiveRoles())].map(([id, held]) => [
      id,
      held.filter((one) => !byGroup(one)),
    ]);
    const { body } = await org.admin.api.get('/v1/platform/orgs/current/members?limit=100');
    const listed = body.map((member: any) => {
      const isAdmin = member.role_id === role('ORGANIZATION_ADMIN');
      const places = isAdmin ? [] : member.workspace_memberships;
      const inWorkspaces: string[] = places.map(
        (one: any) => `workspace_role ${one.workspace_id} ${one.role_id}`,
      );
      return [member.ls_user_id, [`organization_role ${member.role_id}`, ...inWorkspaces].sort()];
    });

    expect(new Map(listed)).toEqual(new Map(expected as [string, string[]][]));
  });
});

describe('a search', () => {
  const here = () => ({ type: 'workspace', id: org.workspaceId });
  const whoReads = () => ({ subject: { type: 'user' }, action: ACTIONS[0], resource: here() });

  it('finds a user by address', async () => {
    const subject = { type: 'user', id: manager.email };
    const body = { subject, action: ACTIONS[0], resource: { type: 'workspace' } };
    expect(await allOf(org.admin.api, 'resource', body, 20)).toEqual([here()]);
  });

  it('finds nothing for types and actions that are unknown here, in one page, where the caller may search', async () => {
    const [subject, action] = [{ type: 'user', id: org.admin.userId }, { name: 'can_read' }];
    const record = { type: 'record', id: 'record-1' };
    const inWorkspace = { ...record, properties: { workspace_id: org.workspaceId } };
    const searches: [path: string, body: object, ofManager: number][] = [
      ['subject', { ...whoReads(), subject: { type: 'spaceship' } }, 200],
      ['subject', { ...whoReads(), action }, 200],
      ['subject', { ...whoReads(), resource: inWorkspace }, 200],
      ['subject', { ...whoReads(), resource: record }, 403],
      ['subject', { subject: { type: 'spaceship' }, action, resource: record }, 403],
      ['resource', { subject, action, resource: { type: 'workspace' } }, 403],
      ['resource', { subject, action: ACTIONS[0], resource: { type: 'record' } }, 403],
      ['resource', { subject, action: ACTIONS[0], resource: { type: 'dataset' } }, 403],
      ['resource', { subject: { ...subject, type: 'spaceship' }, action: ACTIONS[0], resource: here() }, 403],
      ['action', { subject, resource: inWorkspace }, 200],
      ['action', { subject, resource: record }, 403],
      ['action', { subject: { ...subject, type: 'spaceship' }, resource: here() }, 200],
    ];
    for (const [path, body, ofManager] of searches) {
      const found = await org.admin.api.post(`/access/v1/search/${path}`, { ...body, page: { limit: 1 } });
      expect([path, body, found.status, found.body]).toEqual([
        path,
        body,
        200,
        { page: { next_token: '', count: 0 }, results: [] },
      ]);
      expect((await manager.api.post(`/access/v1/search/${path}`, body)).status).toBe(ofManager);
    }
    for (const [path, body] of [
      ['subject', { ...whoReads(), subject: { type: 5 } }],
      ['subject', { ...whoReads(), resource: { type: 'record' } }],
      ['subject', { subject: { type: 'user' }, resource: record }],
      ['resource', { subject, action, resource: { type: 5 } }],
      ['resource', { subject: { type: 'spaceship' }, action, resource: { type: 'record' } }],
      ['action', { subject }],
    ] as const)
      expect((await org.admin.api.post(`/access/v1/search/${path}`, body)).status).toBe(400);
  });

  it('needs the management of the organization, or of the members of the workspace', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const subject = { type: 'user', id: viewer.userId };
    const status = async ({ api }: Member, path: string, body: object) =>
      (await api.post(`/access/v1/search/${path}`, body)).status;
    const there = { type: 'workspace', id: other.workspaceId };
    for (const [path, body, ofManager] of [
      ['subject', whoReads(), 200],
      ['subject', { ...whoReads(), resource: there }, 403],
      ['action', { subject, resource: here() }, 200],
      ['action', { subject, resource: there }, 403],
      ['resource', { subject, action: ACTIONS[0], resource: { type: 'workspace' } }, 403],
    ] as const) {
      expect([path, await status(viewer, path, body)]).toEqual([path, 403]);
      expect([path, await status(manager, path, body)]).toEqual([path, ofManager]);
    }
    expect(
      (await org.admin.api.post('/access/v1/search/subject', { ...whoReads(), resource: there })).body,
    ).toEqual({
      page: { next_token: '', count: 0 },
      results: [],
    });
  });

  it('refuses a token of another search, and a limit out of bounds', async () => {
    const ask = (body: object) => org.admin.api.post('/access/v1/search/subject', body);
    const { body } = await ask({ ...whoReads(), page: { limit: 1 } });
    const token = body.page.next_token;
    expect(token).not.toBe('');
    for (const page of [{ token: 'x' }, { token: `${token}x`.slice(3) }, { limit: 0 }, { limit: 101 }])
      expect((await ask({ ...whoReads(), page })).status).toBe(400);
    expect((await ask({ ...whoReads(), action: ACTIONS[1], page: { token } })).status).toBe(400);
    expect((await ask({ ...whoReads(), page: { token, limit: 5 } })).status).toBe(200);
  });

  it('refuses a token whose position was changed', async () => {
    for (const description of ['one', 'two'])
      await org.admin.api.post('/api/v1/orgs/current/service-keys', {
        description,
        role_id: role('WORKSPACE_ADMIN'),
      });
    const searches: [path: string, body: object][] = [
      ['subject', whoReads()],
      ['subject', { ...whoReads(), subject: { type: 'service_key' } }],
      ['resource', { subject: subjects[0], action: ACTIONS[0], resource: { type: 'workspace' } }],
      ['action', { subject: subjects[0], resource: { type: 'workspace', id: workspaces[0] } }],
    ];
    for (const [path, question] of searches) {
      const ask = (page: object) =>
        org.admin.api.post(`/access/v1/search/${path}`, { ...question, page: { limit: 1, ...page } });
      const { next_token: token } = (await ask({})).body.page;
      const [digest] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [string];
      const changed = ['-'.repeat(36), `1 ${'-'.repeat(36)}`, 'a:b', `9 ${randomUUID()}`].map((position) =>
        ask({ token: Buffer.from(JSON.stringify([digest, position])).toString('base64url') }),
      );
      expect((await Promise.all(changed)).map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    }
  });
});
