import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { attach, policy, SHARE } from '../support/access-policies.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  customRole,
  invitation,
  invitationsOf,
  orgRoleIn,
  updateOrg,
  workspaceRolesIn,
} from '../support/invitations.js';
import { GROUP, type Scim, scimOf, scimOfOperator, TENANTRY_GROUP, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { groupWith } from '../support/user-groups.js';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const REFUSED = {
  status: 403,
  body: { schemas: [ERROR], status: '403', detail: expect.stringContaining('created by an operator') },
};
const [ADMIN, EDITOR] = [role('WORKSPACE_ADMIN'), role('WORKSPACE_USER')];

let t: TestApp;
let org: OrgWithAdmin;
let operator: Member;
/** The token of an operator who is an Editor of the first workspace, and the token of the admin. */
let limited: Scim;
let full: Scim;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_USER' });
  limited = await scimOfOperator(t, org, operator);
  full = await scimOf(org.admin.api);
});

const groupOf = (displayName: string, ...members: string[]) => ({
  schemas: [GROUP],
  displayName,
  members: members.map((value) => ({ value })),
});
const made = async (reply: Promise<{ status: number; body: any }>): Promise<string> => {
  const { status, body } = await reply;
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.id;
};
const userIn = (scim: Scim, email = t.fixtures.email(), more: object = {}) =>
  made(scim.post('/Users', userOf(email, more)));
const addTo = (scim: Scim, group: string, user: string) =>
  scim.patch(`/Groups/${group}`, [{ op: 'add', path: 'members', value: [{ value: user }] }]);
const bulk = (...Operations: unknown[]) =>
  limited.post('/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations });
const nameOf = async (roleId: string) =>
  (await t.sql<{ name: string }>('select display_name as name from roles where id = $1', [roleId]))[0]!.name;
const nameOfWorkspace = async (workspaceId: string) =>
  (
    await t.sql<{ display_name: string }>('select display_name from workspaces where id = $1', [workspaceId])
  )[0]!.display_name;

describe.each(['ORGANIZATION_ADMIN', 'ORGANIZATION_OPERATOR'] as const)('an invitation as %s', (orgRole) => {
  let email: string;
  let invited: string;
  beforeEach(async () => {
    const person = await t.fixtures.userWithoutOrg();
    email = person.email;
    invited = await invitation(org, { email, role_id: role(orgRole) });
  });
  const isUntouched = async () => {
    expect(await orgRoleIn(t, org.orgId, email)).toBeNull();
    expect(await invitationsOf(t, org)).toMatchObject([
      { id: invited, status: 'pending', orgRoleId: role(orgRole) },
    ]);
  };
  const emails = (...values: string[]) => values.map((value, at) => ({ value, type: at ? 'home' : 'work' }));

  it('returns 403 and leaves the invitation pending when a token of an operator creates the invited user', async () => {
    expect(await limited.post('/Users', userOf(email))).toMatchObject(REFUSED);
    expect(await limited.post('/Users', userOf(email, { active: false }))).toMatchObject(REFUSED);
    await isUntouched();
  });

  it('returns 403 and leaves the invitation pending when a bulk of an operator creates the invited user', async () => {
    const other = t.fixtures.email();
    const { body } = await bulk(
      { method: 'POST', path: '/Users', bulkId: 'a', data: userOf(email) },
      { method: 'POST', path: '/Users', bulkId: 'b', data: userOf(other) },
      { method: 'POST', path: '/Groups', bulkId: 'c', data: groupOf('Team', 'bulkId:a') },
    );

    expect(body.Operations).toMatchObject([
      { status: '403', response: REFUSED.body },
      { status: '201' },
      { status: expect.stringMatching(/^4/) },
    ]);
    await isUntouched();
    expect(await orgRoleIn(t, org.orgId, other)).toBe(role('ORGANIZATION_USER'));
  });

  it('returns 403 and leaves an expired invitation pending when a token of an operator creates the user', async () => {
    await t.sql(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [invited]);

    expect(await limited.post('/Users', userOf(email))).toMatchObject(REFUSED);
    await isUntouched();
  });

  it('returns 403 and leaves the invitation pending when a token of an operator gives a user its address', async () => {
    const [own, id] = [t.fixtures.email(), await userIn(limited)];

    const replies = [
      await limited.put(`/Users/${id}`, userOf(own, { emails: emails(email) })),
      await limited.patch(`/Users/${id}`, [
        { op: 'replace', path: 'emails[type eq "work"].value', value: email },
      ]),
    ];

    expect(replies).toMatchObject([REFUSED, REFUSED]);
    await isUntouched();
    expect((await full.get(`/Users/${id}`)).body.emails).not.toContainEqual(
      expect.objectContaining({ value: email }),
    );
  });

  it('returns 403 and leaves the invitation pending when a token of an operator disables or deletes a user with its address', async () => {
    const own = t.fixtures.email();
    const id = await userIn(full, own, { emails: emails(own, email) });
    const disabled = { active: false, emails: emails(own, email) };

    const replies = [
      await limited.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]),
      await limited.put(`/Users/${id}`, userOf(own, disabled)),
      await limited.delete(`/Users/${id}`),
    ];

    expect(replies).toMatchObject([REFUSED, REFUSED, REFUSED]);
    await isUntouched();
    expect((await full.get(`/Users/${id}`)).body.active).toBe(true);
    expect((await full.delete(`/Users/${id}`)).status).toBe(204);
    expect(await invitationsOf(t, org)).toMatchObject([{ status: 'revoked' }]);
  });
});

