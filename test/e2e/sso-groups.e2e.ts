import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SystemRoleName } from '../../src/modules/roles/system-roles.js';
import { role } from '../support/fixtures.js';
import type { Api } from '../support/api.js';
import { customRole } from '../support/invitations.js';
import { leastCosts } from '../support/least-costs.js';
import type { Account } from '../support/identity-provider.js';
import { SSO_SETTINGS, ssoSettings } from '../support/sso-settings.js';
import { SsoEnvironment } from '../support/sso-environment.js';

let w: SsoEnvironment;
let settings: string;
let prod: string;
beforeAll(async () => {
  w = await SsoEnvironment.start({ AUDIT_SEAL_SECONDS: '3600' }); // the statements of sealing would be counted
  prod = await w.workspace('Prod');
  await w.workspace('Lab');
  const { id } = await ssoSettings(w.org, { sso_groups_enabled: true });
  settings = `${SSO_SETTINGS}/${id}`;
});
afterAll(() => w.stop());
beforeEach(() =>
  change({
    sso_groups_enabled: true,
    sso_groups_claim_field: 'groups',
    sso_groups_required: false,
    sso_groups_role_sync_enabled: true,
  }),
);

async function change(body: Record<string, unknown>): Promise<void> {
  const reply = await w.org.admin.api.patch(settings, body);
  if (reply.status !== 200) throw new Error(`changing SSO settings: ${reply.status}`);
}

type Person = Account & { email: string };

/** Signs in with these groups, whichever groups the provider stated before. */
async function withGroups(person: Person, groups: unknown) {
  w.idp.account({ ...person, groups });
  return w.signIn(person);
}
const newUser = async (groups: unknown) => {
  const person = w.person();
  const login = await withGroups(person, groups);
  return { person, login };
};
/** The ids of the org membership and of the membership in `Prod`. */
const idsOf = async ({ email }: Person) =>
  (
    await w.t.sql<{ membership: string; place: string }>(
      `select m.id as membership, p.id as place from users u
       join org_memberships m on m.user_id = u.id and m.org_id = $2
       left join workspace_memberships p on p.user_id = u.id and p.workspace_id = $3 where u.email = $1`,
      [email, w.org.orgId, prod],
    )
  )[0]!;
async function byHand(person: Person, name: SystemRoleName): Promise<void> {
  const { membership } = await idsOf(person);
  const path = `/api/v1/orgs/current/members/${membership}`;
  const { status } = await w.org.admin.api.patch(path, { role_id: role(name) });
  if (status !== 200) throw new Error(`changing a role: ${status}`);
}
const lastGroups = async () => (await w.logins())[0]!.details.groups;

const org = (name: string, source: string) => ({ workspace: null, role: `Organization ${name}`, source });
const place = (workspace: string, name: string, source: string) => ({ workspace, role: name, source });
const DEFAULT_PLACE = place('Workspace 1', 'Editor', 'jit');

/** What the organization is told of a sign-in: of whom, and of those in a group that gives a role, or in none. */
async function foretold(person: string, hasGroup: boolean | null) {
  const { status, body } = await w.org.admin.api.get(`${SSO_SETTINGS}/sign-in-outcomes`);
  expect(status).toBe(200);
  const found = body.outcomes.find(
    (one: { person: string; has_group: boolean | null }) =>
      one.person === person && one.has_group === hasGroup,
  );
  const { rule, refusal, group_roles: groupRoles } = found ?? {};
  return { rule, refusal, groupRoles };
}

