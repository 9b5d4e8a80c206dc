import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, type Member, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole, invitation, letExpire } from '../support/invitations.js';
import { createMembers } from '../support/members.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const MEMBERS = '/v1/platform/orgs/current/members';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

type Shown = { email: string; workspace_memberships: { workspace_id: string }[] };

const emails = ({ body }: { body: Shown[] }) => body.map(({ email }) => email).sort();

/** E-mails of the members that the query finds. */
async function find({ api }: Member, query: string): Promise<string[]> {
  const reply = await api.get(`${MEMBERS}?${query}`);
  expect(reply).toMatchObject({ status: 200 });
  expect(reply.headers.get('x-pagination-total')).toBe(String(reply.body.length));
  return emails(reply);
}

const endAt = ({ userId }: Member, hours: number, revertsTo: string | null = null) =>
  t.sql(
    `update org_memberships set access_expires_at = now() + $2 * interval '1 hour', reverts_to_role_id = $3
     where user_id = $1`,
    [userId, hours, revertsTo],
  );
const sorted = (...members: (Member | undefined)[]) => members.map((one) => one!.email).sort();

describe('access that ends', () => {
  it('is shown with its end, filtered by it, and missing after it', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [soon, later, ended, reverted] = await Promise.all(
      [1, 2, 3, 4].map(() => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' })),
    );
    await endAt(soon!, 1, role('ORGANIZATION_VIEWER'));
    await endAt(later!, 48);
    await endAt(ended!, -1);
    await endAt(reverted!, -1, role('ORGANIZATION_VIEWER'));
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

    const present = sorted(org.admin, soon, later, reverted);
    expect(await find(org.admin, 'limit=100')).toEqual(present);
    expect(await find(org.admin, 'active_is=true')).toEqual(present);
    expect(await find(org.admin, 'has_access_end=true')).toEqual(sorted(soon, later));
    expect(await find(org.admin, 'has_access_end=false')).toEqual(sorted(org.admin, reverted));
    expect(await find(org.admin, `access_expires_before=${tomorrow}`)).toEqual(sorted(soon));
    expect(await find(org.admin, 'include_expired=true')).toEqual(
      sorted(org.admin, soon, later, reverted, ended),
    );
    expect(await find(org.admin, 'organization_role_like=organization viewer')).toEqual(sorted(reverted));
    expect(await find(org.admin, 'organization_role_like=organization user')).toEqual(sorted(soon, later));
    expect(await find(org.admin, `id_in=${ended!.userId}`)).toEqual([]);
    const { body } = await org.admin.api.get(`${MEMBERS}?include_expired=true`);
    const shown = (member: Member | undefined) => body.find((one: any) => one.email === member!.email);
    expect(shown(soon)).toMatchObject({
      role_name: 'Organization User',
      access_expires_at: expect.any(String),
      reverts_to_role_id: role('ORGANIZATION_VIEWER'),
    });
    expect(shown(ended)).toMatchObject({ access_has_ended: true, workspace_memberships: [] });
    expect(shown(reverted)).toMatchObject({ role_name: 'Organization Viewer' });
    for (const member of [org.admin, reverted]) expect(shown(member)).not.toHaveProperty('access_expires_at');
  });

  it('sorts and filters the lists of active members', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [soon, later, ended, permanent] = await Promise.all(
      [1, 2, 3, 4].map(() => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' })),
    );
    for (const table of ['org_memberships', 'workspace_memberships'])
      for (const [member, hours] of [
        [soon, 1],
        [later, 48],
        [ended, -1],
      ] as const)
        await t.sql(
          `update ${table} set access_expires_at = now() + $2 * interval '1 hour' where user_id = $1`,
          [member!.userId, hours],
        );
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const byId = [org.admin, permanent].sort((a, b) => (a!.membershipId < b!.membershipId ? -1 : 1));

    for (const scope of ['orgs', 'workspaces']) {
      const list = async (query: string) => {
        const { status, body, headers } = await org.admin.api.get(
          `/api/v1/${scope}/current/members/active?${query}`,
        );
        expect([status, headers.get('x-pagination-total')]).toEqual([200, expect.any(String)]);
        return body.map(({ user_id: id }: { user_id: string }) => id);
      };
      const ids = (...members: (Member | undefined)[]) => members.map((one) => one!.userId);
      const end = 'sort_by=access_expires_at&sort_by_desc=false';
      expect((await list(end)).slice(0, 2)).toEqual(ids(soon, later));
      expect((await list(`${end}&limit=1&offset=1`)).concat(await list(`${end}&limit=1&offset=0`))).toEqual(
        ids(later, soon),
      );
      expect((await list('sort_by=access_expires_at')).slice(0, 2)).toEqual(ids(later, soon));
      if (scope === 'orgs') expect((await list(end)).slice(2)).toEqual(ids(...byId));
      expect(await list(`${end}&has_access_end=true`)).toEqual(ids(soon, later));
      expect((await list('has_access_end=false')).sort()).toEqual(ids(org.admin, permanent).sort());
      expect(await list(`access_expires_before=${tomorrow}`)).toEqual(ids(soon));
      expect((await list('role_ids=' + role('WORKSPACE_USER'))).includes(ended!.userId)).toBe(false);
    }
  });

  it('is shown for workspaces, whose names and roles find only what has not ended', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [staying, ended, reverted] = await Promise.all(
      [1, 2, 3].map(() => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' })),
    );
    const inWorkspace = (member: Member | undefined, hours: number, revertsTo: string | null) =>
      t.sql(
        `update workspace_memberships set access_expires_at = now() + $2 * interval '1 hour', reverts_to_role_id = $3
         where user_id = $1`,
        [member!.userId, hours, revertsTo],
      );
    await renameWorkspace(org.workspaceId, 'Temporary');
    await inWorkspace(staying, 1, role('WORKSPACE_VIEWER'));
    await inWorkspace(ended, -1, null);
    await inWorkspace(reverted, -1, role('WORKSPACE_VIEWER'));

    const present = sorted(org.admin, staying, reverted);
    expect(await find(org.admin, 'workspace_name_like=temp*')).toEqual(present);
    expect(await find(org.admin, 'workspace_name_like=temp*&active_is=true')).toEqual(present);
    expect(await find(org.admin, 'workspace_role_like=editor')).toEqual(sorted(staying));
    expect(await find(org.admin, 'workspace_role_like=viewer')).toEqual(sorted(reverted));
    const { body } = await org.admin.api.get(MEMBERS);
    const placed = (member: Member | undefined) =>
      body.find((one: any) => one.email === member!.email).workspace_memberships;
    expect(placed(staying)).toMatchObject([
      { access_expires_at: expect.any(String), reverts_to_role_id: role('WORKSPACE_VIEWER') },
    ]);
    expect(placed(ended)).toEqual([]);
    expect(placed(reverted)).toMatchObject([{ role_name: 'Viewer' }]);
  });
});