it('returns 403 when a token of an operator creates a user whose invitation gives a workspace role above the operator', async () => {
  const [ordinary, above] = [await t.fixtures.userWithoutOrg(), await t.fixtures.userWithoutOrg()];
  const inFirst = (roleId: string) => ({ workspace_ids: [org.workspaceId], workspace_role_id: roleId });
  await invitation(org, { email: ordinary.email, ...inFirst(EDITOR) });
  await invitation(org, { email: above.email, ...inFirst(ADMIN) });

  expect((await limited.post('/Users', userOf(ordinary.email))).status).toBe(201);
  expect(await limited.post('/Users', userOf(above.email))).toMatchObject(REFUSED);
  expect(await workspaceRolesIn(t, org.orgId, ordinary.email)).toEqual({ [org.workspaceId]: EDITOR });
  expect((await invitationsOf(t, org)).map(({ status }) => status)).toEqual(['accepted', 'pending']);
});

describe('a group that gives more than the operator may give', () => {
  it('returns 403 when a token of an operator creates a group of a role that the operator does not hold', async () => {
    const [other, user] = [await nameOfWorkspace(await anotherWorkspace(org)), await userIn(limited)];
    const names = [
      'Organization User:Workspace 1:Admin',
      `Organization User:${other}:Viewer`,
      'Organization Operator:Workspace 1:Viewer',
    ];

    for (const name of names) {
      expect(await limited.post('/Groups', groupOf(name))).toMatchObject(REFUSED);
      expect(await limited.post('/Groups', groupOf(name, user))).toMatchObject(REFUSED);
      const { body } = await bulk({ method: 'POST', path: '/Groups', bulkId: 'a', data: groupOf(name) });
      expect(body.Operations).toMatchObject([{ status: '403' }]);
    }
    expect((await full.get('/Groups')).body.totalResults).toBe(0);
    expect(
      (await limited.post('/Groups', groupOf('Organization User:Workspace 1:Editor', user))).status,
    ).toBe(201);
  });

  it('returns 403 when a token of an operator changes or deletes a group of Workspace Admins', async () => {
    const [inside, outside] = [await userIn(full), await userIn(full)];
    const name = 'Organization User:Workspace 1:Admin';
    const group = await made(full.post('/Groups', groupOf(name, inside)));
    const plain = await made(limited.post('/Groups', groupOf('Team')));
    const empty = await made(full.post('/Groups', groupOf(`B:${name}`)));
    const before = (await full.get(`/Groups/${group}`)).body;
    const set = (path: string, value: unknown) => [{ op: 'replace', path, value }];

    const replies = [
      await addTo(limited, group, outside),
      await limited.patch(`/Groups/${group}`, [{ op: 'remove', path: `members[value eq "${inside}"]` }]),
      await limited.put(`/Groups/${group}`, groupOf(name)),
      await limited.patch(`/Groups/${group}`, set('displayName', 'Empty team')),
      await limited.patch(`/Groups/${group}`, set('externalId', 'mine')),
      await limited.delete(`/Groups/${group}`),
      await limited.put(`/Groups/${plain}`, groupOf(`C:${name}`)),
      await limited.patch(`/Groups/${empty}`, set('displayName', 'Renamed')),
      await limited.delete(`/Groups/${empty}`),
    ];

    expect(replies).toEqual(replies.map(() => expect.objectContaining({ status: 403 })));
    expect((await full.get(`/Groups/${group}`)).body).toEqual(before);
  });

  it('returns 403 when a token of an operator changes a group bound to a role that its name no longer says', async () => {
    const user = await userIn(full);
    const group = await made(full.post('/Groups', groupOf('Organization User:Workspace 1:Admin')));
    await org.admin.api.patch(`/api/v1/workspaces/${org.workspaceId}`, { display_name: 'Renamed' });
    await operator.api.post('/api/v1/workspaces', { display_name: 'Workspace 1' }); // its creator is Admin there

    expect(await addTo(limited, group, user)).toMatchObject(REFUSED);
    expect(await limited.put(`/Groups/${group}`, groupOf('Renamed'))).toMatchObject(REFUSED);
    expect(await limited.delete(`/Groups/${group}`)).toMatchObject(REFUSED);
  });

  it('returns 403 when a token adds to a group whose role the operator who made it has lost since', async () => {
    const [one, two] = [await userIn(limited), await userIn(limited)];
    const group = await made(limited.post('/Groups', groupOf('Organization User:Workspace 1:Viewer')));
    const [member] = await t.sql<{ id: string }>(
      'select id from workspace_memberships where workspace_id = $1 and user_id = $2',
      [org.workspaceId, operator.userId],
    );

    expect((await addTo(limited, group, one)).status).toBe(204);
    await org.admin.api.delete(`/api/v1/workspaces/current/members/${member!.id}`);
    expect(await addTo(limited, group, two)).toMatchObject(REFUSED);
    expect((await full.delete(`/Groups/${group}`)).status).toBe(204);
  });

  it('returns 403 when a token gives a workspace role after the operator who made it was disabled or removed', async () => {
    const [user, name] = [await userIn(limited), 'Organization User:Workspace 1:Viewer'];
    await t.sql('update org_memberships set is_disabled = true where id = $1', [operator.membershipId]);

    expect(await limited.post('/Groups', groupOf(name, user))).toMatchObject(REFUSED);
    await org.admin.api.delete(`/api/v1/orgs/current/members/${operator.membershipId}`);
    expect(await limited.post('/Groups', groupOf(name, user))).toMatchObject(REFUSED);
    expect((await limited.post('/Groups', groupOf('Team', user))).status).toBe(201);
  });

  it('returns 403 when a token of an operator deletes the newer group that kept a higher role from its member', async () => {
    const user = await userIn(full);
    await made(full.post('/Groups', groupOf('Organization User:Workspace 1:Admin', user)));
    const newer = await made(limited.post('/Groups', groupOf('Organization User:Workspace 1:Viewer')));
    expect((await addTo(full, newer, user)).status).toBe(204);

    expect(await limited.delete(`/Groups/${newer}`)).toMatchObject(REFUSED);
    expect(
      await limited.patch(`/Groups/${newer}`, [{ op: 'remove', path: `members[value eq "${user}"]` }]),
    ).toMatchObject(REFUSED);
  });
});

