import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, ORG_MEMBERS, orgRoleIn } from '../support/invitations.js';
import { isOfUnknownOrigin, originOf, provesAddress } from '../support/password-origin.js';
import { scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const BASIC_BATCH = `${ORG_MEMBERS}/basic/batch`;

const canLogIn = async ({ email, password }: { email: string; password: string }) =>
  (await t.api.post('/api/v1/login', { email, password })).status === 200;
const remove = ({ membershipId }: Member, { admin }: OrgWithAdmin = org) =>
  admin.api.delete(`${ORG_MEMBERS}/${membershipId}`);
const loginMethodsOf = ({ userId }: Member) =>
  t.sql('select provider from login_methods where user_id = $1', [userId]);

const removeThroughScim = async ({ email }: Member) => {
  const scim = await scimOf(org.admin.api);
  const { body } = await scim.post('/Users', userOf(email));
  return scim.delete(`/Users/${body.id}`);
};

const leave = ({ api, membershipId }: Member) => api.delete(`${ORG_MEMBERS}/${membershipId}`);

describe('a password that proves no address', () => {
  it.each<[way: string, how: (member: Member) => Promise<unknown>]>([
    ['an admin removes them', remove],
    ['SCIM deletes them', removeThroughScim],
    ['they leave', leave],
    [
      'the membership is deleted in any other way',
      ({ membershipId }) => t.sql('delete from org_memberships where id = $1', [membershipId]),
    ],
  ])(
    'a password that proves no address is deleted with the last membership of its owner when %s',
    async (_, how) => {
      const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });

      await how(member);

      expect(await orgRoleIn(t, org.orgId, member.email)).toBeNull();
      expect(await originOf(t, member)).toBeNull();
      expect(await loginMethodsOf(member)).toEqual([]);
      expect(await canLogIn(member)).toBe(false);
    },
  );

  it('a password that proves no address is deleted when the organization is deleted', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(other, {});
    await isOfUnknownOrigin(t, member);

    await t.sql('delete from organizations where id = $1', [other.orgId]);

    expect(await originOf(t, member)).toBeNull();
    expect(await originOf(t, other.admin)).toBeNull();
    expect(await loginMethodsOf(member)).toEqual([]);
  });

  it('a password that proves no address is kept while its owner is a member of another organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, {});
    await t.fixtures.addMember(other, member, {});

    await remove(member);
    expect(await canLogIn(member)).toBe(true);

    await t.sql('delete from org_memberships where user_id = $1', [member.userId]);
    expect(await canLogIn(member)).toBe(false);
  });

  it('a password that proves no address is deleted when two organizations remove its owner at the same moment', async () => {
    const other = await t.fixtures.orgWithAdmin();
    for (let round = 0; round < 5; round++) {
      const member = await t.fixtures.member(org, {});
      await t.fixtures.addMember(other, member, {});
      const [there] = await t.sql<{ id: string }>(
        'select id from org_memberships where user_id = $1 and org_id = $2',
        [member.userId, other.orgId],
      );

      const replies = await Promise.all([
        remove(member),
        remove({ ...member, membershipId: there!.id }, other),
      ]);

      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      expect(await originOf(t, member)).toBeNull();
    }
  });
});

it('keeps a password that its owner set after proving the address when they are removed', async () => {
  const member = await t.fixtures.member(org, {});
  await provesAddress(t, member);

  await remove(member);

  expect(await canLogIn(member)).toBe(true);
});

describe('a removed member', () => {
  it('a removed member gets a new password and no old name when an admin creates an account for the address again', async () => {
    const member = await t.fixtures.member(org, {});
    const path = `${ORG_MEMBERS}/${member.membershipId}`;
    expect((await org.admin.api.patch(path, { full_name: 'Known Before' })).status).toBe(200);
    await remove(member);

    const { status, body } = await org.admin.api.post(BASIC_BATCH, [{ email: member.email }]);

    expect(status).toBe(200);
    expect(body).toMatchObject([
      { id: member.userId, email: member.email, full_name: null, password: expect.any(String) },
    ]);
    expect(await canLogIn({ ...member, password: body[0].password })).toBe(true);
    expect(await canLogIn(member)).toBe(false);
    expect(await originOf(t, member)).toMatchObject({
      ...{ chosen_by: 'organization_admin', vouching_org_id: org.orgId },
    });
  });

  it('a removed member gets the password of an invitation that an admin sends with a password', async () => {
    const member = await t.fixtures.member(org, {});
    await remove(member);
    const password = 'Another-Horse-Battery';

    await invitation(org, { email: member.email, password, role_id: role('ORGANIZATION_VIEWER') });

    const token = await t.fixtures.login(member.email, password);
    const api = t.api.as({ token });
    expect((await api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(200);
  });
});