const placesOf = (body: Shown[], email: string) =>
  body.find((one) => one.email === email)!.workspace_memberships.map(({ workspace_id }) => workspace_id);

const rename = (userId: string, name: string) =>
  t.sql('update users set full_name = $2 where id = $1', [userId, name]);
const renameWorkspace = (id: string, name: string) =>
  t.sql('update workspaces set display_name = $2 where id = $1', [id, name]);
const putInto = ({ api }: Member, workspaceId: string, person: Member, roleName: 'WORKSPACE_USER') =>
  api.as({ workspaceId }).post('/api/v1/workspaces/current/members', {
    user_id: person.userId,
    role_id: role(roleName),
  });

describe('one member of the enriched list', () => {
  it('shows a member with roles, workspaces and login methods, and without null fields', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await renameWorkspace(org.workspaceId, 'Main');

    const { body } = await org.admin.api.get(`${MEMBERS}?email_like=${member.email}`);

    expect(body).toEqual([
      {
        id: member.membershipId,
        ls_user_id: member.userId,
        email: member.email,
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
        is_pending: false,
        is_disabled: false,
        role_id: role('ORGANIZATION_USER'),
        role_name: 'Organization User',
        linked_login_methods: [{ provider: 'email' }],
        scim_groups: [],
        workspace_memberships: [
          {
            workspace_id: org.workspaceId,
            workspace_name: 'Main',
            role_id: role('WORKSPACE_VIEWER'),
            role_name: 'Viewer',
          },
        ],
      },
    ]);
  });

  it('shows a pending member with the invited access and without a user, even if there is an account', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const stranger = await t.fixtures.userWithoutOrg();
    const id = await invitation(org, {
      email: stranger.email,
      workspace_ids: [org.workspaceId],
      workspace_role_id: role('WORKSPACE_USER'),
    });
    await letExpire(t, id);

    const { body } = await org.admin.api.get(`${MEMBERS}?pending_is=true`);

    expect(body).toEqual([
      {
        id,
        email: stranger.email,
        created_at: expect.any(String),
        is_pending: true,
        is_disabled: false,
        mail: 'not_configured',
        role_id: role('ORGANIZATION_USER'),
        role_name: 'Organization User',
        linked_login_methods: [],
        scim_groups: [],
        workspace_memberships: [
          expect.objectContaining({ workspace_id: org.workspaceId, role_id: role('WORKSPACE_USER') }),
        ],
      },
    ]);
  });
});