describe('the name of a group of admins', () => {
  const NAMES = [
    'Organization Admins',
    'LS:organizationadmin',
    'B&Organization Admins',
    'Organization User:Made later:Admin',
    'Organization User-Workspace 1-Admin',
    'Organization User&Made later&Admin',
    'Organization Operator_Made later_Viewer',
  ];

  it('returns 403 when a token of an operator takes the name of a group of admins under any separator', async () => {
    const plain = await made(limited.post('/Groups', groupOf('Team')));

    for (const name of NAMES) {
      const { body } = await bulk(
        { method: 'POST', path: '/Groups', bulkId: 'a', data: groupOf(name) },
        { method: 'PUT', path: `/Groups/${plain}`, data: groupOf(name) },
      );
      const replies = [
        await limited.post('/Groups', groupOf(name)),
        await limited.put(`/Groups/${plain}`, groupOf(name)),
        await limited.patch(`/Groups/${plain}`, [{ op: 'replace', value: { displayName: name } }]),
      ];
      expect(body.Operations).toMatchObject([{ status: '403' }, { status: '403' }]);
      expect(replies).toMatchObject([REFUSED, REFUSED, REFUSED]);
      expect((await full.post('/Groups', groupOf(name))).status).toBe(201);
    }
  });

  it('keeps a group idle that a token of an operator has written when its name gets a meaning later', async () => {
    const email = t.fixtures.email();
    const user = await userIn(limited, email);
    const names = ['Organization User:Workspace 1:Made later', 'Organization User&Workspace 1&Made later'];
    for (const name of names) expect((await limited.post('/Groups', groupOf(name, user))).status).toBe(201);
    const idle = await made(full.post('/Groups', groupOf('Organization User:Later:Admin', user)));
    // An operator's token wrote the group like this in earlier versions.
    await t.sql('update scim_groups set makes_admins = false where id = $1', [idle]);

    await org.admin.api.post('/api/v1/orgs/current/roles', {
      ...{ display_name: 'Made later', description: '', permissions: ['workspaces:manage-members'] },
    });
    expect((await org.admin.api.post('/api/v1/workspaces', { display_name: 'Later' })).status).toBe(200);
    await updateOrg(org, { scim_group_name_separator: '&' });

    expect(await workspaceRolesIn(t, org.orgId, email)).toEqual({});
    expect((await full.get(`/Groups/${idle}`)).body[TENANTRY_GROUP]).toMatchObject({
      grants: false,
      reason: expect.stringContaining('token of an operator'),
    });
  });

  it('keeps an idle group of an admin idle when its name gets a meaning after a token of an operator has filled it', async () => {
    const email = t.fixtures.email();
    const user = await userIn(limited, email);
    const names = ['Organization User:Workspace 1:Filled', 'Organization User:Workspace 1:Untouched'];
    const [filled, untouched] = [
      await made(full.post('/Groups', groupOf(names[0]!))),
      await made(full.post('/Groups', groupOf(names[1]!))),
    ];
    expect((await addTo(limited, filled, user)).status).toBe(204);

    for (const display_name of ['Filled', 'Untouched'])
      await org.admin.api.post('/api/v1/orgs/current/roles', {
        ...{ display_name, description: '', permissions: ['workspaces:manage-members'] },
      });

    const grantOf = async (id: string) => (await full.get(`/Groups/${id}`)).body[TENANTRY_GROUP];
    expect(await grantOf(filled)).toMatchObject({ grants: false });
    expect(await grantOf(untouched)).toMatchObject({ grants: true });
    expect(await workspaceRolesIn(t, org.orgId, email)).toEqual({});
  });
});

