import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECK, policy, TEAM_A } from '../support/access-policies.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const DATASET_OF_A = { permission: 'datasets:read', resource_type: 'dataset', resource_tags: { Team: 'A' } };
const UPDATE_OF_A = { ...DATASET_OF_A, permission: 'datasets:update' };
const UPDATES = [{ ...TEAM_A, permission: 'datasets:update' }];

const check = (asking: Person, question: Record<string, unknown> = DATASET_OF_A) =>
  asking.api.post(CHECK, { workspace_id: org.workspaceId, ...question });
const about = async (person: Person, question: Record<string, unknown> = DATASET_OF_A) =>
  (await check(org.admin, { user_id: person.userId, ...question })).body;

/** A member with a custom role, so that the policies of one test affect no member of another test. */
async function holder(permissions: Parameters<typeof customRole>[1]) {
  const roleId = await customRole(org, permissions);
  return { roleId, person: await t.fixtures.member(org, { workspace: roleId }) };
}

describe('decision of an access check', () => {
  it('returns the decision of the role while no policy is attached to it', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const held = { policy_id: null, role_id: role('WORKSPACE_VIEWER'), role_name: 'Viewer' };
    expect(await about(viewer)).toEqual({ allowed: true, reason: 'role', ...held });
    expect(await about(viewer, UPDATE_OF_A)).toEqual({ allowed: false, reason: 'not_granted', ...held });
  });

  it('allows by a policy what the role does not grant, for matching tags only', async () => {
    const { roleId, person } = await holder(['datasets:read']);
    const allowing = await policy(org, { condition_groups: UPDATES, role_ids: [roleId] });

    expect(await about(person, UPDATE_OF_A)).toMatchObject({
      allowed: true,
      reason: 'policy_allow',
      policy_id: allowing,
      role_id: roleId,
    });
    const granted = { allowed: false, reason: 'not_granted', policy_id: null };
    expect(await about(person, { ...UPDATE_OF_A, resource_tags: { Team: 'B' } })).toMatchObject(granted);
    expect(await about(person, { ...UPDATE_OF_A, resource_tags: {} })).toMatchObject(granted);
    expect(await about(person, { ...UPDATE_OF_A, resource_type: 'prompt' })).toMatchObject(granted);
    expect(await about(person, { permission: 'datasets:update' })).toMatchObject(granted);
  });

  it('denies by a deny policy even if another policy allows', async () => {
    const { roleId, person } = await holder(['datasets:read']);
    await policy(org, { role_ids: [roleId] });
    const denying = await policy(org, { effect: 'deny', role_ids: [roleId] });

    expect(await about(person)).toMatchObject({ allowed: false, reason: 'policy_deny', policy_id: denying });
  });

  it('changes the decision as soon as the policy is deleted', async () => {
    const { roleId, person } = await holder(['datasets:read']);
    const denying = await policy(org, { effect: 'deny', role_ids: [roleId] });
    expect((await about(person)).allowed).toBe(false);

    await org.admin.api.delete(`/v1/platform/orgs/current/access-policies/${denying}`);

    expect(await about(person)).toMatchObject({ allowed: true, reason: 'role' });
  });

  it('applies to a system role only the policies of the same organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    await policy(other, { effect: 'deny', role_ids: [role('WORKSPACE_USER')] });
    const [ours, foreign] = await Promise.all(
      [org, other].map((place) => t.fixtures.member(place, { workspace: 'WORKSPACE_USER' })),
    );

    expect((await about(ours!)).reason).toBe('role');
    const question = { ...DATASET_OF_A, workspace_id: other.workspaceId, user_id: foreign!.userId };
    expect((await other.admin.api.post(CHECK, question)).body.reason).toBe('policy_deny');
  });

  it('treats an organization admin as Admin in every workspace, with the policies of that role', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const second = await t.fixtures.member(own, { org: 'ORGANIZATION_ADMIN' }); // member of no workspace
    const question = { ...DATASET_OF_A, workspace_id: own.workspaceId, user_id: second.userId };
    const asked = () => own.admin.api.post(CHECK, question);
    const admin = { role_id: role('WORKSPACE_ADMIN'), role_name: 'Admin' };
    expect((await asked()).body).toMatchObject({ allowed: true, reason: 'role', ...admin });

    await policy(own, { effect: 'deny', role_ids: [role('WORKSPACE_ADMIN')] });

    expect((await asked()).body).toMatchObject({ allowed: false, reason: 'policy_deny', ...admin });
  });

  it('denies for a disabled member and for a member without a role in the workspace', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await t.sql('update org_memberships set is_disabled = true where id = $1', [viewer.membershipId]);
    const outside = await t.fixtures.member(org, {});

    expect(await about(viewer)).toMatchObject({ allowed: false, reason: 'not_granted' });
    expect(await about(outside)).toEqual({
      allowed: false,
      reason: 'not_granted',
      policy_id: null,
      role_id: null,
      role_name: null,
    });
  });
});

