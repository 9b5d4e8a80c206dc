import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { policy, TEAM_A } from '../support/access-policies.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { GROUP, type Scim, scimOf, scimOfOperator, TENANTRY_GROUP, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  attachTo,
  EDITOR,
  grantTo,
  GROUPS,
  groupWith,
  removeFrom,
  userGroup,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';

const EVENTS = '/api/v1/orgs/current/events';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});

const created = async (reply: Promise<{ status: number; body: any }>): Promise<string> => {
  const { status, body } = await reply;
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.id;
};
const person = () => created(scim.post('/Users', userOf(t.fixtures.email())));
const idpGroup = (displayName: string, ...members: string[]) =>
  created(
    scim.post('/Groups', { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) }),
  );
const change = (group: string, op: 'add' | 'remove', user: string, by = scim) =>
  by.patch(
    `/Groups/${group}`,
    op === 'add'
      ? [{ op, path: 'members', value: [{ value: user }] }]
      : [{ op, path: `members[value eq "${user}"]` }],
  );
const follow = (groupId: string, name: string | null, enabled = name !== null) =>
  org.admin.api.patch(`${GROUPS}/${groupId}`, { idp_group_name: name, idp_sync_enabled: enabled });
/** The SCIM users in the user group, with the source of their membership. */
const sourcesIn = async (groupId: string) =>
  Object.fromEntries(
    (
      await t.sql<{ id: string; source: string }>(
        `select s.id, m.source from user_group_members m
         join scim_users s on s.user_id = m.user_id and s.org_id = m.org_id where m.user_group_id = $1`,
        [groupId],
      )
    ).map(({ id, source }) => [id, source]),
  );
/** By SCIM user. */
const userIdsOf = async (scimUserIds: readonly string[]): Promise<Record<string, string>> => {
  const rows = await t.sql<{ id: string; userId: string }>(
    'select id, user_id as "userId" from scim_users where id = any($1)',
    [scimUserIds],
  );
  return Object.fromEntries(rows.map(({ id, userId }) => [id, userId]));
};
const eventsAfter = async (start: string, query = ''): Promise<any[]> => {
  const events: unknown[] = [];
  for (let cursor = start; ;) {
    const { items, next_cursor: next } = (await org.admin.api.get(`${EVENTS}?after=${cursor}&${query}`)).body;
    if (items.length === 0) return events;
    events.push(...items);
    cursor = next;
  }
};
const orgIdentityOf = async (scimUserId: string): Promise<Pick<Member, 'membershipId'>> => {
  const [found] = await t.sql<{ membershipId: string }>(
    `select m.id as "membershipId" from scim_users s
     join org_memberships m on m.user_id = s.user_id and m.org_id = s.org_id where s.id = $1`,
    [scimUserId],
  );
  return found!;
};