it('returns 403 when a token of an operator changes a workspace role of an Organization Admin', async () => {
  const group = await made(full.post('/Groups', groupOf('Organization User:Workspace 1:Viewer')));
  const admins = await made(full.post('/Groups', groupOf('Organization Admins')));
  const user = await userIn(full);
  const lead = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' });
  expect((await addTo(full, admins, user)).status).toBe(204);

  expect(await addTo(await scimOfOperator(t, org, lead), group, user)).toMatchObject(REFUSED);
  expect((await addTo(full, group, user)).status).toBe(204);
});

it('returns 403 when a token of an operator replaces a workspace role above the operator by a lower one', async () => {
  const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  const group = await made(limited.post('/Groups', groupOf('Organization User:Workspace 1:Viewer')));
  const user = await userIn(limited, lead.email);

  expect(await addTo(limited, group, user)).toMatchObject(REFUSED);
  expect(await workspaceRolesIn(t, org.orgId, lead.email)).toEqual({ [org.workspaceId]: ADMIN });
});

it('returns 403 when a token of an operator gives the account of a Workspace Admin another subject or address', async () => {
  const [lead, user] = [await userIn(limited), await userIn(limited)];
  const promote = `insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via)
    select gen_random_uuid(), org_id, $2, user_id, $3, 'manual', 'unknown' from scim_users where id = $1`;
  await t.sql(promote, [lead, org.workspaceId, ADMIN]);
  await t.sql(promote, [user, org.workspaceId, EDITOR]);
  const changes = () => [
    [{ op: 'replace', path: 'externalId', value: t.fixtures.email('subject') }],
    [{ op: 'replace', path: 'emails[type eq "work"].value', value: t.fixtures.email() }],
  ];
  const before = (await full.get(`/Users/${lead}`)).body;

  for (const change of changes())
    expect(await limited.patch(`/Users/${lead}`, change)).toMatchObject(REFUSED);
  expect((await full.get(`/Users/${lead}`)).body).toEqual(before);
  for (const change of changes()) expect((await limited.patch(`/Users/${user}`, change)).status).toBe(200);
  for (const change of changes()) expect((await full.patch(`/Users/${lead}`, change)).status).toBe(200);
  const rename = [{ op: 'replace', path: 'displayName', value: 'New name' }];
  expect((await limited.patch(`/Users/${lead}`, rename)).status).toBe(200);
});