describe('the filter by ids', () => {
  type Found = { id: string; email: string; found_by: string[] };
  const by = async ({ api }: Member, ids: string[]) => {
    const { body } = await api.get(`${MEMBERS}?${ids.map((id) => `id_in=${id}`).join('&')}`);
    return new Map((body as Found[]).map((row) => [row.email, row.found_by.toSorted()]));
  };
  const workspaceIdentityOf = async ({ userId }: Member, workspaceId: string) => {
    const [row] = await t.sql<{ id: string }>(
      'select id from workspace_memberships where user_id = $1 and workspace_id = $2',
      [userId, workspaceId],
    );
    return row!.id;
  };

  it('finds members by the ids of user, identities and accepted invitation, and pending ones by theirs', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const there = await workspaceIdentityOf(member, org.workspaceId);
    const invited = t.fixtures.email();
    const pending = await invitation(org, { email: invited });
    const accepted = await invitation(org, { email: t.fixtures.email() });
    await t.sql(`update invitations set status = 'accepted', ended_at = now() where id = $1`, [accepted]);
    await t.sql(`update org_memberships set invitation_id = $2, created_via = 'invitation' where id = $1`, [
      member.membershipId,
      accepted,
    ]);
    const ids = [member.userId, member.membershipId, there, accepted];

    for (const id of ids) expect(await by(org.admin, [id])).toEqual(new Map([[member.email, [id]]]));
    expect(await by(org.admin, [...ids, pending])).toEqual(
      new Map([
        [member.email, ids.toSorted()],
        [invited, [pending]],
      ]),
    );
  });

  it('finds no member by identities in workspaces that the caller may not see, nor in another organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [member, caller] = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }),
      await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
    ];
    const secret = await anotherWorkspace(org);
    await putInto(org.admin, secret, member, 'WORKSPACE_USER');
    const here = await workspaceIdentityOf(member, org.workspaceId);
    const hidden = await workspaceIdentityOf(member, secret);
    const { admin: foreigner } = await t.fixtures.orgWithAdmin();

    expect(await by(org.admin, [hidden, here])).toEqual(new Map([[member.email, [here, hidden].toSorted()]]));
    expect(await by(caller, [hidden, here])).toEqual(new Map([[member.email, [here]]]));
    expect(await by(caller, [hidden])).toEqual(new Map());
    expect(await by(foreigner, [here, member.membershipId, member.userId])).toEqual(new Map());
  });

  it('finds no member by unknown ids, and returns 400 for what is no id', async () => {
    const org = await t.fixtures.orgWithAdmin();

    expect(await by(org.admin, [randomUUID()])).toEqual(new Map());
    expect((await org.admin.api.get(`${MEMBERS}?id_in=me`)).status).toBe(400);
  });
});

describe('pages of the enriched list', () => {
  it('lists members and pending members in one order, newest first, with the total in a header', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [first, second] = [await t.fixtures.member(org, {}), t.fixtures.email()];
    await invitation(org, { email: second });
    const third = await t.fixtures.member(org, {});
    const newestFirst = [third.email, second, first.email, org.admin.email];

    const pages = [];
    for (const offset of [0, 2, 4])
      pages.push(await org.admin.api.get(`${MEMBERS}?limit=2&offset=${offset}`));
    const alike = await org.admin.api.get(`${MEMBERS}?limit=2&offset=2&email_like=*`);

    expect(pages.map(({ body }) => body.map(({ email }: Shown) => email))).toEqual([
      newestFirst.slice(0, 2),
      newestFirst.slice(2),
      [],
    ]);
    expect(alike.body).toEqual(pages[1]!.body);
    expect([...pages, alike].map(({ headers }) => headers.get('x-pagination-total'))).toEqual([
      '4',
      '4',
      '4',
      '4',
    ]);
  });

  it('returns the total for a page past the end of a search', async () => {
    const org = await t.fixtures.orgWithAdmin();

    const { body, headers } = await org.admin.api.get(`${MEMBERS}?email_like=*&offset=10`);

    expect([body, headers.get('x-pagination-total')]).toEqual([[], '1']);
  });
});

