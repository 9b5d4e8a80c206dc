import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policy, TEAM_A } from '../support/access-policies.js';
import type { Api } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { newKey, newValue, tag } from '../support/tags.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { attachTo, groupWith } from '../support/user-groups.js';

let t: TestApp;
let org: OrgWithAdmin;
let viewer: Member;
beforeAll(async () => {
  t = await startTestApp({ LANGSMITH_URL: 'https://tenantry.example.com' });
  org = await t.fixtures.orgWithAdmin();
  await t.sql('update organizations set can_use_user_groups = true where id = $1', [org.orgId]);
  viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
});
afterAll(() => t.close());

const EVALUATION = '/access/v1/evaluation';
const EVALUATIONS = '/access/v1/evaluations';

const user = ({ userId }: Pick<Member, 'userId'>) => ({ type: 'user', id: userId });
const may = (name: string) => ({ name });
const READ = may('datasets:read');
const UPDATE = may('datasets:update');
const here = () => ({ type: 'workspace', id: org.workspaceId });
const dataset = (id: string = randomUUID()) => ({
  type: 'dataset',
  id,
  properties: { workspace_id: org.workspaceId },
});
const evaluate = (api: Api, subject: object, action: object, resource: object = here()) =>
  api.post(EVALUATION, { subject, action, resource });
const decision = async (subject: object, action: object, resource?: object) =>
  (await evaluate(org.admin.api, subject, action, resource)).body;

const DENIED = { decision: false, context: { reason: 'no_access' } };

describe('an evaluation', () => {
  it('is decided by the role, for a user by id and by address', async () => {
    const roles = [{ id: role('WORKSPACE_VIEWER'), name: 'Viewer', user_group: null }];
    expect(await decision(user(viewer), READ)).toEqual({
      decision: true,
      context: { reason: 'role', roles },
    });
    const byAddress = { type: 'user', id: viewer.email.toUpperCase() };
    expect(await decision(byAddress, READ)).toMatchObject({ decision: true });
    expect(await decision(user(viewer), UPDATE)).toEqual(DENIED);
  });

  it('is decided by user groups and the policies attached to them, and names both to managers', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const groupId = await groupWith(org, role('WORKSPACE_USER'), member);
    expect(await decision(user(member), UPDATE)).toMatchObject({
      decision: true,
      context: { reason: 'role', roles: [{ name: 'Editor', user_group: { id: groupId } }] },
    });
    const denying = await policy(org, {
      effect: 'deny',
      condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }],
    });
    expect((await attachTo(org.admin, groupId, denying)).status).toBe(201);
    const id = randomUUID();
    expect(await decision(user(member), UPDATE, dataset(id))).toMatchObject({ decision: true });
    const key = await newKey(org.admin.api, 'Team');
    await tag(org.admin.api, (await newValue(org.admin.api, key.id, 'A')).id, id, 'dataset');
    expect(await decision(user(member), UPDATE, dataset(id))).toMatchObject({
      decision: false,
      context: { reason: 'policy_deny', access_policy: { id: denying } },
    });
  });

  it('compares stored tags, not those of the request', async () => {
    const roleId = await customRole(org, ['datasets:read']);
    const member = await t.fixtures.member(org, { workspace: roleId });
    await policy(org, {
      condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }],
      role_ids: [roleId],
    });
    const claimed = { workspace_id: org.workspaceId, Team: 'A', tags: { Team: 'A' } };
    expect(await decision(user(member), UPDATE, { ...dataset(), properties: claimed })).toEqual(DENIED);
  });

  it('decides for service accounts and service keys, in their workspaces only', async () => {
    const account = await org.admin.api.post('/api/v1/service-accounts', {
      name: `Bot ${randomUUID()}`,
      workspaces: [{ workspace_id: org.workspaceId, role_id: role('WORKSPACE_VIEWER') }],
    });
    const key = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      workspaces: [org.workspaceId],
      role_id: role('WORKSPACE_VIEWER'),
    });
    expect([account.status, key.status]).toEqual([200, 200]);
    const subjects = [
      { type: 'service_account', id: account.body.id },
      { type: 'service_key', id: key.body.id },
    ];
    const [other] = (
      await t.sql<{ id: string }>(
        `insert into workspaces (id, org_id, display_name) values ($1, $2, 'Other') returning id`,
        [randomUUID(), org.orgId],
      )
    ).map(({ id }) => ({ type: 'workspace', id }));
    for (const subject of subjects) {
      expect(await decision(subject, READ)).toMatchObject({ decision: true });
      expect(await decision(subject, UPDATE)).toEqual(DENIED);
      expect(await decision(subject, READ, other)).toEqual(DENIED);
    }
    await t.sql('update api_keys set expires_at = now() where id = $1', [key.body.id]);
    expect(await decision(subjects[1]!, READ)).toEqual(DENIED);
  });

  it('is the same for unknown, foreign and powerless subjects, and for unknown and foreign workspaces', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const outside = await t.fixtures.member(org, {});
    const disabled = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await t.sql('update org_memberships set is_disabled = true where id = $1', [disabled.membershipId]);
    const subjects = [
      { type: 'user', id: randomUUID() },
      { type: 'user', id: 'unknown@example.com' },
      { type: 'user', id: 'no id' },
      { type: 'service_key', id: 'no id' },
      user(other.admin),
      { type: 'user', id: other.admin.email },
      user(outside),
      user(disabled),
    ];
    for (const subject of subjects) expect(await decision(subject, READ)).toEqual(DENIED);
    for (const id of [randomUUID(), other.workspaceId, 'x'])
      expect(await decision(user(org.admin), READ, { type: 'workspace', id })).toEqual(DENIED);
    const theirs = { type: 'workspace', id: other.workspaceId };
    expect(await decision(user(other.admin), READ, theirs)).toEqual(DENIED);
  });
});