it('returns 403 when a token of an operator gives a custom role of which the operator holds only a part', async () => {
  const user = await userIn(limited);
  const within = await customRole(org, ['runs:read']);
  const above = await customRole(org, ['runs:read', 'workspaces:manage']);
  const aboveByPolicy = await customRole(org, ['runs:read']);
  await attach(org.admin, aboveByPolicy, [await policy(org, { condition_groups: [SHARE] })]);
  const create = async (id: string) =>
    (await limited.post('/Groups', groupOf(`Organization User:Workspace 1:${await nameOf(id)}`, user)))
      .status;

  expect(await create(above)).toBe(403);
  expect(await create(aboveByPolicy)).toBe(403);
  expect(await create(within)).toBe(201);
});

describe('a user who has by a user group, or by a policy of a role, what the operator does not hold', () => {
  const VIEWERS = 'Organization User:Workspace 1:Viewer';
  const inStrongGroup = async (user: string) => {
    const [found] = await t.sql<{ membershipId: string; email: string }>(
      `select m.id as "membershipId", m.user_email as email from org_memberships m
       join scim_users s on s.org_id = m.org_id and s.user_id = m.user_id where s.id = $1`,
      [user],
    );
    await groupWith(org, ADMIN, found!);
    return found!.email;
  };
  const changes = () => [
    [{ op: 'replace', path: 'externalId', value: t.fixtures.email('subject') }],
    [{ op: 'replace', path: 'emails[type eq "work"].value', value: t.fixtures.email() }],
  ];

  it('keeps the account, whether or not the user is a member of the workspace of the group', async () => {
    const [member, stranger] = [await userIn(limited), await userIn(limited)];
    await made(limited.post('/Groups', groupOf(VIEWERS, member)));
    for (const user of [member, stranger]) await inStrongGroup(user);

    for (const user of [member, stranger]) {
      const before = (await full.get(`/Users/${user}`)).body;
      for (const change of changes())
        expect(await limited.patch(`/Users/${user}`, change)).toMatchObject(REFUSED);
      expect((await full.get(`/Users/${user}`)).body).toEqual(before);
      for (const change of changes()) expect((await full.patch(`/Users/${user}`, change)).status).toBe(200);
    }
  });

  it('keeps the account with a role whose policy allows more', async () => {
    const user = await userIn(limited);
    const roleId = await customRole(org, ['runs:read']);
    await made(full.post('/Groups', groupOf(`Organization User:Workspace 1:${await nameOf(roleId)}`, user)));
    for (const change of changes()) expect((await limited.patch(`/Users/${user}`, change)).status).toBe(200);

    await attach(org.admin, roleId, [await policy(org, { condition_groups: [SHARE] })]);

    for (const change of changes())
      expect(await limited.patch(`/Users/${user}`, change)).toMatchObject(REFUSED);
  });

  it('keeps the membership that a group of the identity provider gave', async () => {
    const user = await userIn(limited);
    const group = await made(limited.post('/Groups', groupOf(VIEWERS, user)));
    const email = await inStrongGroup(user);
    const before = (await full.get(`/Groups/${group}`)).body;

    const replies = [
      await limited.patch(`/Groups/${group}`, [{ op: 'remove', path: `members[value eq "${user}"]` }]),
      await limited.put(`/Groups/${group}`, groupOf(VIEWERS)),
      await limited.patch(`/Groups/${group}`, [{ op: 'replace', path: 'displayName', value: 'Team' }]),
      await limited.delete(`/Groups/${group}`),
    ];

    expect(replies).toMatchObject([REFUSED, REFUSED, REFUSED, REFUSED]);
    expect(replies[0]!.body.detail).toContain(email);
    expect((await full.get(`/Groups/${group}`)).body).toEqual(before);
    expect(Object.keys(await workspaceRolesIn(t, org.orgId, email))).toEqual([org.workspaceId]);
    expect((await full.delete(`/Groups/${group}`)).status).toBe(204);
    expect(await workspaceRolesIn(t, org.orgId, email)).toEqual({});
  });

  it('gets no membership that switches the user group on', async () => {
    const [weak, strong] = [await userIn(limited), await userIn(limited)];
    const group = await made(limited.post('/Groups', groupOf(VIEWERS)));
    const email = await inStrongGroup(strong);

    expect((await addTo(limited, group, weak)).status).toBe(204);
    expect(await addTo(limited, group, strong)).toMatchObject(REFUSED);
    expect(await workspaceRolesIn(t, org.orgId, email)).toEqual({});
    expect((await addTo(full, group, strong)).status).toBe(204);
  });
});