describe('the foretold outcomes of sign-ins', () => {
  it('are those of sign-ins with and without a required group that gives a role', async () => {
    await change({ sso_groups_required: true });

    const passing = { rule: 'jit', refusal: null, groupRoles: true };
    expect(await foretold('new', true)).toEqual(passing);
    const { person } = await newUser(['Organization Admins']);
    expect(await w.workspaceRolesOf(person.email)).toEqual([org('Admin', 'sso_group'), DEFAULT_PLACE]);
    expect(await foretold('member', true)).toEqual({ ...passing, rule: 'existing_access' });

    const refused = { rule: null, refusal: 'no_required_group', groupRoles: false };
    for (const one of ['new', 'invited', 'member']) expect(await foretold(one, false)).toEqual(refused);
    expect((await newUser([])).login.page.status).toBe(403);
  });

  it('have no roles of groups where roles are not updated, and no groups where groups are off', async () => {
    await change({ sso_groups_role_sync_enabled: false });
    expect(await foretold('new', true)).toEqual({ rule: 'jit', refusal: null, groupRoles: false });

    await change({ sso_groups_enabled: false });
    expect(await foretold('new', null)).toEqual({ rule: 'jit', refusal: null, groupRoles: false });
    expect(await foretold('invited', null)).toEqual({ rule: 'invitation', refusal: null, groupRoles: false });
    expect(await foretold('new', true)).toEqual({});
  });

  it('name the places of new members, and the refusal of sign-ins that are too weak', async () => {
    await w.t.sql(`update organizations set required_amr = '{otp}' where id = $1`, [w.org.orgId]);
    const { body } = await w.org.admin.api.get(`${SSO_SETTINGS}/sign-in-outcomes`);
    await w.t.sql('update organizations set required_amr = default where id = $1', [w.org.orgId]);

    expect(body).toMatchObject({
      default_workspace_ids: [w.org.workspaceId],
      default_workspace_role_id: role('WORKSPACE_USER'),
      outcomes: expect.arrayContaining([
        { person: 'weaker', has_group: null, rule: null, refusal: 'amr', group_roles: false },
      ]),
    });
  });

  it('say of another organization what it decides, and nothing about people who are new', async () => {
    const other = await w.orgWithAdmin();
    const { body } = await other.admin.api.get(`${SSO_SETTINGS}/sign-in-outcomes`);

    const rules = body.outcomes.map(({ person, rule }: { person: string; rule: string }) => [person, rule]);
    expect(rules).toEqual([
      ['invited', 'invited_elsewhere'],
      ['member', 'existing_access'],
    ]);
  });
});