describe('permission to run an access check', () => {
  it('tells every member about themselves: unnamed, by user id and by membership id', async () => {
    const viewer = await t.fixtures.member(org, {
      org: 'ORGANIZATION_VIEWER',
      workspace: 'WORKSPACE_VIEWER',
    });
    for (const named of [{}, { user_id: viewer.userId }, { member_id: viewer.membershipId }]) {
      expect(await check(viewer, { ...DATASET_OF_A, ...named })).toMatchObject({
        status: 200,
        body: { allowed: true, role_name: 'Viewer' },
      });
    }
  });

  it('lets only organization managers, operators included, check the access of other members', async () => {
    const [user, operator] = await Promise.all([
      t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
      t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_VIEWER' }),
    ]);
    const question = { ...DATASET_OF_A, member_id: user.membershipId };
    expect(await check(operator, question)).toMatchObject({ status: 200, body: { role_name: 'Admin' } });
    for (const named of [
      { user_id: operator.userId },
      { member_id: operator.membershipId },
      { user_id: randomUUID() },
    ]) {
      expect((await check(user, { ...DATASET_OF_A, ...named })).status).toBe(403);
    }
    expect((await t.api.post(CHECK, { ...DATASET_OF_A, workspace_id: org.workspaceId })).status).toBe(401);
  });

  it('returns 422 when a service key names no user in an access check', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    const key: Person = { ...viewer, api: t.api.as({ key: body.key }) };

    expect(await check(key, { ...DATASET_OF_A, user_id: viewer.userId })).toMatchObject({
      status: 200,
      body: { allowed: true },
    });
    expect(await check(key)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'user_id'], type: 'missing' }] },
    });
  });
});

describe('access checks on unknown users and workspaces', () => {
  it('returns 404 for users and workspaces of another organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const foreign = { user_id: other.admin.userId };
    for (const named of [foreign, { member_id: other.admin.membershipId }, { user_id: randomUUID() }]) {
      expect((await check(org.admin, { ...DATASET_OF_A, ...named })).status).toBe(404);
    }
    for (const workspace_id of [other.workspaceId, randomUUID()]) {
      expect((await check(org.admin, { ...DATASET_OF_A, workspace_id })).status).toBe(404);
    }
  });

  it('returns 404 for a workspace that the caller cannot see, as for an unknown one', async () => {
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const hidden = await anotherWorkspace(org);
    const replies = [
      await check(viewer, { ...DATASET_OF_A, workspace_id: hidden }),
      await check(viewer, { ...DATASET_OF_A, workspace_id: randomUUID() }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe('malformed access checks', () => {
  it.each([
    ['without a workspace', { workspace_id: undefined }, ['workspace_id']],
    ['without a permission', { permission: undefined }, ['permission']],
    ['with an unknown permission', { permission: 'datasets:*' }, ['permission']],
    ['with a permission of the organization', { permission: 'organization:read' }, ['permission']],
    ['with two people', { user_id: randomUUID(), member_id: randomUUID() }, ['user_id']],
    ['with tags and no resource type', { resource_type: null }, ['resource_type']],
    ['with a list of tags', { resource_tags: ['Team'] }, ['resource_tags']],
    ['with a tag that is no text', { resource_tags: { Team: ['A', 1] } }, ['resource_tags', 'Team']],
    ['with a tag that is too long', { resource_tags: { Team: 'x'.repeat(257) } }, ['resource_tags', 'Team']],
    [
      'with too many tags',
      { resource_tags: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`t${n}`, ''])) },
      ['resource_tags'],
    ],
    ['with too many values', { resource_tags: { Team: Array(101).fill('A') } }, ['resource_tags']],
  ])('returns 422 for an access check %s', async (_what, parts, place) => {
    const reply = await check(org.admin, { ...DATASET_OF_A, ...parts });
    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', ...place] }] } });
  });
});
