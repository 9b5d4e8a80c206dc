import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Account } from '../support/identity-provider.js';
import { ssoSettings } from '../support/sso-settings.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { GROUPS, groupWith, userGroup, VIEWER } from '../support/user-groups.js';

let w: SsoEnvironment;
let followed: string;
beforeAll(async () => {
  w = await SsoEnvironment.start();
  await ssoSettings(w.org, { sso_groups_enabled: true });
  followed = await groupWith(w.org, VIEWER);
  await w.org.admin.api.patch(`${GROUPS}/${followed}`, {
    idp_group_name: 'designers',
    idp_sync_enabled: true,
  });
});
afterAll(() => w.stop());

type Person = Account & { email: string };

async function signInWith(person: Person, groups: unknown): Promise<void> {
  w.idp.account({ ...person, groups });
  await w.signIn(person);
}
const sourceOf = async ({ email }: Person, groupId = followed) =>
  (
    await w.t.sql<{ source: string }>(
      `select m.source from user_group_members m join users u on u.id = m.user_id
       where u.email = $1 and m.user_group_id = $2`,
      [email, groupId],
    )
  )[0]?.source;

it('adds and removes members at sign-in, as the claim says', async () => {
  const person = w.person();

  const events = '/api/v1/orgs/current/events';
  const { body: start } = await w.org.admin.api.get(`${events}?after=now`);

  await signInWith(person, [' designers ', 'others']);
  expect(await sourceOf(person)).toBe('sso_group');
  await signInWith(person, ['Designers']);
  expect(await sourceOf(person)).toBeUndefined();

  const types = 'types=group.member_added&types=group.member_removed';
  const { body } = await w.org.admin.api.get(`${events}?after=${start.next_cursor}&${types}`);
  const [user] = await w.t.sql<{ id: string }>('select id from users where email = $1', [person.email]);
  const member = { subject: { kind: 'user_group', id: followed }, data: { user_id: user!.id } };
  expect(body.items).toMatchObject([
    { type: 'group.member_added', ...member },
    { type: 'group.member_removed', ...member },
  ]);
});

it('keeps the members while the provider does not send the groups', async () => {
  const person = w.person();
  await signInWith(person, ['designers']);

  w.idp.account({ ...person, groups: undefined, _claim_names: { groups: 'src1' } });
  await w.signIn(person);

  expect(await sourceOf(person)).toBe('sso_group');
});

it('neither removes members by hand and of SCIM, nor members of groups that follow nothing', async () => {
  const [byHand, byScim] = [w.person(), w.person()];
  for (const person of [byHand, byScim]) await signInWith(person, ['designers']);
  const unrelated = await userGroup(w.org);
  await w.t.sql(
    `insert into user_group_members (user_group_id, user_id, org_id, source)
     select $1, user_id, org_id, 'sso_group' from user_group_members where user_group_id = $2`,
    [unrelated, followed],
  );
  const change = (person: Person, source: string) =>
    w.t.sql(
      `update user_group_members set source = $2 from users where id = user_id and email = $1 and user_group_id = $3`,
      [person.email, source, followed],
    );
  await change(byHand, 'manual');
  await change(byScim, 'scim');

  for (const person of [byHand, byScim]) await signInWith(person, []);

  expect([await sourceOf(byHand), await sourceOf(byScim)]).toEqual(['manual', 'scim']);
  expect(await sourceOf(byHand, unrelated)).toBe('sso_group');
});

it('does not count a followed name among those that mean nothing', async () => {
  const person = w.person();

  await signInWith(person, ['designers', 'nonsense']);

  const [entry] = await w.t.sql<{ groups: object }>(
    `select a.details -> 'groups' as groups from audit_entries a join users u on u.id = a.user_id
     where u.email = $1 and a.operation = 'login' order by a.created_at desc limit 1`,
    [person.email],
  );
  expect(entry!.groups).toMatchObject({ malformed: 1, joined_user_group_ids: [followed] });
});