describe('the groups of a user at the first login', () => {
  it('groups grant roles in the first session, beside the defaults', async () => {
    const { person, login } = await newUser(['LS:Organization User:Prod:Admin', 'all-employees']);
    expect(await w.workspaceRolesOf(person.email)).toEqual([
      org('User', 'jit'),
      place('Prod', 'Admin', 'sso_group'),
      DEFAULT_PLACE,
    ]);
    const seen = await login.get('/api/v1/workspaces');
    expect(seen.body.find(({ id }: { id: string }) => id === prod)).toMatchObject({ role_name: 'Admin' });
    expect(await lastGroups()).toMatchObject({
      granting: 1,
      malformed: 1,
      org_role: 'as_it_is',
      added_workspace_ids: [prod],
    });
  });

  it('groups take precedence over the default role in the same workspace', async () => {
    const { person } = await newUser(['Organization User:Workspace 1:Viewer']);
    expect(await w.workspaceRolesOf(person.email)).toEqual([
      org('User', 'jit'),
      place('Workspace 1', 'Viewer', 'sso_group'),
    ]);
  });

  it('groups make an organization admin of a member of the admin group', async () => {
    const { person, login } = await newUser(['Groups-Organization Admins']);
    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('Admin', 'sso_group'));
    const seen = (await login.get('/api/v1/workspaces')).body;
    expect(new Set(seen.map((row: { role_name: string }) => row.role_name))).toEqual(new Set(['Admin']));
    expect(seen).toHaveLength(3);
  });

  it.each([
    [['Former Organization Admins']],
    [['Organization Admins:Prod:Admin']],
    [['Organization User:prod:Admin']],
    [['Organization User:Prod:admin']],
    [['Organization User:Prod:Organization Admin']],
    [[{ name: 'Organization Admins' }, 7, null]],
    [{ name: 'Organization Admins' }],
    [''],
  ])(
    'groups grant nothing when the claim has the value %j, which only resembles a group name',
    async (groups) => {
      const { person, login } = await newUser(groups);
      expect(login.page.status).toBe(302);
      expect(await w.workspaceRolesOf(person.email)).toEqual([org('User', 'jit'), DEFAULT_PLACE]);
    },
  );

  it('groups grant nothing when the name is ambiguous, which is recorded without the name', async () => {
    await w.updateOrg({ scim_group_name_separator: '-' });
    try {
      await Promise.all(['alpha', 'alpha-beta'].map((name) => w.workspace(name)));
      const body = { display_name: 'beta-Editor', description: '', permissions: ['workspaces:read'] };
      await w.org.admin.api.post('/api/v1/orgs/current/roles', body);
      const { person } = await newUser(['Organization User-alpha-beta-Editor']);
      expect(await w.workspaceRolesOf(person.email)).toEqual([org('User', 'jit'), DEFAULT_PLACE]);
      expect(await lastGroups()).toMatchObject({ granting: 0, ambiguous: 1 });
      expect(JSON.stringify(await w.logins())).not.toMatch(/alpha/);
    } finally {
      await w.updateOrg({ scim_group_name_separator: ':' });
    }
  });

  it('groups of a workspace grant nothing after it was renamed without every permission there, until an admin saves its name', async () => {
    const workspaceId = await w.workspace('Attic');
    const roleId = await customRole(w.org, ['workspaces:read', 'workspaces:manage']);
    const key = { workspaces: [workspaceId], role_id: roleId };
    const manager = (await w.org.admin.api.post('/api/v1/orgs/current/service-keys', key)).body.key;
    const rename = (api: Api) => api.patch(`/api/v1/workspaces/${workspaceId}`, { display_name: 'Vault' });
    const groups = ['Organization User:Vault:Admin'];

    expect((await rename(w.t.api.as({ key: manager }))).status).toBe(200);
    const { person } = await newUser(groups);
    expect(await w.workspaceRolesOf(person.email)).toEqual([org('User', 'jit'), DEFAULT_PLACE]);
    expect(await lastGroups()).toMatchObject({ granting: 0, unknown: 0, unconfirmed: 1 });

    await rename(w.org.admin.api.as({ workspaceId }));
    await withGroups(person, groups);
    expect(await w.workspaceRolesOf(person.email)).toContainEqual(place('Vault', 'Admin', 'sso_group'));
  });

  it('groups make operators only with the workspace name that an Organization Admin set', async () => {
    const workspaceId = await w.workspace('Cellar');
    const role_id = role('WORKSPACE_ADMIN');
    const key = { workspaces: [workspaceId], role_id };
    const lead = (await w.org.admin.api.post('/api/v1/orgs/current/service-keys', key)).body.key;
    const rename = (api: Api) => api.patch(`/api/v1/workspaces/${workspaceId}`, { display_name: 'Crypt' });
    const groups = ['Organization Operator:Crypt:Viewer'];

    expect((await rename(w.t.api.as({ key: lead }))).status).toBe(200);
    const { person } = await newUser(groups);
    expect(await w.workspaceRolesOf(person.email)).toEqual([org('User', 'jit'), DEFAULT_PLACE]);
    expect(await lastGroups()).toMatchObject({ granting: 0, unknown: 0, unconfirmed: 1 });
    await withGroups(person, ['Organization User:Crypt:Viewer']);
    expect(await w.workspaceRolesOf(person.email)).toContainEqual(place('Crypt', 'Viewer', 'sso_group'));

    await rename(w.org.admin.api.as({ workspaceId }));
    await withGroups(person, groups);
    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('Operator', 'sso_group'));
  });

  it('groups make no operators with the name of a workspace that an operator creates', async () => {
    const key = { org_role_id: role('ORGANIZATION_OPERATOR'), role_id: role('WORKSPACE_ADMIN') };
    const operator = (await w.org.admin.api.post('/api/v1/orgs/current/service-keys', key)).body.key;

    const created = await w.t.api.as({ key: operator }).post('/api/v1/workspaces', { display_name: 'Loft' });
    const { person } = await newUser(['Organization Operator:Loft:Viewer', 'Organization User:Loft:Editor']);

    expect(created.status).toBe(200);
    expect(await w.workspaceRolesOf(person.email)).toEqual([
      org('User', 'jit'),
      place('Loft', 'Editor', 'sso_group'),
      DEFAULT_PLACE,
    ]);
  });

  it('groups are read from the claim that the settings name', async () => {
    await change({ sso_groups_claim_field: 'oid' }); // a claim of the test provider
    const person = w.person({ oid: 'Organization User:Prod:Viewer' });
    await w.signIn(person);
    expect(await w.workspaceRolesOf(person.email)).toContainEqual(place('Prod', 'Viewer', 'sso_group'));
  });
});