describe('filters of the enriched list', () => {
  let org: OrgWithAdmin;
  let [ann, bob, zoe]: Member[] = [];
  let pending: string;
  let research: string;
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
    research = await anotherWorkspace(org);
    await renameWorkspace(research, 'Research_1');
    await renameWorkspace(org.workspaceId, 'Main');
    ann = await t.fixtures.member(org, { email: t.fixtures.email('ann'), workspace: 'WORKSPACE_ADMIN' });
    bob = await t.fixtures.member(org, { email: t.fixtures.email('bob'), org: 'ORGANIZATION_VIEWER' });
    zoe = await t.fixtures.member(org, { email: t.fixtures.email('zoe'), workspace: 'WORKSPACE_USER' });
    for (const person of [ann, bob]) await putInto(org.admin, research, person, 'WORKSPACE_USER');
    await rename(ann.userId, 'Ann Ärmel');
    await rename(bob.userId, '100% Bob\\');
    await t.sql('update org_memberships set is_disabled = true where id = $1', [zoe.membershipId]);
    pending = t.fixtures.email('pia');
    await invitation(org, {
      email: pending,
      full_name: 'Pia Ann',
      workspace_ids: [research],
      workspace_role_id: role('WORKSPACE_VIEWER'),
    });
  });

  const cases: [string, string, () => string[]][] = [
    ['active', 'active_is=true', () => [org.admin.email, ann!.email, bob!.email]],
    ['not active: disabled or pending', 'active_is=false', () => [zoe!.email, pending]],
    ['pending', 'pending_is=true', () => [pending]],
    ['not pending', 'pending_is=false', () => [org.admin.email, ann!.email, bob!.email, zoe!.email]],
    ['disabled', 'active_is=false&pending_is=false', () => [zoe!.email]],
    [
      'active members and pending ones',
      'active_is=true&pending_is=true',
      () => [org.admin.email, ann!.email, bob!.email, pending],
    ],
    ['a name, in any case', 'name_like=ann%20%C3%A4*', () => [ann!.email]],
    ['a name that is only the whole one', 'name_like=ann', () => []],
    ['a part of a name', 'name_like=*ann*', () => [ann!.email, pending]],
    ['any of two names', 'name_like=pia*&name_like=*bob*', () => [bob!.email, pending]],
    ["LIKE's own wildcards as letters", 'name_like=100%25*', () => [bob!.email]],
    ['LIKE wildcards that match nothing as letters', 'name_like=%25', () => []],
    ['a single letter is no wildcard', 'name_like=___%25%20bob%5C', () => []],
    ['a backslash as a letter', 'name_like=*bob%5C', () => [bob!.email]],
    ['an e-mail', 'email_like=PIA-*@example.com', () => [pending]],
    ['an organization role', 'organization_role_like=*viewer', () => [bob!.email]],
    [
      'a workspace',
      'workspace_name_like=research_*',
      () => [org.admin.email, ann!.email, bob!.email, pending],
    ],
    [
      'any of two workspaces',
      'workspace_name_like=research*&workspace_name_like=main',
      () => [org.admin.email, ann!.email, bob!.email, zoe!.email, pending],
    ],
    [
      'a workspace, without pending members',
      'workspace_name_like=main&pending_is=false',
      () => [org.admin.email, ann!.email, zoe!.email],
    ],
    ['an underscore is a letter', 'workspace_name_like=_ain', () => []],
    ['a workspace role', 'workspace_role_like=viewer', () => [pending]],
    [
      'a workspace with a role there',
      'workspace_name_like=main&workspace_role_like=admin',
      () => [org.admin.email, ann!.email],
    ],
    [
      'a workspace, but not with a role elsewhere',
      'workspace_name_like=research*&workspace_role_like=admin',
      () => [org.admin.email], // the admin created it
    ],
    ['several at once', 'name_like=*ann*&pending_is=false', () => [ann!.email]],
    [
      'empty texts: all members',
      'name_like=&email_like=',
      () => [org.admin.email, ann!.email, bob!.email, zoe!.email, pending],
    ],
  ];

  it.each(cases)('finds members by a filter: %s', async (_, query, expected) => {
    expect(await find(org.admin, query)).toEqual(expected().sort());
  });
});

