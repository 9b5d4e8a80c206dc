import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, invitation, ORG_MEMBERS, WORKSPACE_PENDING } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
let lead: Member;

/** Three invited users; all but the last for the first workspace too. Invited in this order. */
const PEOPLE = [
  { email: 'carla@lists.example', full_name: 'Anna 100%', role_id: role('ORGANIZATION_VIEWER') },
  { email: 'anton@lists.example', full_name: 'Bert', role_id: role('ORGANIZATION_USER') },
  { email: 'berta@lists.example', full_name: 'carlo_x', role_id: role('ORGANIZATION_ADMIN') },
  { email: 'zoe@lists.example', role_id: role('ORGANIZATION_OPERATOR') },
] as const;
const [CARLA, ANTON, BERTA, ZOE] = PEOPLE.map(({ email }): string => email);

beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
  for (const person of PEOPLE) {
    const workspace_ids = person.email === ZOE ? [] : [org.workspaceId];
    await invitation(org, { ...person, workspace_ids, workspace_role_id: role('WORKSPACE_USER') });
  }
});
afterAll(() => t.close());

const emails = (rows: { email: string }[]) => rows.map(({ email }) => email);

describe.each([
  { where: 'the organization', path: `${ORG_MEMBERS}/pending`, people: [CARLA, ANTON, BERTA, ZOE] },
  { where: 'a workspace', path: WORKSPACE_PENDING, people: [CARLA, ANTON, BERTA] },
])('the pending members of $where', ({ path, people }) => {
  const list = async (query = '') => {
    const { status, body, headers } = await lead.api.get(`${path}?${query}`);
    return { status, emails: emails(body), total: Number(headers.get('x-pagination-total')) };
  };
  const only = (...wanted: (string | undefined)[]) => wanted.filter((email) => people.includes(email));

  it('lists pending members newest first as an array, with the total in a header', async () => {
    expect(await list()).toEqual({ status: 200, emails: people.toReversed(), total: people.length });
  });

  it.each<[string, (string | undefined)[]]>([
    ['sort_by=created_at&sort_by_desc=false', [CARLA, ANTON, BERTA, ZOE]],
    ['sort_by=email&sort_by_desc=false', [ANTON, BERTA, CARLA, ZOE]],
    ['sort_by=email', [ZOE, CARLA, BERTA, ANTON]],
    ['sort_by=name&sort_by_desc=false', [CARLA, ANTON, BERTA, ZOE]],
    ['sort_by=name', [BERTA, ANTON, CARLA, ZOE]],
    ['sort_by=role&sort_by_desc=false', [BERTA, ZOE, ANTON, CARLA]],
    ['sort_by=role', [CARLA, ANTON, ZOE, BERTA]],
  ])('sorts pending members by %s', async (query, order) => {
    expect((await list(query)).emails).toEqual(only(...order));
  });

  it('lists every pending member once across pages, each with the total', async () => {
    const first = await list('limit=2&sort_by=email&sort_by_desc=false');
    const second = await list('limit=2&offset=2&sort_by=email&sort_by_desc=false');
    const behind = await list('limit=2&offset=10');

    expect([...first.emails, ...second.emails]).toEqual(only(ANTON, BERTA, CARLA, ZOE));
    expect([first, second, behind].map(({ total }) => total)).toEqual(Array(3).fill(people.length));
    expect(behind.emails).toEqual([]);
  });

  it.each<[string, (string | undefined)[]]>([
    ['q=ANTON', [ANTON]],
    ['q=bert', [BERTA, ANTON]],
    ['q=%25', [CARLA]],
    ['q=_', [BERTA]],
    ['q=unknown', []],
    ['q=AN', [ANTON, CARLA]],
    ['q=10', [CARLA]],
    ['q=z', [ZOE]],
    ['q=er', []],
    [`emails=${CARLA}`, [CARLA]],
    [`emails=%20${CARLA?.toUpperCase()}&emails=${ANTON}`, [ANTON, CARLA]],
    [`emails=${CARLA}&emails=${ANTON}&q=bert`, [ANTON]],
    ['emails=unknown%40lists.example', []],
  ])('searches pending members by %s', async (query, found) => {
    expect(await list(query)).toMatchObject({ emails: only(...found), total: only(...found).length });
  });

  it('filters pending members by role, at the level of the list', async () => {
    const inOrg = { emails: [BERTA], total: 1 };

    expect(await list(`role_ids=${role('ORGANIZATION_ADMIN')}`)).toMatchObject(
      people.includes(ZOE) ? inOrg : { emails: [], total: 0 },
    );
    expect(await list(`role_ids=${role('WORKSPACE_USER')}&q=bert`)).toMatchObject(
      people.includes(ZOE) ? { emails: [], total: 0 } : { emails: [BERTA, ANTON], total: 2 },
    );
  });

  it('filters pending members by whether their invitation has expired', async () => {
    await t.sql(`update invitations set expires_at = now() - interval '1 day' where email = $1`, [ANTON]);

    expect(await list('is_expired=true')).toMatchObject({ emails: [ANTON], total: 1 });
    expect(await list('is_expired=false')).toMatchObject({ total: people.length - 1 });
    await t.sql('update invitations set expires_at = null where email = $1', [ANTON]);
  });

  it.each([
    'role_ids=ada',
    'is_expired=maybe',
    'limit=0',
    'limit=501',
    'offset=-1',
    'sort_by=age',
    'sort_by_desc=perhaps',
  ])('returns 422 for a list of pending members with %s', async (query) => {
    expect((await lead.api.get(`${path}?${query}`)).status).toBe(422);
  });
});

