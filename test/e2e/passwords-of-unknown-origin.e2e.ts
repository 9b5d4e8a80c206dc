import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, invitationsOf, ORG_MEMBERS, orgRoleIn } from '../support/invitations.js';
import { isOfUnknownOrigin, originOf } from '../support/password-origin.js';
import { scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A database with one organization: the state of most installations that are upgraded. */
let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const BASIC_BATCH = `${ORG_MEMBERS}/basic/batch`;
const OWN = '/api/v1/orgs/members/basic';
const NEW = 'Another-Horse-Battery';
const [ADMIN, OPERATOR, USER, VIEWER] = (['ADMIN', 'OPERATOR', 'USER', 'VIEWER'] as const).map((name) =>
  role(`ORGANIZATION_${name}`),
) as [string, string, string, string];
const RESERVED = ['ORGANIZATION_ADMIN', 'ORGANIZATION_OPERATOR'] as const;

const pathOf = ({ membershipId }: Member) => `${ORG_MEMBERS}/${membershipId}`;
const promote = (member: Member, role_id: string, more: object = {}) =>
  org.admin.api.patch(pathOf(member), { role_id, ...more });

async function userWithUnknownOrigin() {
  const person = await t.fixtures.userWithoutOrg();
  await isOfUnknownOrigin(t, person);
  return person;
}

async function memberWithUnknownOrigin(name: 'USER' | 'OPERATOR' | 'ADMIN' = 'USER'): Promise<Member> {
  const member = await t.fixtures.member(org, { org: `ORGANIZATION_${name}` });
  await isOfUnknownOrigin(t, member);
  return member;
}

describe('a password of unknown origin in an installation with one organization', () => {
  it('accepts an ordinary invitation with a password of unknown origin', async () => {
    const person = await userWithUnknownOrigin();
    await invitation(org, { email: person.email, role_id: VIEWER });

    expect((await person.api.get('/api/v1/orgs/pending')).body).toMatchObject([{ id: org.orgId }]);
    expect((await person.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(200);
    expect(await orgRoleIn(t, org.orgId, person.email)).toBe(VIEWER);
  });

  it('accepts no invitation with an account in the personal organization of another user', async () => {
    const owner = await t.fixtures.orgWithAdmin();
    await t.sql('update organizations set is_personal = true, created_by_user_id = $2 where id = $1', [
      owner.orgId,
      owner.admin.userId,
    ]);
    const person = await userWithUnknownOrigin();
    await t.sql('delete from passwords where user_id = $1', [person.userId]);
    const scim = await scimOf(owner.admin.api);
    expect((await scim.post('/Users', userOf(person.email))).status).toBe(201);
    const { members } = (await owner.admin.api.get(ORG_MEMBERS)).body;
    const { id } = members.find((one: { email: string }) => one.email === person.email);
    expect((await owner.admin.api.patch(`${ORG_MEMBERS}/${id}`, { password: NEW })).status).toBe(200);
    await isOfUnknownOrigin(t, person);
    const stranger = t.api.as({ token: await t.fixtures.login(person.email, NEW) });
    await invitation(org, { email: person.email, role_id: VIEWER });

    expect((await stranger.get('/api/v1/orgs/pending')).body).toEqual([]);
    expect((await stranger.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(404);
    expect((await org.admin.api.post(BASIC_BATCH, [{ email: person.email }])).status).toBe(403);
  });

  it.each(RESERVED)(
    'refuses an invitation as %s, also after the owner changed the password',
    async (name) => {
      const person = await userWithUnknownOrigin();
      const id = await invitation(org, {
        ...{ email: person.email, role_id: role(name), workspace_ids: [org.workspaceId] },
      });
      const routes = [`/api/v1/orgs/pending/${org.orgId}`, `/api/v1/workspaces/pending/${org.workspaceId}`];
      const refused = async () => {
        for (const route of routes)
          expect(await person.api.post(`${route}/claim`)).toMatchObject({
            status: 403,
            body: { detail: expect.stringContaining('not known who chose your password') },
          });
        expect((await person.api.get('/api/v1/orgs/pending')).body).toEqual([]);
      };

      await refused();
      await t.sql(`update passwords set chosen_by = 'owner' where user_id = $1`, [person.userId]);
      await refused();

      expect((await invitationsOf(t, org)).find((one) => one.id === id)).toMatchObject({ status: 'pending' });
    },
  );

  it('a password of unknown origin is kept when its owner is added by hand as an ordinary member', async () => {
    const person = await userWithUnknownOrigin();
    const add = (role_id: string) => org.admin.api.post(BASIC_BATCH, [{ email: person.email, role_id }]);

    const refused = await Promise.all([add(ADMIN), add(OPERATOR)]);
    const added = await add(USER);

    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(refused[0].body.detail).toMatchObject([{ loc: ['body', 0, 'email'] }]);
    expect(added).toMatchObject({ status: 200, body: [{ id: person.userId, password: null }] });
    expect(await orgRoleIn(t, org.orgId, person.email)).toBe(USER);
  });

  it("an admin's invitation stays pending when its addressee is added by hand with a password of unknown origin", async () => {
    const person = await userWithUnknownOrigin();
    const id = await invitation(org, { email: person.email, role_id: ADMIN });

    expect((await org.admin.api.post(BASIC_BATCH, [{ email: person.email }])).status).toBe(403);

    expect((await invitationsOf(t, org)).find((one) => one.id === id)).toMatchObject({ status: 'pending' });
  });

  it("an admin's invitation stays pending when SCIM adds its addressee with a password of unknown origin", async () => {
    const person = await userWithUnknownOrigin();
    await invitation(org, { email: person.email, role_id: ADMIN });
    const scim = await scimOf(org.admin.api);

    expect((await scim.post('/Users', userOf(person.email))).status).toBe(201);

    expect(await orgRoleIn(t, org.orgId, person.email)).toBe(USER);
  });
});

describe('a member whose password is of unknown origin', () => {
  it.each(RESERVED)(
    'returns 409 that names the missing step when the member is promoted to %s',
    async (name) => {
      const member = await memberWithUnknownOrigin();

      const reply = await promote(member, role(name));

      expect(reply).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('set a new password') },
      });
      expect(reply.headers.get('x-should-retry')).toBe('false');
      expect(await orgRoleIn(t, org.orgId, member.email)).toBe(USER);
    },
  );

  it('a member whose password is of unknown origin is promoted after an admin has reset the password, also in the same request', async () => {
    const [before, together] = [await memberWithUnknownOrigin(), await memberWithUnknownOrigin()];
    await org.admin.api.patch(pathOf(before), { password: NEW });

    expect((await promote(before, ADMIN)).status).toBe(200);
    expect((await promote(together, ADMIN, { password: NEW })).status).toBe(200);
    expect(await originOf(t, together)).toMatchObject({
      ...{ chosen_by: 'organization_admin', vouching_org_id: org.orgId },
    });
  });

  it('a member whose password is of unknown origin is promoted after changing the password, which still proves no address', async () => {
    const member = await memberWithUnknownOrigin();
    const api = member.api.as({ workspaceId: undefined });
    expect((await api.patch(OWN, { password: NEW })).status).toBe(200);

    expect((await promote(member, OPERATOR)).status).toBe(200);
    expect(await originOf(t, member)).toEqual({
      ...{ chosen_by: 'owner', vouching_org_id: null, address_proved: false },
    });
  });

  it('a member whose password is of unknown origin is demoted, or keeps the current role, without a new password', async () => {
    const [admin, operator] = [
      await memberWithUnknownOrigin('ADMIN'),
      await memberWithUnknownOrigin('OPERATOR'),
    ];

    expect((await promote(admin, OPERATOR)).status).toBe(200);
    expect((await promote(operator, OPERATOR)).status).toBe(200);
    expect((await promote(operator, USER)).status).toBe(200);
    expect((await promote(await memberWithUnknownOrigin('OPERATOR'), ADMIN)).status).toBe(409);
  });

  it('a member whose password is of unknown origin is not promoted by a SCIM group, whose request writes nothing', async () => {
    const member = await memberWithUnknownOrigin();
    const scim = await scimOf(org.admin.api);
    const { body: user } = await scim.post('/Users', userOf(member.email));
    const group = { displayName: 'Organization Admins', members: [{ value: user.id }] };

    const refused = await scim.post('/Groups', group);

    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining(member.userId) } });
    expect(await orgRoleIn(t, org.orgId, member.email)).toBe(USER);
    expect((await scim.get('/Groups')).body.totalResults).toBe(0);
    await org.admin.api.patch(pathOf(member), { password: NEW });
    expect((await scim.post('/Groups', group)).status).toBe(201);
    expect(await orgRoleIn(t, org.orgId, member.email)).toBe(ADMIN);
  });
});
