import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import { adminIn } from '../support/server-host.js';
import { role } from '../support/fixtures.js';
import { loggedDuring } from '../support/server-host.js';
import { SSO_SETTINGS, ssoSettings } from '../support/sso-settings.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

let w: SsoEnvironment;
beforeAll(async () => {
  w = await SsoEnvironment.start();
});
afterAll(() => w.stop());
afterEach(() => w.updateOrg({ jit_provisioning_enabled: true, invites_enabled: true }));

const invite = async (email: string, more: Record<string, unknown> = {}) => {
  const reply = await w.org.admin.api.post('/api/v1/orgs/current/members', { email, ...more });
  if (reply.status !== 200) throw new Error(`inviting: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body as { id: string };
};
const stateOf = async (id: string) =>
  (await w.t.sql<{ status: string }>('select status from invitations where id = $1', [id]))[0]!.status;
const userOf = async (email: string) =>
  (
    await w.t.sql<{ id: string; full_name: string | null }>(
      'select id, full_name from users where email = $1',
      [email],
    )
  )[0];
const AS_USER = { workspace: null, role: 'Organization User' };
const FIRST = 'Workspace 1';

describe('the first sign-in of a user', () => {
  it('adds the user to the default organization and to its first workspace as Editor, and explains why', async () => {
    const ada = w.person({ name: 'Ada Lovelace' });
    const { page, get } = await w.signIn(ada);
    expect(page.status).toBe(302);
    expect((await get('/api/v1/workspaces')).body).toMatchObject([
      { id: w.org.workspaceId, role_name: 'Editor' },
    ]);
    expect(await w.workspaceRolesOf(ada.email)).toEqual([
      { ...AS_USER, source: 'jit' },
      { workspace: FIRST, role: 'Editor', source: 'jit' },
    ]);
    const [login] = await w.logins();
    const { id: userId } = (await userOf(ada.email))!;
    expect(login).toEqual({
      succeeded: true,
      user_id: userId,
      details: {
        method: 'sso',
        rule: 'jit',
        account: 'new',
        defaults: {
          source: 'first_workspace',
          workspace_ids: [w.org.workspaceId],
          workspace_role_id: role('WORKSPACE_USER'),
        },
        org_members_added: { [userId]: role('ORGANIZATION_USER') },
        workspace_members_added: { [w.org.workspaceId]: { [userId]: role('WORKSPACE_USER') } },
      },
    });
    expect((await userOf(ada.email))!.full_name).toBe('Ada Lovelace');
    expect(JSON.stringify(login)).not.toMatch(/lovelace|@|sub-/i);
  });

  it('assigns the roles and workspaces of the settings without changing existing members', async () => {
    const before = w.person();
    await w.signIn(before);
    const second = await w.workspace('For new members');
    const { id } = await ssoSettings(w.org, {
      default_workspace_ids: [second],
      default_workspace_role_id: role('WORKSPACE_VIEWER'),
    });
    try {
      const after = w.person();
      for (const person of [before, after]) await w.signIn(person);
      expect((await w.workspaceRolesOf(before.email)).map(({ workspace }) => workspace)).toEqual([
        null,
        FIRST,
      ]);
      expect(await w.workspaceRolesOf(after.email)).toEqual([
        { ...AS_USER, source: 'jit' },
        { workspace: 'For new members', role: 'Viewer', source: 'jit' },
      ]);
      expect((await w.logins())[0]!.details.defaults.source).toBe('sso_settings');
    } finally {
      await w.org.admin.api.delete(`${SSO_SETTINGS}/${id}`);
    }
  });

  it('creates one account, one login method and one membership for fifty concurrent sign-ins', async () => {
    const ada = w.person();
    const attempts = await Promise.all(Array.from({ length: 50 }, () => w.signInUntilCallback(ada)));
    const pages = await Promise.all(attempts.map(({ browser, url }) => browser.open(url)));
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([302]));
    expect(await w.workspaceRolesOf(ada.email)).toHaveLength(2);
    const [counts] = await w.t.sql(
      `select (select count(*)::int from users where email = $1) as users,
        (select count(*)::int from login_methods where subject = $2) as logins`,
      [ada.email, ada.sub],
    );
    expect(counts).toEqual({ users: 1, logins: 1 });
    const rules = (await w.logins(50)).map(({ details }) => details.rule);
    expect(rules.filter((rule) => rule !== 'existing_access')).toEqual(['jit']);
  });

  it('returns an error without an e-mail claim', async () => {
    const { page, message } = await w.signIn(w.person({ email: undefined }));
    expect(page.status).toBe(403);
    expect(message).toMatch(/no e-mail address/);
  });
});

describe('a pending invitation at sign-in', () => {
  it('an invitation takes precedence over just-in-time provisioning and grants exactly what was offered', async () => {
    const ada = w.person();
    const second = await w.workspace('By invitation');
    const { id } = await invite(ada.email, {
      role_id: role('ORGANIZATION_OPERATOR'),
      workspace_ids: [second],
      workspace_role_id: role('WORKSPACE_ADMIN'),
    });
    expect((await w.signIn(ada)).page.status).toBe(302);
    expect(await w.workspaceRolesOf(ada.email)).toEqual([
      { workspace: null, role: 'Organization Operator', source: 'invitation' },
      { workspace: 'By invitation', role: 'Admin', source: 'invitation' },
    ]);
    expect(await stateOf(id)).toBe('accepted');
    expect((await w.logins())[0]!.details).toMatchObject({ rule: 'invitation', invitation_id: id });
  });

  it.each<[string, Record<string, boolean>, boolean, string]>([
    [
      'is accepted without just-in-time provisioning',
      { jit_provisioning_enabled: false },
      true,
      'invitation',
    ],
    ['is ignored while invitations are off', { invites_enabled: false }, true, 'jit'],
    [
      'is ignored while both are off',
      { invites_enabled: false, jit_provisioning_enabled: false },
      true,
      'no_access',
    ],
    [
      'is required but missing without just-in-time provisioning',
      { jit_provisioning_enabled: false },
      false,
      'no_access',
    ],
  ])('signs in or refuses a user whose invitation %s', async (_, switches, isInvited, expected) => {
    const ada = w.person();
    const invitation = isInvited ? await invite(ada.email) : null;
    await w.updateOrg(switches);
    const { page } = await w.signIn(ada);
    const [login] = await w.logins();
    expect(login!.details.rule ?? login!.details.refusal).toBe(expected);
    expect(page.status).toBe(expected === 'no_access' ? 403 : 302);
    if (expected === 'no_access') expect(await userOf(ada.email)).toBeUndefined();
    if (invitation)
      expect(await stateOf(invitation.id)).toBe(expected === 'invitation' ? 'accepted' : 'pending');
  });

  it('refuses a user with an expired invitation and says so', async () => {
    const ada = w.person();
    const { id } = await invite(ada.email);
    await w.t.sql(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [id]);
    await w.updateOrg({ jit_provisioning_enabled: false });
    const { page, message } = await w.signIn(ada);
    expect([page.status, message]).toEqual([403, expect.stringMatching(/has expired.*admin/)]);
    expect(await stateOf(id)).toBe('pending');
  });

  it.each([{ email_verified: false }, { email_verified: undefined }])(
    'accepts no invitation for a user without a verified e-mail: %j',
    async (claim) => {
      const mallory = w.person(claim);
      const { id } = await invite(mallory.email, { role_id: role('ORGANIZATION_ADMIN') });
      const { page, get, send } = await w.signIn(mallory);
      expect(page.status).toBe(302); // by just-in-time provisioning: the address has no account
      expect((await w.workspaceRolesOf(mallory.email))[0]).toEqual({ ...AS_USER, source: 'jit' });
      expect((await get('/api/v1/orgs/pending')).body).toEqual([]);
      expect((await get('/api/v1/workspaces/pending')).body).toEqual([]);
      expect((await send('POST', `/api/v1/orgs/pending/${w.org.orgId}/claim`)).status).toBe(403);
      expect((await send('DELETE', `/api/v1/orgs/pending/${w.org.orgId}`)).status).toBe(403);
      expect(await stateOf(id)).toBe('pending');
      await w.updateOrg({ jit_provisioning_enabled: false });
      const other = w.person(claim);
      await invite(other.email);
      expect((await w.signIn(other)).message).toMatch(
        /does not (confirm your e-mail address as|say whether your e-mail address is) verified/,
      );
    },
  );

  it('shows the invitation of another organization, but does not accept it at sign-in', async () => {
    const founder = w.person();
    const { body: other } = await (
      await w.signIn(founder)
    ).send('POST', '/api/v1/orgs', {
      display_name: 'Elsewhere',
      is_personal: false,
    });
    const ada = w.person();
    const founding = await w.signIn(founder);
    const body = { email: ada.email };
    const invited = await w.t.api.as({ orgId: other.id }).post('/api/v1/orgs/current/members', body, {
      headers: { ...founding.headers, origin: w.t.url },
    });
    expect(invited.status).toBe(200);
    await w.updateOrg({ jit_provisioning_enabled: false });

    const { page, get, send } = await w.signIn(ada);
    expect(page.status).toBe(302);
    expect((await w.logins())[0]!.details.rule).toBe('invited_elsewhere');
    expect((await get('/api/v1/orgs?skip_create=true')).body).toEqual([]);
    expect((await get('/api/v1/orgs/pending')).body).toMatchObject([{ id: other.id }]);
    expect((await send('POST', `/api/v1/orgs/pending/${other.id}/claim`)).status).toBe(200);

    await w.updateOrg({ jit_provisioning_enabled: true });
    expect((await w.signIn(ada)).page.status).toBe(302);
    expect((await w.logins())[0]!.details.rule).toBe('existing_access');
    expect(await w.workspaceRolesOf(ada.email)).toEqual([]); // a member of a shared organization is not provisioned
  });
});

describe('an e-mail address that already has an account', () => {
  it('does not sign in another subject with the same e-mail to the account', async () => {
    const ada = w.person();
    const { get } = await w.signIn(ada);
    const second = w.person({ email: ada.email });
    const { page, message } = await w.signIn(second);
    expect([page.status, message]).toEqual([403, expect.stringMatching(/linked to another login/)]);
    expect((await w.logins())[0]).toMatchObject({
      succeeded: false,
      user_id: null,
      details: { refusal: 'account_has_another_login', account_id: (await userOf(ada.email))!.id },
    });
    expect(await w.t.sql('select 1 from login_methods where subject = $1', [second.sub])).toEqual([]);

    const rebind = (...args: string[]) => adminIn(w.t.databaseUrl, w.environment, ['logins:rebind', ...args]);
    const login = ['--issuer', w.idp.issuer, '--subject', second.sub];
    expect((await rebind('--email', 'unknown@example.com', ...login)).code).toBe(1);
    expect(await rebind('--email', ada.email, ...login)).toMatchObject({ code: 0 });
    expect((await get('/api/v1/me/ls_user_id')).status).toBe(401);
    expect((await w.signIn(second)).page.status).toBe(302);
    expect((await w.signIn(ada)).page.status).toBe(403);
  });

  it('does not sign in the same subject of another issuer to the account', async () => {
    const ada = w.person();
    await w.signIn(ada);
    const other = await w.replica({});
    try {
      other.idp.account(ada);
      expect((await w.signIn(ada, other)).page.status).toBe(403);
    } finally {
      await other.t.close();
      await other.idp.stop();
    }
  });

  it.each([{ email_verified: false }, { email_verified: undefined }])(
    'adds no login to an account for a user without a verified e-mail: %j',
    async (claim) => {
      const email = `${randomUUID().slice(0, 8)}@example.com`;
      await w.t.sql('insert into users (id, email) values (gen_random_uuid(), $1)', [email]);
      expect((await w.signIn(w.person({ email, ...claim }))).page.status).toBe(403);
      expect((await w.signIn(w.person({ email: email.toUpperCase() }))).page.status).toBe(302);
      expect((await w.logins())[0]!.details).toMatchObject({ rule: 'jit', account: 'joined' });
    },
  );

  it('trusts an absent email_verified claim when the operator says so, but never false', async () => {
    const trusting = await w.replica({ OAUTH_TRUST_UNVERIFIED_EMAIL: 'true' });
    try {
      for (const [claim, expected] of [
        [{ email_verified: undefined }, 'accepted'],
        [{ email_verified: false }, 'pending'],
      ] as const) {
        const ada = w.person(claim);
        trusting.idp.account(ada);
        const { id } = await invite(ada.email);
        await w.signIn(ada, trusting);
        expect(await stateOf(id)).toBe(expected);
      }
    } finally {
      await trusting.t.close();
      await trusting.idp.stop();
    }
  });
});

describe('the name that a provider sends', () => {
  it('is stored without control and bidirectional characters, and never refuses a sign-in', async () => {
    const ada = w.person({ name: '\u202eA\u200dda\u0007 \u0085Lovelace' });
    const hidden = w.person({ name: '\u202e\u2069' });

    expect((await w.signIn(ada)).page.status).toBe(302);
    expect((await w.signIn(hidden)).page.status).toBe(302);

    expect((await userOf(ada.email))!.full_name).toBe('A\u200dda Lovelace');
    expect((await userOf(hidden.email))!.full_name).toBeNull();
  });
});

describe('signing in for the second time', () => {
  it('revokes nothing and grants nothing a second time', async () => {
    const ada = w.person({ name: 'Ada' });
    await w.signIn(ada);
    const [member] = (
      await w.org.admin.api.get(`/api/v1/orgs/current/members/active?emails=${encodeURIComponent(ada.email)}`)
    ).body;
    const change = { role_id: role('ORGANIZATION_VIEWER'), full_name: 'Countess of Lovelace' };
    await w.org.admin.api.patch(`/api/v1/orgs/current/members/${member.id}`, change);
    const [place] = (
      await w.org.admin.api.get('/api/v1/workspaces/current/members/active?limit=500')
    ).body.filter(({ email }: { email: string }) => email === ada.email);
    await w.org.admin.api.delete(`/api/v1/workspaces/current/members/${place.id}`);

    w.idp.account({ ...ada, name: 'Another Name' });
    expect((await w.signIn(ada)).page.status).toBe(302);
    expect(await w.workspaceRolesOf(ada.email)).toEqual([
      { workspace: null, role: 'Organization Viewer', source: 'manual' },
    ]);
    expect((await userOf(ada.email))!.full_name).toBe('Countess of Lovelace');
  });

  it("finds the account by subject when the e-mail claim has changed, and keeps the account's address", async () => {
    const ada = w.person();
    await w.signIn(ada);
    const renamed = { ...ada, email: `new-${ada.email}` };
    w.idp.account(renamed);
    const { id } = await invite(renamed.email);
    expect((await w.signIn(renamed)).page.status).toBe(302);
    expect((await w.logins())[0]!.details).toMatchObject({ rule: 'existing_access', account: 'known' });
    expect(await userOf(renamed.email)).toBeUndefined();
    expect(await stateOf(id)).toBe('pending');
  });

  it('accepts a new verified address for a user who is no longer a member', async () => {
    const ada = w.person();
    await w.signIn(ada);
    await w.t.sql('delete from org_memberships m using users u where u.id = m.user_id and u.email = $1', [
      ada.email,
    ]);
    const renamed = { ...ada, email: `new-${ada.email}` };
    w.idp.account({ ...renamed, email_verified: false });
    await w.signIn(renamed);
    expect(await w.workspaceRolesOf(renamed.email)).toEqual([]);
    await w.t.sql('delete from org_memberships m using users u where u.id = m.user_id and u.email = $1', [
      ada.email,
    ]);
    w.idp.account(renamed);
    const { id } = await invite(renamed.email);
    expect((await w.signIn(renamed)).page.status).toBe(302);
    expect(await stateOf(id)).toBe('accepted');
    expect(await userOf(ada.email)).toBeUndefined();
  });

  it('withdraws the e-mail confirmation when the provider no longer asserts it', async () => {
    const ada = w.person();
    const { get } = await w.signIn(ada);
    const own = '/api/v1/orgs/current/user/login-methods';
    expect((await get(own)).body[0].email_confirmed_at).toEqual(expect.any(String));
    w.idp.account({ ...ada, email_verified: false });
    await w.signIn(ada);
    expect((await get(own)).body[0].email_confirmed_at).toBeNull();
  });

  it('returns 403 for a disabled member', async () => {
    const ada = w.person();
    await w.signIn(ada);
    await w.t.sql(
      'update org_memberships m set is_disabled = true from users u where u.id = m.user_id and u.email = $1',
      [ada.email],
    );
    const { page, message } = await w.signIn(ada);
    expect([page.status, message]).toEqual([403, expect.stringMatching(/disabled.*admin/)]);
  });
});

describe('limits of the installation for sign-ins', () => {
  it('never exceeds the seats, however many users sign in at once', async () => {
    const people = Array.from({ length: 8 }, () => w.person());
    const [{ taken }] = (await w.t.sql<{ taken: number }>(
      `select members + (
        select count(*)::int from invitations i
        where i.org_id = h.org_id and status = 'pending' and (expires_at is null or expires_at > now())) as taken
      from headcounts h where org_id = $1`,
      [w.org.orgId],
    )) as [{ taken: number }];
    await w.t.sql('update organizations set max_identities = $2 where id = $1', [w.org.orgId, taken + 3]);
    try {
      const attempts = await Promise.all(people.map((person) => w.signInUntilCallback(person)));
      const pages = await Promise.all(attempts.map(({ browser, url }) => browser.open(url)));
      expect(pages.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
        ...Array(3).fill(302),
        ...Array(5).fill(403),
      ]);
      expect(pages.find(({ status }) => status === 403)!.body).toMatch(/seats/);
    } finally {
      await w.t.sql('update organizations set max_identities = -1 where id = $1', [w.org.orgId]);
    }
  });

  it('adds the user to the new default organization when it changes at the same moment', async () => {
    const { t, org } = w;
    const [other] = await t.sql<{ id: string }>(
      `insert into organizations (id, display_name) values (gen_random_uuid(), 'Other') returning id`,
    );
    const move = async (query: (text: string, values?: unknown[]) => Promise<unknown>, to: string) => {
      await query('update organizations set is_default = false where is_default');
      await query('update organizations set is_default = true where id = $1', [to]);
    };
    const ada = w.person();
    const { browser, url } = await w.signInUntilCallback(ada);

    await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const login = browser.open(url);
      await waitForBlockedQuery(t);
      await move((text, values) => client.query(text, values), other!.id);
      await client.query('commit');
      expect((await login).status).toBe(302);
    });
    const places = await t.sql(
      'select m.org_id as id from org_memberships m join users u on u.id = m.user_id where u.email = $1',
      [ada.email],
    );
    await move(t.sql, org.orgId);

    expect(places).toEqual([other]);
  });

  it('reports unusable default roles to the operator at the start and still signs users in', async () => {
    const { id } = await ssoSettings(w.org);
    const wrong = role('ORGANIZATION_USER');
    await w.t.sql('update sso_settings set default_workspace_role_id = $1 where id = $2', [wrong, id]);
    const log = await loggedDuring(async () => {
      const { t, idp } = await w.replica({});
      await t.close();
      await idp.stop();
    });
    expect(log).toMatch(
      /Single sign-on.*defaults of the default organization .* are unusable: .*not a workspace role/,
    );
    const ada = w.person();
    expect((await w.signIn(ada)).page.status).toBe(302);
    expect(await w.workspaceRolesOf(ada.email)).toEqual([{ ...AS_USER, source: 'jit' }]);
    expect((await w.logins())[0]!.details.defaults).toMatchObject({ source: 'unusable', workspace_ids: [] });
    await w.org.admin.api.delete(`${SSO_SETTINGS}/${id}`);
  });

  it('creates no personal organization for a user who has only signed in by single sign-on', async () => {
    const personal = await w.replica({ PERSONAL_ORGS_DISABLED: 'false' });
    try {
      const ada = w.person();
      personal.idp.account(ada);
      const { get } = await w.signIn(ada, personal);
      expect((await get('/api/v1/orgs')).body).toMatchObject([{ id: w.org.orgId }]);
    } finally {
      await personal.t.close();
      await personal.idp.stop();
    }
  });

  it('refuses new users when the operator turns just-in-time provisioning off, whatever the organization says', async () => {
    const strict = await w.replica({ SELF_HOSTED_JIT_PROVISIONING_ENABLED: 'false' });
    try {
      const ada = w.person();
      strict.idp.account(ada);
      expect((await w.signIn(ada, strict)).page.status).toBe(403);
    } finally {
      await strict.t.close();
      await strict.idp.stop();
    }
  });
});

describe('a user whose membership has ended at its date', () => {
  /** As when that time has come; the membership stays in the table until it is tidied. */
  const letEnd = async (email: string) => {
    const [membership] = await w.t.sql<{ id: string }>(
      'select m.id from org_memberships m join users u on u.id = m.user_id where u.email = $1 and m.org_id = $2',
      [email, w.org.orgId],
    );
    const end = new Date(Date.now() + 86_400_000).toISOString();
    const path = `/api/v1/orgs/current/members/${membership!.id}`;
    const { status, body } = await w.org.admin.api.patch(path, { access_expires_at: end });
    if (status !== 200) throw new Error(`setting the end: ${status} ${JSON.stringify(body)}`);
    await w.t.sql(`update org_memberships set access_expires_at = '2026-03-04 05:06:07Z' where id = $1`, [
      membership!.id,
    ]);
  };

  it('is not provisioned again, by defaults or groups, and is told until when and by whom', async () => {
    const person = w.person();
    await w.signIn(person);
    await letEnd(person.email);
    await w.t.sql('update users set full_name = $2 where id = $1', [w.org.admin.userId, '<b>Dr. Grace</b>']);

    const { page, message } = await w.signIn(person);

    expect([page.status, page.headers.get('x-error-code')]).toEqual([403, 'access_ended']);
    expect(message).toContain('You had access until 2026-03-04, 05:06 UTC.');
    expect(message).toContain('Ask an organization admin to give it again.');
    expect(message).toContain('The end was set by &#60;b&#62;Dr. Grace&#60;/b&#62;.');
    const [login] = await w.logins();
    expect(login).toMatchObject({ succeeded: false, details: { refusal: 'access_ended' } });
  });

  it('reads no name of somebody who is no admin of the organization any more', async () => {
    const person = w.person();
    await w.signIn(person);
    await letEnd(person.email);
    await w.t.sql(
      'update org_memberships set access_expires_set_by_user_id = $1 where access_expires_at < now()',
      [randomUUID()],
    );

    const { page, message } = await w.signIn(person);

    expect([page.status, message.includes('set by')]).toEqual([403, false]);
  });

  it('is let in by an invitation, which gives a new membership', async () => {
    const person = w.person();
    await w.signIn(person);
    await letEnd(person.email);
    await invite(person.email);

    const { page } = await w.signIn(person);

    expect(page.status).toBe(302);
    expect(await w.workspaceRolesOf(person.email)).toEqual([{ ...AS_USER, source: 'invitation' }]);
  });

  it('signs in to other organizations as before', async () => {
    const person = w.person();
    await w.signIn(person);
    await letEnd(person.email);
    const other = await w.orgWithAdmin();
    const { id: userId } = (await userOf(person.email))!;
    await w.t.sql(
      `insert into org_memberships (id, org_id, user_id, role_id, source) values (gen_random_uuid(), $1, $2, $3, 'manual')`,
      [other.orgId, userId, role('ORGANIZATION_USER')],
    );

    const { page } = await w.signIn(person);

    expect(page.status).toBe(302);
    expect((await w.logins())[0]!.details.rule).toBe('existing_access');
  });
});