it('finds the few members of a workspace among hundreds of the organization', async () => {
  const org = await t.fixtures.orgWithAdmin();
  await createMembers(t, org, 350);
  const small = await anotherWorkspace(org);
  await renameWorkspace(small, 'Small');
  const ann = await t.fixtures.member(org, {});
  await putInto(org.admin, small, ann, 'WORKSPACE_USER');

  expect(await find(org.admin, 'workspace_name_like=small')).toEqual([org.admin.email, ann.email].sort());
});

describe('visibility of workspaces in the list', () => {
  it('shows managers all workspaces of a member and other callers those of their own workspaces', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [lead, other] = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
      await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
    ];
    const secret = await anotherWorkspace(org);
    await renameWorkspace(secret, 'Secret');
    await putInto(org.admin, secret, other, 'WORKSPACE_USER');
    const invited = t.fixtures.email();
    await invitation(org, {
      email: invited,
      workspace_ids: [secret],
      workspace_role_id: role('WORKSPACE_USER'),
    });

    const all = await org.admin.api.get(MEMBERS);
    const own = await lead.api.get(MEMBERS);

    expect(all.headers.get('x-members-list-all-workspaces')).toBe('true');
    expect(own.headers.get('x-members-list-all-workspaces')).toBe('false');
    expect(placesOf(all.body, other.email)).toEqual([org.workspaceId, secret]);
    expect(placesOf(own.body, other.email)).toEqual([org.workspaceId]);
    expect(placesOf(all.body, invited)).toEqual([secret]);
    expect(placesOf(own.body, invited)).toEqual([]);
    expect(emails(own)).toEqual(emails(all));
    expect(await find(lead, 'workspace_name_like=Secret')).toEqual([]);
  });

  it('finds no member by a role in a workspace that the caller cannot see', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [user, lead] = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }),
      await t.fixtures.member(org, {}),
    ];
    const secret = await anotherWorkspace(org);
    await org.admin.api.as({ workspaceId: secret }).post('/api/v1/workspaces/current/members', {
      user_id: lead.userId,
      role_id: await customRole(org, ['workspaces:read']),
    });

    expect(await find(user, 'workspace_role_like=Role*')).toEqual([]);
    expect(await find(org.admin, 'workspace_role_like=Role*')).toEqual([lead.email]);
  });

  it('shows a service key of the organization all workspaces there and none of another organization', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const other = await t.fixtures.orgWithAdmin();
    const { body: key } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      description: 'reader',
      org_role_id: role('ORGANIZATION_VIEWER'),
    });

    const reply = await t.api.as({ key: key.key }).get(MEMBERS);
    const elsewhere = await t.api.as({ key: key.key, orgId: other.orgId }).get(MEMBERS);

    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-members-list-all-workspaces')).toBe('false');
    expect(placesOf(reply.body, org.admin.email)).toEqual([org.workspaceId]);
    expect(elsewhere.status).toBe(403);
  });
});

describe('refused requests for the list', () => {
  it.each([
    ['limit 0', 'limit=0'],
    ['a limit above the maximum', 'limit=501'],
    ['a limit that is no number', 'limit=ten'],
    ['a negative offset', 'offset=-1'],
    ['an offset above 32 bits', 'offset=2147483648'],
    ['a word that is no boolean', 'active_is=perhaps'],
    ['a number that is no boolean', 'pending_is=2'],
    ['a NUL', 'name_like=a%00'],
    ['101 patterns', Array.from({ length: 101 }, () => 'email_like=a').join('&')],
  ])('returns 400 with one error message for %s', async (_, query) => {
    const { admin } = await t.fixtures.defaultOrg();

    const { status, body } = await admin.api.get(`${MEMBERS}?${query}`);

    expect(status).toBe(400);
    expect(body).toEqual({ error: expect.stringContaining(`query.${query.split('=', 1)[0]}`) });
  });

  it('returns 401 without a credential and 403 without an organization, each with one error message', async () => {
    const stranger = await t.fixtures.userWithoutOrg();

    expect(await t.api.get(MEMBERS)).toMatchObject({ status: 401, body: { error: expect.any(String) } });
    expect(await stranger.api.get(MEMBERS)).toMatchObject({
      status: 403,
      body: { error: expect.any(String) },
    });
  });
});