describe('a user group that follows a SCIM group', () => {
  it('gets its members at once, and follows their changes', async () => {
    const [ann, ben] = [await person(), await person()];
    const group = await idpGroup('data-science', ann);
    const id = await userGroup(org);

    await follow(id, 'data-science');
    expect(await sourcesIn(id)).toEqual({ [ann]: 'scim' });
    await change(group, 'add', ben);
    expect(await sourcesIn(id)).toEqual({ [ann]: 'scim', [ben]: 'scim' });
    await change(group, 'remove', ann);
    expect(await sourcesIn(id)).toEqual({ [ben]: 'scim' });
  });

  it('gives one event for each of many members who join and leave, also over several entries and pages', async () => {
    const people = await Promise.all(Array.from({ length: 110 }, person));
    const id = await userGroup(org);
    await follow(id, 'everybody');
    const { body: start } = await org.admin.api.get(`${EVENTS}?after=now`);
    const group = await idpGroup('everybody', ...people);
    await scim.put(`/Groups/${group}`, { schemas: [GROUP], displayName: 'everybody', members: [] });

    const events = await eventsAfter(start.next_cursor, 'limit=70');

    const users = Object.values(await userIdsOf(people));
    const named = (type: string, subject: string, by: string) =>
      events
        .filter((event) => event.type === type && event.subject.id === subject)
        .map(({ data }) => String(data[by]));
    expect(events).toHaveLength(2 + 4 * people.length);
    for (const type of ['group.member_added', 'group.member_removed']) {
      expect(named(type, group, 'scim_user_id').sort()).toEqual(people.toSorted());
      expect(named(type, id, 'user_id').sort()).toEqual(users.toSorted());
    }
    expect(new Set(events.map(({ id: eventId }) => eventId)).size).toBe(events.length);
  });

  it('gives no event for a member who was added by a sign-in before', async () => {
    const [ann, ben] = [await person(), await person()];
    const group = await idpGroup('both');
    const id = await userGroup(org);
    await follow(id, 'both');
    const userIds = await userIdsOf([ann, ben]);
    await t.sql(
      `insert into user_group_members (user_group_id, user_id, org_id, source) values ($1, $2, $3, 'sso_group')`,
      [id, userIds[ann], org.orgId],
    );
    const { body: start } = await org.admin.api.get(`${EVENTS}?after=now`);

    await change(group, 'add', ann);
    await change(group, 'add', ben);

    const events = await eventsAfter(start.next_cursor);
    expect(events.filter(({ subject }) => subject.id === id)).toMatchObject([
      { data: { user_id: userIds[ben] } },
    ]);
    expect(await sourcesIn(id)).toEqual({ [ann]: 'scim', [ben]: 'scim' });
  });

  it('gets the members of a group that is created later, and loses them with it', async () => {
    const ann = await person();
    const id = await userGroup(org);
    await follow(id, 'later');

    const group = await idpGroup('later', ann);
    expect(await sourcesIn(id)).toEqual({ [ann]: 'scim' });
    await scim.delete(`/Groups/${group}`);

    expect(await sourcesIn(id)).toEqual({});
    expect((await org.admin.api.get(`${GROUPS}/${id}`)).body).toMatchObject({ idp_sync_enabled: true });
  });

  it('loses members whom the provider removes while the organization does not have user groups', async () => {
    const ann = await person();
    const group = await idpGroup('away', ann);
    const id = await userGroup(org);
    await follow(id, 'away');
    const switchTo = (on: boolean) =>
      t.sql('update organizations set can_use_user_groups = $2 where id = $1', [org.orgId, on]);

    await switchTo(false);
    await change(group, 'remove', ann);
    await switchTo(true);

    expect(await sourcesIn(id)).toEqual({});
  });

  it('compares the whole name, with case', async () => {
    const ann = await person();
    const id = await userGroup(org);
    await follow(id, 'Science');

    await idpGroup('science', ann);
    await idpGroup('Science 2', ann);

    expect(await sourcesIn(id)).toEqual({});
  });

  it('follows its name to another SCIM group that takes it', async () => {
    const [ann, ben] = [await person(), await person()];
    const first = await idpGroup('wanted', ann);
    const second = await idpGroup('other', ben);
    const id = await userGroup(org);
    await follow(id, 'wanted');

    await scim.patch(`/Groups/${first}`, [{ op: 'replace', path: 'displayName', value: 'former' }]);
    expect(await sourcesIn(id)).toEqual({});
    await scim.patch(`/Groups/${second}`, [{ op: 'replace', path: 'displayName', value: 'wanted' }]);
    expect(await sourcesIn(id)).toEqual({ [ben]: 'scim' });
  });

  it('keeps members by hand, and refuses with 409 to remove those of the provider by hand', async () => {
    const [ann, ben] = [await person(), await person()];
    const group = await idpGroup('kept', ann, ben);
    const id = await userGroup(org);
    await addTo(org.admin, id, await orgIdentityOf(ann));
    await follow(id, 'kept');
    expect(await sourcesIn(id)).toEqual({ [ann]: 'manual', [ben]: 'scim' });

    const refused = await removeFrom(org.admin, id, await orgIdentityOf(ben));
    await scim.delete(`/Groups/${group}`);

    expect([refused.status, refused.body.remedy]).toEqual([
      409,
      expect.stringContaining('identity provider'),
    ]);
    expect(await sourcesIn(id)).toEqual({ [ann]: 'manual' });
    expect((await removeFrom(org.admin, id, await orgIdentityOf(ann))).status).toBe(204);
  });

  it.each([
    ['is switched off', { idp_sync_enabled: false }],
    ['loses the name', { idp_group_name: null }],
    ['follows another name', { idp_group_name: 'elsewhere' }],
  ])('keeps its members by hand when it %s', async (_, body) => {
    const ann = await person();
    const group = await idpGroup('until-now', ann);
    const id = await userGroup(org);
    await follow(id, 'until-now');

    await org.admin.api.patch(`${GROUPS}/${id}`, body);
    await change(group, 'remove', ann);

    expect(await sourcesIn(id)).toEqual({ [ann]: 'manual' });
  });

  it('is left by users whom SCIM removes', async () => {
    const [ann, ben] = [await person(), await person()];
    await idpGroup('leaving', ann, ben);
    const id = await userGroup(org);
    await follow(id, 'leaving');
    const byHand = await userGroup(org);
    await addTo(org.admin, byHand, await orgIdentityOf(ann));

    await scim.delete(`/Users/${ann}`);

    expect(await sourcesIn(id)).toEqual({ [ben]: 'scim' });
    expect(await t.sql('select from user_group_members where user_group_id = $1', [byHand])).toEqual([]);
  });

  it('does not make the SCIM group one that grants nothing, in its audit entries and for the provider', async () => {
    const id = await userGroup(org);
    await follow(id, 'no convention');
    const followed = await idpGroup('no convention');
    const idle = await idpGroup('another name');

    const entries = await t.sql<{ id: string; reason: string | null }>(
      `select resource_ids[1] as id, details ->> 'grants_nothing' as reason from audit_entries
       where operation = 'create_scim_group' and org_id = $1`,
      [org.orgId],
    );

    expect(entries.find((entry) => entry.id === followed)?.reason).toBeNull();
    expect(entries.find((entry) => entry.id === idle)?.reason).toContain('naming convention');
    expect((await scim.get(`/Groups/${followed}`)).body[TENANTRY_GROUP]).toEqual({ grants: true });
    expect((await scim.get(`/Groups/${idle}`)).body[TENANTRY_GROUP]).toMatchObject({ grants: false });
  });

  it('does both when the name grants a role by convention, too', async () => {
    const ann = await person();
    const { body: workspace } = await org.admin.api.get(`/api/v1/workspaces/${org.workspaceId}`);
    const name = `Organization User:${workspace.display_name}:Viewer`;
    const id = await groupWith(org, EDITOR);
    await follow(id, name);

    await idpGroup(name, ann);

    const { body } = await org.admin.api.get(
      `/api/v1/orgs/current/members/${(await orgIdentityOf(ann)).membershipId}/access`,
    );
    expect(body.workspaces).toMatchObject([{ role_name: 'Viewer', user_groups: [{ source: 'scim' }] }]);
    expect(body.workspaces[0].permissions).toContain('datasets:create');
  });
});