describe('a type or an action that is unknown here', () => {
  const record = (id = 'record-1') => ({ type: 'record', id });
  const all = (): [string, object, object, object][] => [
    ['subject', { type: 'spaceship', id: org.admin.userId }, READ, here()],
    ['action', user(org.admin), may('can_read'), here()],
    ['action of organizations', user(org.admin), may('organization:manage'), here()],
    ['resource', user(org.admin), READ, record()],
    ['resource in a workspace', user(org.admin), READ, { ...dataset(), type: 'record' }],
    ['everything', { type: 'spaceship', id: 'x' }, may('fly'), record()],
  ];

  it('is denied to callers who may ask, like a permission that the subject does not have', async () => {
    for (const [what, subject, action, resource] of all())
      expect([what, await decision(subject, action, resource)]).toEqual([what, DENIED]);
    const { status, body } = await evaluate(viewer.api, user(viewer), may('can_read'), record());
    expect([status, body]).toEqual([200, DENIED]);
  });

  it('is denied among many evaluations without an error', async () => {
    const evaluations = all().map(([, subject, action, resource]) => ({ subject, action, resource }));
    const { body } = await org.admin.api.post(EVALUATIONS, { evaluations });
    expect(body.evaluations).toEqual(evaluations.map(() => DENIED));
  });

  it('is no way to ask for those who may not', async () => {
    const manager = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const foreign = { ...record(), properties: { workspace_id: randomUUID() } };
    for (const [api, subject, resource] of [
      [viewer.api, { type: 'spaceship', id: viewer.userId }, here()],
      [viewer.api, user(org.admin), record()],
      [manager.api, user(viewer), foreign],
      [manager.api, user(viewer), record()],
    ] as const)
      expect((await evaluate(api, subject, may('can_read'), resource)).status).toBe(403);
    const managed = { ...record(), properties: { workspace_id: org.workspaceId } };
    expect((await evaluate(manager.api, user(viewer), READ, managed)).body).toEqual(DENIED);
  });
});