describe('a pending member in a list', () => {
  it.each(['created_at', 'name', 'email', 'role'])(
    'is not shown in another organization or workspace by %s',
    async (sort) => {
      const own = await t.fixtures.orgWithAdmin();
      const second = await anotherWorkspace(own);
      const [first, other] = [t.fixtures.email(), t.fixtures.email()];
      await invitation(own, { email: first, full_name: 'Ada', workspace_ids: [own.workspaceId] });
      await invitation(own, { email: other, full_name: 'Ada', workspace_ids: [second] });
      const listed = async (path: string) =>
        emails((await own.admin.api.get(`${path}?sort_by=${sort}&sort_by_desc=false`)).body).toSorted();

      expect(await listed(`${ORG_MEMBERS}/pending`)).toEqual([first, other].toSorted());
      expect(await listed(WORKSPACE_PENDING)).toEqual([first]);
    },
  );

  it('shows a pending member with all workspaces in the organization, with only one in a workspace', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(own);
    const email = t.fixtures.email();
    await invitation(own, { email, workspace_ids: [own.workspaceId, second] });

    const [inOrg] = (await own.admin.api.get(`${ORG_MEMBERS}/pending`)).body;
    const [inSecond] = (await own.admin.api.as({ workspaceId: second }).get(WORKSPACE_PENDING)).body;

    const all = [own.workspaceId, second];
    expect(inOrg).toMatchObject({ access_scope: 'organization', tenant_id: null, password: null });
    expect([inOrg.workspace_ids, inOrg.tenant_ids].map((ids) => ids.toSorted())).toEqual([
      all.toSorted(),
      all.toSorted(),
    ]);
    expect(inSecond).toMatchObject({
      ...{ id: inOrg.id, access_scope: 'workspace', tenant_id: second, workspace_ids: [second] },
      ...{ workspace_role_id: role('WORKSPACE_VIEWER'), password: null },
    });
  });
});

describe('members and pending members together', () => {
  it('lists members and pending members of the organization together', async () => {
    const { status, body } = await lead.api.get(ORG_MEMBERS);

    expect(status).toBe(200);
    expect(body.organization_id).toBe(org.orgId);
    expect(emails(body.members)).toEqual([lead.email, org.admin.email]);
    expect(emails(body.pending)).toEqual([ZOE, BERTA, ANTON, CARLA]);
    expect(body.members[0]).toMatchObject({ id: lead.membershipId, tenant_ids: [org.workspaceId] });
  });

  it('lists members and pending members of a workspace without other members', async () => {
    await t.fixtures.member(org, { email: 'elsewhere@lists.example' });

    const { body } = await lead.api.get('/api/v1/workspaces/current/members');

    expect(body.tenant_id).toBe(org.workspaceId);
    expect(emails(body.members)).toContain(lead.email);
    expect(emails(body.members)).not.toContain('elsewhere@lists.example');
    expect(emails(body.pending)).toEqual([BERTA, ANTON, CARLA]);
  });

  it('shows members and pending members to members only', async () => {
    const { admin: foreign } = await t.fixtures.orgWithAdmin();
    const outside = await t.fixtures.member(org, {});
    const here = { orgId: org.orgId, workspaceId: org.workspaceId };

    for (const path of [ORG_MEMBERS, `${ORG_MEMBERS}/pending`, WORKSPACE_PENDING]) {
      expect((await foreign.api.as(here).get(path)).status).toBe(403);
      expect((await t.api.get(path)).status).toBe(401);
    }
    expect((await outside.api.as(here).get(WORKSPACE_PENDING)).status).toBe(403);
    expect((await outside.api.as(here).get('/api/v1/workspaces/current/members')).status).toBe(403);
  });
});