describe('an operator', () => {
  let operator: Member;
  beforeEach(async () => {
    operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_USER' });
  });

  it('lets no group follow another one whose roles exceed their own', async () => {
    const [high, low] = [await groupWith(org, WORKSPACE_ADMIN), await groupWith(org, EDITOR)];
    const begin = (id: string, name: string) =>
      operator.api.patch(`${GROUPS}/${id}`, { idp_group_name: name, idp_sync_enabled: true });

    expect((await begin(high, 'mine')).status).toBe(403);
    expect((await begin(low, 'ours')).status).toBe(200);
  });

  it('changes with their SCIM token only user groups whose roles they hold', async () => {
    const limited = await scimOfOperator(t, org, operator);
    const [ann, ben] = [await person(), await person()];
    const group = await idpGroup('strong', ann);
    const id = await userGroup(org);
    await follow(id, 'strong');
    await grantTo(org.admin, id, org.workspaceId, WORKSPACE_ADMIN);

    expect((await change(group, 'add', ben, limited)).status).toBe(403);
    expect((await change(group, 'remove', ann, limited)).status).toBe(403);
    expect(await sourcesIn(id)).toEqual({ [ann]: 'scim' });
    await org.admin.api.patch(`${GROUPS}/${id}/workspaces/${org.workspaceId}`, { role_id: EDITOR });
    expect((await change(group, 'add', ben, limited)).status).toBe(204);
  });

  it('keeps no members whom the provider may remove in a group whose roles exceed their own', async () => {
    const ann = await person();
    await idpGroup('strong', ann);
    const id = await groupWith(org, WORKSPACE_ADMIN);
    await follow(id, 'strong');
    const asOperator = (parts: object) => operator.api.patch(`${GROUPS}/${id}`, parts);

    expect((await asOperator({ idp_sync_enabled: false })).status).toBe(403);
    expect((await asOperator({ idp_group_name: null })).status).toBe(403);
    expect(await sourcesIn(id)).toEqual({ [ann]: 'scim' });
    expect((await asOperator({ description: 'Strong' })).status).toBe(200);
  });

  it('gives and takes with their SCIM token only policies about what they hold', async () => {
    const limited = await scimOfOperator(t, org, operator);
    const [ann, ben] = [await person(), await person()];
    const [allowed, denied] = [await idpGroup('allowed', ann), await idpGroup('denied', ann)];
    const share = { condition_groups: [{ ...TEAM_A, permission: 'datasets:share' }] };
    const followedWith = async (name: string, effect: string) => {
      const id = await groupWith(org, EDITOR);
      await attachTo(org.admin, id, await policy(org, { ...share, effect }));
      await follow(id, name);
    };
    await followedWith('allowed', 'allow');
    await followedWith('denied', 'deny');

    expect((await change(allowed, 'add', ben, limited)).status).toBe(403);
    expect((await change(denied, 'remove', ann, limited)).status).toBe(403);
    expect((await change(allowed, 'remove', ann, limited)).status).toBe(403);
    expect((await change(denied, 'add', ben, limited)).status).toBe(204);
  });

  it('takes nothing with their SCIM token from members who hold more by another group', async () => {
    const limited = await scimOfOperator(t, org, operator);
    const [ann, ben] = [await person(), await person()];
    const group = await idpGroup('weak', ann, ben);
    const weak = await groupWith(org, EDITOR);
    await follow(weak, 'weak');
    await addTo(org.admin, await groupWith(org, WORKSPACE_ADMIN), await orgIdentityOf(ann));

    expect((await change(group, 'remove', ann, limited)).status).toBe(403);
    expect(await sourcesIn(weak)).toEqual({ [ann]: 'scim', [ben]: 'scim' });
    expect((await change(group, 'remove', ben, limited)).status).toBe(204);
  });

  it('leaves members added by hand unchanged with their SCIM token, whatever these hold', async () => {
    const limited = await scimOfOperator(t, org, operator);
    const ann = await person();
    const group = await idpGroup('strong');
    const strong = await groupWith(org, WORKSPACE_ADMIN, await orgIdentityOf(ann));
    await follow(strong, 'strong');

    expect((await change(group, 'add', ann, limited)).status).toBe(204);
    expect((await change(group, 'remove', ann, limited)).status).toBe(204);
    expect(await sourcesIn(strong)).toEqual({ [ann]: 'manual' });
  });
});