describe('who may ask', () => {
  it('members ask about themselves, without names', async () => {
    const asked = await evaluate(viewer.api, user(viewer), READ);
    expect([asked.status, asked.body]).toEqual([200, { decision: true, context: { reason: 'role' } }]);
    const byAddress = { type: 'user', id: viewer.email };
    expect((await evaluate(viewer.api, byAddress, READ)).body.decision).toBe(true);
    expect(
      (await evaluate(viewer.api, user(viewer), READ, { type: 'workspace', id: randomUUID() })).body,
    ).toEqual(DENIED);
  });

  it('members do not ask about others, whether these exist or not', async () => {
    for (const id of [org.admin.userId, org.admin.email, randomUUID()]) {
      const { status, headers } = await evaluate(viewer.api, { type: 'user', id }, READ);
      expect([status, headers.get('x-error-code')]).toEqual([403, 'permission_missing']);
    }
  });

  it('who manages the members of a workspace asks about it only, without names', async () => {
    const manager = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    expect((await evaluate(manager.api, user(viewer), READ)).body).toEqual({
      decision: true,
      context: { reason: 'role' },
    });
    for (const id of [randomUUID(), (await t.fixtures.orgWithAdmin()).workspaceId])
      expect((await evaluate(manager.api, user(viewer), READ, { type: 'workspace', id })).status).toBe(403);
  });

  it('a service key without a role in the organization asks nothing, and is refused before its body is read', async () => {
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      workspaces: [org.workspaceId],
      role_id: role('WORKSPACE_VIEWER'),
    });
    const { status } = await t.api.as({ key: body.key }).post(EVALUATION, { subject: 5 });
    expect(status).toBe(403);
  });

  it('a service key that reads the organization asks about itself, and about no other key', async () => {
    const make = async (org_role_id: string | undefined) => {
      const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
        ...(org_role_id ? { org_role_id } : { workspaces: [org.workspaceId] }),
        role_id: role('WORKSPACE_VIEWER'),
      });
      return {
        type: 'service_key',
        id: body.id as string,
        api: t.api.as({ key: body.key, orgId: org.orgId }),
      };
    };
    const [own, peer] = [await make(role('ORGANIZATION_VIEWER')), await make(role('ORGANIZATION_VIEWER'))];

    expect((await evaluate(own.api, { type: own.type, id: own.id }, READ)).body).toMatchObject({
      decision: true,
    });
    for (const { type, id } of [peer, await make(undefined), user(viewer)])
      expect((await evaluate(own.api, { type, id }, READ)).status).toBe(403);
  });

  it('a caller who does not read the organization does not ask about themselves elsewhere', async () => {
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      workspaces: [org.workspaceId],
      role_id: role('WORKSPACE_ADMIN'),
    });
    const api = t.api.as({ key: body.key, orgId: org.orgId });
    const itself = { type: 'service_key', id: body.id };

    expect((await evaluate(api, itself, READ)).body).toMatchObject({ decision: true });
    const elsewhere = { type: 'workspace', id: await anotherWorkspace(org) };
    expect((await evaluate(api, itself, READ, elsewhere)).status).toBe(403);
  });

  it('refuses an evaluation of a list that the caller may not ask, and decides the others', async () => {
    const { status, body } = await viewer.api.post(EVALUATIONS, {
      action: READ,
      resource: here(),
      evaluations: [{ subject: user(viewer) }, { subject: user(org.admin) }],
    });
    expect(status).toBe(200);
    expect(body.evaluations).toMatchObject([
      { decision: true },
      { decision: false, context: { error: { status: 403 } } },
    ]);
  });
});