describe('the groups of a user at the next login', () => {
  it('roles change with the groups that granted them, and end with the last group', async () => {
    const { person } = await newUser(['Organization User:Prod:Viewer', 'Organization User:Lab:Viewer']);
    await withGroups(person, ['Organization User:Prod:Editor']);
    expect(await w.workspaceRolesOf(person.email)).toEqual([
      org('User', 'jit'),
      place('Prod', 'Editor', 'sso_group'),
      DEFAULT_PLACE,
    ]);
    await withGroups(person, undefined);
    expect(await w.workspaceRolesOf(person.email)).toEqual([org('User', 'jit'), DEFAULT_PLACE]);
    expect(await lastGroups()).toMatchObject({ granting: 0, removed_workspace_ids: [prod] });
  });

  it('roles change in all workspaces with one statement', async () => {
    const cost = async (workspaces: string[]) => {
      const all = (name: string) => workspaces.map((one) => `Organization User:${one}:${name}`);
      const { person } = await newUser(all('Viewer'));
      const before = await w.t.statements();
      await withGroups(person, all('Editor'));
      const statements = (await w.t.statements()) - before;
      const expected = workspaces.map((one) => place(one, 'Editor', 'sso_group'));
      expect(await w.workspaceRolesOf(person.email)).toEqual(expect.arrayContaining(expected));
      return statements;
    };
    const [three, one] = await leastCosts(
      () => cost(['Prod', 'Lab', 'Workspace 1']),
      () => cost(['Prod']),
    );

    expect(three).toBeLessThanOrEqual(one!);
  });

  it('a user who has left the admin group becomes Organization User', async () => {
    const { person } = await newUser(['Organization Admins']);
    await withGroups(person, []);
    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('User', 'sso_group'));
    await withGroups(person, ['Organization Admins']);
    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('Admin', 'sso_group'));
  });

  it('a group raises the role of a user who joined by just-in-time provisioning', async () => {
    const { person } = await newUser([]);
    await withGroups(person, ['Organization Admins']);
    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('Admin', 'sso_group'));
  });

  it('a group does not raise the role of such a user whose membership an admin lets end', async () => {
    const { person } = await newUser([]);
    const { membership } = await idsOf(person);
    const end = { access_expires_at: new Date(Date.now() + 2 * 86_400_000).toISOString() };
    const path = `/api/v1/orgs/current/members/${membership}`;
    expect((await w.org.admin.api.patch(path, end)).status).toBe(200);

    await withGroups(person, ['Organization Admins']);

    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('User', 'jit'));
    const listed = await w.org.admin.api.get(`/api/v1/orgs/current/members/active?emails=${person.email}`);
    expect(listed.body).toMatchObject([end]);
    expect(await lastGroups()).toMatchObject({ org_role: 'given_by_others' });
  });

  it('groups do not change a role that an admin has given', async () => {
    const person = w.person();
    const body = {
      email: person.email,
      role_id: role('ORGANIZATION_VIEWER'),
      workspace_ids: [prod],
      workspace_role_id: role('WORKSPACE_VIEWER'),
    };
    await w.org.admin.api.post('/api/v1/orgs/current/members', body);
    for (const groups of [['Organization Admins', 'Organization User:Prod:Admin'], []]) {
      await withGroups(person, groups);
      expect(await w.workspaceRolesOf(person.email)).toEqual([
        org('Viewer', 'invitation'),
        place('Prod', 'Viewer', 'invitation'),
      ]);
    }
    await withGroups(person, ['Organization Admins']);
    expect(await lastGroups()).toMatchObject({ org_role: 'given_by_others' });
  });

  it.each([[['Organization Operator:Prod:Viewer']], [['Organization Admins']], [[]]])(
    'groups do not change the role that an admin gave a user of just-in-time provisioning: %j',
    async (groups) => {
      const [promoted, demoted] = [(await newUser([])).person, (await newUser([])).person];
      await byHand(promoted, 'ORGANIZATION_ADMIN');
      await byHand(demoted, 'ORGANIZATION_VIEWER');
      for (const again of [groups, []]) {
        await withGroups(promoted, again);
        await withGroups(demoted, again);
      }
      expect((await w.workspaceRolesOf(promoted.email))[0]).toEqual(org('Admin', 'manual'));
      expect((await w.workspaceRolesOf(demoted.email))[0]).toEqual(org('Viewer', 'manual'));
    },
  );

  it('groups do not restore the admin role of a user whom an admin has demoted', async () => {
    const { person } = await newUser(['Organization Admins']);
    await byHand(person, 'ORGANIZATION_VIEWER');
    await withGroups(person, ['Organization Admins']);
    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('Viewer', 'manual'));
    expect(await lastGroups()).toMatchObject({ org_role: 'given_by_others' });
  });

  it('groups do not change or remove a workspace membership that they gave and an admin has changed', async () => {
    const { person } = await newUser(['Organization User:Prod:Viewer']);
    const { place: placeId } = await idsOf(person);
    const changed = await w.org.admin.api
      .as({ workspaceId: prod })
      .patch(`/api/v1/workspaces/current/members/${placeId}`, { role_id: role('WORKSPACE_ADMIN') });
    expect(changed.status).toBe(200);
    for (const groups of [['Organization User:Prod:Viewer'], []]) {
      await withGroups(person, groups);
      expect(await w.workspaceRolesOf(person.email)).toContainEqual(place('Prod', 'Admin', 'manual'));
    }
  });

  it('explains a role that an admin has changed as given by hand', async () => {
    const { person } = await newUser(['Organization Admins']);
    await byHand(person, 'ORGANIZATION_USER');
    const { membership: id } = await idsOf(person);
    const { membership } = (await w.org.admin.api.get(`/api/v1/orgs/current/members/${id}/access`)).body;
    const admin = { user_id: w.org.admin.userId };
    expect(membership).toMatchObject({ source: 'manual', by: admin, role_changed: { by: admin } });
  });

  it('the last organization admin keeps the role without the group, and signs in', async () => {
    const { person } = await newUser(['Organization Admins']);
    await w.t.sql(
      `update org_memberships set is_disabled = true
       where role_id = $1 and user_id <> (select id from users where email = $2)`,
      [role('ORGANIZATION_ADMIN'), person.email],
    );
    try {
      const { page } = await withGroups(person, []);
      expect(page.status).toBe(302);
      expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('Admin', 'sso_group'));
      expect(await lastGroups()).toMatchObject({ org_role: 'last_admin_stays' });
    } finally {
      await w.t.sql('update org_memberships set is_disabled = false');
    }
  });

  it('revokes no role when the provider sends no groups claim', async () => {
    const { person } = await newUser(['Organization User:Prod:Viewer']);
    await withGroups(person, { too: 'many' });
    expect(await w.workspaceRolesOf(person.email)).toContainEqual(place('Prod', 'Viewer', 'sso_group'));
    expect(await lastGroups()).toBe('not_sent');
  });

  it('groups grant and revoke nothing while groups or their role sync are off', async () => {
    const { person } = await newUser(['Organization User:Prod:Viewer']);
    const before = await w.workspaceRolesOf(person.email);
    for (const off of [{ sso_groups_enabled: false }, { sso_groups_role_sync_enabled: false }]) {
      await change({ sso_groups_enabled: true, ...off });
      for (const groups of [[], ['Organization Admins']]) await withGroups(person, groups);
      expect(await w.workspaceRolesOf(person.email)).toEqual(before);
    }
  });
});