describe('many evaluations', () => {
  const ask = (body: object) => org.admin.api.post(EVALUATIONS, body);
  const defaults = () => ({ subject: user(viewer), action: READ, resource: here() });

  it('replaces defaults as a whole and keeps the order', async () => {
    const { body } = await ask({
      ...defaults(),
      evaluations: [{ action: UPDATE }, {}, { subject: { type: 'user', id: org.admin.email } }],
    });
    expect(body.evaluations.map((one: { decision: boolean }) => one.decision)).toEqual([false, true, true]);
    const partial = await ask({ ...defaults(), evaluations: [{ resource: { id: org.workspaceId } }] });
    expect(partial.body.evaluations[0].context.error).toMatchObject({
      status: 400,
      message: expect.stringContaining('evaluations.0.resource.type'),
    });
  });

  it('is a single evaluation without evaluations, or with none', async () => {
    for (const more of [{}, { evaluations: [] }])
      expect((await ask({ ...defaults(), ...more })).body).toMatchObject({ decision: true });
    expect((await ask({ evaluations: [] })).status).toBe(400);
  });

  it.each([
    ['execute_all', [true, false, false, true]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('ends as %s says', async (semantic, expected) => {
    const { body } = await ask({
      ...defaults(),
      evaluations: [{}, { action: UPDATE }, null, {}],
      options: { evaluations_semantic: semantic, other: 1 },
    });
    expect(body.evaluations.map((one: { decision: boolean }) => one.decision)).toEqual(expected);
  });

  it('takes 500, and counts each as a tenth of a request', async () => {
    const evaluations = Array.from({ length: 500 }, () => ({ resource: dataset() }));
    const reply = await ask({ ...defaults(), evaluations });
    expect(reply.body.evaluations).toHaveLength(500);
    expect((await ask({ ...defaults(), evaluations: [...evaluations, {}] })).status).toBe(400);
    const limited = await startTestApp({ RATE_LIMIT_REQUESTS_PER_MINUTE: '50' }, t.databaseUrl);
    const api = org.admin.api.at(limited.url);
    const statuses = [];
    for (let index = 0; index < 2; index++)
      statuses.push((await api.post(EVALUATIONS, { ...defaults(), evaluations })).status);
    await limited.close();
    expect(statuses).toEqual([200, 429]);
  });
});

/**
 * The todo list of the AuthZEN interoperability events, in the terms of this server: todos are data sets whose tag `Owner`
 * says whose they are. Who edits changes and deletes their own; an admin deletes all, an evil genius changes all.
 */
describe('the todo list of the interoperability events', () => {
  const NAMES = ['rick', 'morty', 'summer', 'beth', 'jerry'] as const;
  type Name = (typeof NAMES)[number];
  const ROLES: Record<Name, string[]> = {
    rick: ['admin', 'evil_genius'],
    morty: ['editor'],
    summer: ['editor'],
    beth: ['viewer'],
    jerry: ['viewer'],
  };
  const [VIEW, EDIT] = [['workspaces:read', 'datasets:read'], ['datasets:create']] as const;
  const ACTIONS = [
    'workspaces:read',
    'datasets:read',
    'datasets:create',
    'datasets:update',
    'datasets:delete',
  ];

  /** For each user: what they may do, and how that depends on whose todo it is. */
  const EXPECTED: Record<Name, (owner: Name) => boolean[]> = {
    rick: () => [true, true, true, true, true],
    morty: (owner) => [true, true, true, owner === 'morty', owner === 'morty'],
    summer: (owner) => [true, true, true, owner === 'summer', owner === 'summer'],
    beth: () => [true, true, false, false, false],
    jerry: () => [true, true, false, false, false],
  };

  const people = {} as Record<Name, Member>;
  const todos = {} as Record<Name, string>;
  let list: OrgWithAdmin;
  beforeAll(async () => {
    list = await t.fixtures.orgWithAdmin();
    await t.sql('update organizations set can_use_user_groups = true where id = $1', [list.orgId]);
    const roles: Record<string, string> = {
      viewer: await customRole(list, [...VIEW]),
      editor: await customRole(list, [...VIEW, ...EDIT]),
      admin: await customRole(list, [...VIEW, ...EDIT, 'datasets:delete']),
      evil_genius: await customRole(list, [...VIEW, ...EDIT, 'datasets:update']),
    };
    const { api } = list.admin;
    const key = await newKey(api, 'Owner');
    for (const name of NAMES) {
      const [own, ...further] = ROLES[name].map((one) => roles[one]!);
      people[name] = await t.fixtures.member(list, { workspace: own! });
      for (const more of further) await groupWith(list, more, people[name]);
      todos[name] = (
        await tag(api, (await newValue(api, key.id, name)).id, randomUUID(), 'dataset')
      ).resource_id;
      if (!ROLES[name].includes('editor')) continue;
      const owned = ['datasets:update', 'datasets:delete'].map((permission) => ({
        permission,
        resource_type: 'dataset',
        conditions: [{ ...TEAM_A.conditions[0], attribute_key: 'Owner', attribute_value: name }],
      }));
      const groupId = await groupWith(list, roles['viewer']!, people[name]);
      await attachTo(list.admin, groupId, await policy(list, { condition_groups: owned }));
    }
  });

  it.each(NAMES)('decides what %s may do with the todos of each', async (name) => {
    const properties = (owner: Name) => ({ workspace_id: list.workspaceId, ownerID: owner });
    const { status, body } = await list.admin.api.post(EVALUATIONS, {
      subject: { type: 'user', id: people[name].email },
      context: { time: '2026-11-29T00:00:00Z' },
      evaluations: NAMES.flatMap((owner) =>
        ACTIONS.map((action) => ({
          action: { name: action },
          resource: { type: 'dataset', id: todos[owner], properties: properties(owner) },
        })),
      ),
    });

    expect(status).toBe(200);
    expect(body.evaluations.map((one: { decision: boolean }) => one.decision)).toEqual(
      NAMES.flatMap(EXPECTED[name]),
    );
  });

  it('finds who may change the todo of another', async () => {
    const { body } = await list.admin.api.post('/access/v1/search/subject', {
      subject: { type: 'user' },
      action: UPDATE,
      resource: { type: 'dataset', id: todos.morty, properties: { workspace_id: list.workspaceId } },
    });

    const found = body.results.map(({ id }: { id: string }) => id).sort();
    expect(found).toEqual([list.admin, people.rick, people.morty].map(({ userId }) => userId).sort());
  });
});

describe('a request', () => {
  it.each([
    ['no JSON', { raw: '{' }],
    ['a list', { raw: '[]' }],
    ['no subject', { raw: '{"action":{"name":"datasets:read"},"resource":{"type":"workspace","id":"x"}}' }],
  ])('is 400 with %s', async (_, options) => {
    const { status, body } = await org.admin.api.post(EVALUATION, undefined, {
      ...options,
      headers: { 'content-type': 'application/json' },
    });
    expect([status, typeof body.detail]).toEqual([400, 'string']);
  });

  it.each([
    ['subject.type', { subject: { type: 5, id: 'x' } }],
    ['subject.id', { subject: { type: 'spaceship' } }],
    ['action.name', { action: { name: 123 } }],
    ['resource.type', { resource: { type: null, id: 'x' } }],
    ['resource.id', { resource: { type: 'record' } }],
    ['resource.properties.workspace_id', { resource: { type: 'dataset', id: 'x' } }],
    [
      'resource.properties.workspace_id',
      { resource: { type: 'dataset', id: 'x', properties: { workspace_id: 5 } } },
    ],
    ['subject.properties', { subject: { type: 'user', id: 'x', properties: 'x' } }],
  ])('is 400 with another %s', async (place, more) => {
    const valid = { subject: user(viewer), action: READ, resource: here() };
    const { status, body } = await org.admin.api.post(EVALUATION, { ...valid, ...more });
    expect([status, body.detail.split(':')[0]]).toEqual([400, `body.${place}`]);
  });

  it.each([
    [{ evaluations: {} }, 'evaluations'],
    [{ evaluations: [{}], options: { evaluations_semantic: 'x' } }, 'options.evaluations_semantic'],
    [{ evaluations: [{}], subject: 5 }, 'subject'],
  ])('returns 400 for many evaluations with %j', async (request, place) => {
    const { status, body } = await org.admin.api.post(EVALUATIONS, request);
    expect([status, body.detail.split(':')[0]]).toEqual([400, `body.${place}`]);
  });

  it('ignores members that the specification does not know', async () => {
    const subject = { ...user(viewer), more: 1 };
    const body = { subject, action: READ, resource: here(), context: { time: 'now' }, more: {} };
    expect((await org.admin.api.post(EVALUATION, body)).body.decision).toBe(true);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'text/json'])(
    'is 400 with the media type %s, for callers who may ask',
    async (type) => {
      const raw = JSON.stringify({ subject: user(viewer), action: READ, resource: here() });
      const options = { raw, headers: { 'content-type': type } };
      for (const path of [EVALUATION, EVALUATIONS, '/access/v1/search/resource']) {
        const reply = await org.admin.api.post(path, undefined, options);
        expect([reply.status, reply.headers.get('x-error-code')]).toEqual([400, 'unsupported_media_type']);
      }
      expect((await t.api.post(EVALUATION, undefined, options)).status).toBe(401);
    },
  );

  it('gets its X-Request-ID back, also with an error, and our id in X-Trace-Id', async () => {
    const ask = (id: string, api = org.admin.api) =>
      api.post(EVALUATION, {}, { headers: { 'x-request-id': id } });
    for (const id of ['call/1', 'two words', '{"a": "b"}', 'x'.repeat(1024)])
      for (const { headers } of [await ask(id), await ask(id, t.api)]) {
        expect(headers.get('x-request-id')).toBe(id);
        expect(headers.get('x-trace-id')).toMatch(/^[\da-f]{32}$/);
      }
    const elsewhere = await t.api.get('/api/v1/info', { headers: { 'x-request-id': 'call/1' } });
    expect(elsewhere.headers.get('x-request-id')).toMatch(/^[\da-f]{32}$/);
    expect(elsewhere.headers.has('x-trace-id')).toBe(false);
  });

  it.each([
    ['is too long', 'x'.repeat(1025)],
    ['has a tab', 'a\tb'],
    ['has a control character', 'a\u0085b'],
    ['has other characters than ASCII', 'caf\u00e9'],
    ['is empty', ''],
  ])('is served with our X-Request-ID if that of the caller %s', async (_, id) => {
    const body = { subject: user(viewer), action: READ, resource: here() };
    const { status, headers } = await org.admin.api.post(EVALUATION, body, {
      headers: { 'x-request-id': id },
    });
    expect([status, headers.get('x-request-id')]).toEqual([200, headers.get('x-trace-id')]);
  });
});

describe('the metadata', () => {
  const PATH = '/.well-known/authzen-configuration';

  it('names the public URL and the endpoints, without a credential', async () => {
    const { status, body } = await t.api.get(PATH);
    expect([status, body]).toEqual([
      200,
      {
        policy_decision_point: 'https://tenantry.example.com',
        access_evaluation_endpoint: 'https://tenantry.example.com/access/v1/evaluation',
        access_evaluations_endpoint: 'https://tenantry.example.com/access/v1/evaluations',
        search_subject_endpoint: 'https://tenantry.example.com/access/v1/search/subject',
        search_resource_endpoint: 'https://tenantry.example.com/access/v1/search/resource',
        search_action_endpoint: 'https://tenantry.example.com/access/v1/search/action',
      },
    ]);
    expect((await t.api.get(`${PATH}/elsewhere`)).status).toBe(404);
  });

  it('is found where the specification inserts a base path', async () => {
    const below = await startTestApp({ LANGSMITH_URL: 'https://example.com/tenantry' }, t.databaseUrl);
    const replies = await Promise.all(
      [`${PATH}/tenantry`, `/tenantry${PATH}`, `${PATH}/other`].map((path) => fetch(`${below.url}${path}`)),
    );
    const found = await Promise.all(replies.slice(0, 2).map((reply) => reply.json()));
    await below.close();
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 404]);
    expect(found).toMatchObject([found[0], { policy_decision_point: 'https://example.com/tenantry' }]);
  });

  it('is absent without a public URL', async () => {
    const internal = await startTestApp({}, t.databaseUrl);
    const { status } = await fetch(`${internal.url}${PATH}`);
    await internal.close();
    expect(status).toBe(404);
  });
});