describe('logins that require a group', () => {
  beforeEach(() => change({ sso_groups_required: true }));

  it('refuses a login without a group that grants a role, also for members', async () => {
    const { person, login } = await newUser(['all-employees', 'Former Organization Admins']);
    expect([login.page.status, login.message]).toEqual([403, expect.stringMatching(/requires a group/)]);
    expect(await w.workspaceRolesOf(person.email)).toEqual([]);
    expect((await withGroups(person, ['Organization User:Prod:Viewer'])).page.status).toBe(302);
    expect(await w.workspaceRolesOf(person.email)).toContainEqual(place('Prod', 'Viewer', 'sso_group'));
    expect((await withGroups(person, [])).page.status).toBe(403);
    expect((await w.logins())[0]).toMatchObject({
      succeeded: false,
      details: { refusal: 'no_required_group', groups: { removed_workspace_ids: [prod] } },
    });
  });

  it('removes the roles that groups granted from a user who has left all groups, and keeps others', async () => {
    const { person } = await newUser(['Organization Admins']);
    expect((await w.workspaceRolesOf(person.email))[0]).toEqual(org('Admin', 'sso_group'));
    expect((await withGroups(person, [])).page.status).toBe(403);
    expect(await w.workspaceRolesOf(person.email)).toEqual([org('User', 'sso_group'), DEFAULT_PLACE]);
  });

  it('requires a group also while groups grant no roles', async () => {
    await change({ sso_groups_role_sync_enabled: false });
    const { person } = await newUser(['Organization User:Prod:Viewer']);
    expect(await w.workspaceRolesOf(person.email)).toEqual([org('User', 'jit'), DEFAULT_PLACE]);
  });
});
