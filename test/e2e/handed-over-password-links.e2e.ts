import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Reply } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  invitation,
  letExpire,
  letWorkspaceAdminsInvite,
  ORG_BATCH,
  ORG_MEMBERS,
  WORKSPACE_BATCH,
  WORKSPACE_PENDING,
} from '../support/invitations.js';
import {
  CHOSEN,
  LINK,
  linkEntries,
  NOT_FOUND,
  originOf,
  refusedLinks,
  refusedPassword,
  setPassword,
  USED,
} from '../support/password-links.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { grantOf } from '../support/grants.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PUBLIC = 'https://tenantry.example.com';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ LANGSMITH_URL: PUBLIC });
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const ofMember = (api: Api, { membershipId }: Pick<Member, 'membershipId'>) =>
  api.post(`${ORG_MEMBERS}/${membershipId}/password-link`);
const ofInvitation = (api: Api, id: string) => api.post(`${ORG_MEMBERS}/${id}/pending/password-link`);
const codeOf = ({ headers }: Reply) => headers.get('x-error-code');

async function tokenOf(reply: Promise<Reply>): Promise<string> {
  const { status, body } = await reply;
  expect(status).toBe(200);
  return body.token;
}

const chosenBy = (orgId: string) => ({
  chosen_by: 'organization_admin',
  vouching_org_id: orgId,
  address_proved: false,
});

describe('a password link of a member to hand over', () => {
  it('is shown once, with the public address, and counts as chosen by the admin', async () => {
    const person = await t.fixtures.member(org, {});

    const reply = await ofMember(org.admin.api, person);

    expect(reply).toMatchObject({
      status: 200,
      body: {
        token: expect.stringMatching(/^[\w-]{43}$/),
        url: `${PUBLIC}/console/set-password#token=${reply.body.token}`,
        expires_at: expect.any(String),
      },
    });
    expect(reply.headers.get('cache-control')).toContain('no-store');
    expect((await t.api.post(`${LINK}/check`, { token: reply.body.token })).body).toMatchObject({
      email: person.email,
      purpose: 'account',
      organization_name: 'Default',
    });
    expect((await setPassword(t.api, reply.body.token)).status).toBe(200);
    expect((await person.api.get('/api/v1/orgs?skip_create=true')).status).toBe(401);
    await t.fixtures.login(person.email, CHOSEN);
    expect(await originOf(t, person.email)).toEqual(chosenBy(org.orgId));
    expect(await refusedPassword(t.api, reply.body.token)).toMatchObject(USED);
    const details = { purpose: 'account', delivery: 'handed_over', handed_over_by: org.admin.userId };
    expect(await linkEntries(t, person.userId)).toEqual([
      { org_id: org.orgId, user_id: org.admin.userId, details: { password_link: 'issued', ...details } },
      { org_id: org.orgId, user_id: person.userId, details: { password_link: 'used', ...details } },
    ]);
    const refusal = {
      org_id: org.orgId,
      response_status: 410,
      details: { password_link: 'refused', ...details, refused_by: 'password_link_used' },
    };
    expect(await refusedLinks(t, person.userId)).toEqual([refusal, refusal]); // of the check and of the use
  });

  it('leaves an audit entry when an unknown link is used', async () => {
    const before = await refusedLinks(t, null);

    expect(await setPassword(t.api, 'a'.repeat(43))).toMatchObject(NOT_FOUND);

    expect((await refusedLinks(t, null)).slice(before.length)).toEqual([
      {
        org_id: null,
        response_status: 404,
        details: { password_link: 'refused', refused_by: 'password_link_not_found' },
      },
    ]);
  });

  it('revokes the tokens and applications of the account when its user asks for it, and no others', async () => {
    const [person, other] = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
      await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
    ];
    const tokenFor = async ({ api }: Member) => {
      const { status, body } = await api.post('/api/v1/api-key/current', { description: 'pat' });
      expect(status).toBe(200);
      return { id: body.id as string, api: t.api.as({ key: body.key }) };
    };
    const statusOf = async ({ api }: { api: Api }) => (await api.get('/api/v1/auth/public')).status;
    const [own, others] = [await tokenFor(person), await tokenFor(other)];

    await setPassword(t.api, await tokenOf(ofMember(org.admin.api, person)));
    expect(await statusOf(own)).toBe(200);
    const token = await tokenOf(ofMember(org.admin.api, person));
    const [ended, kept] = [await grantOf(t.sql, org, person), await grantOf(t.sql, org, other)];
    await t.api.post('/api/v1/login/password', { token, password: CHOSEN, revoke_tokens: true });

    expect(await statusOf(own)).toBe(401);
    expect(await statusOf(others)).toBe(200);
    const entries = await t.sql(
      `select org_id, user_id, resource_ids from audit_entries
       where operation = 'revoke_personal_access_token' and user_id = $1`,
      [person.userId],
    );
    expect(entries).toEqual([{ org_id: org.orgId, user_id: person.userId, resource_ids: [own.id] }]);
    const ids = [ended.id, kept.id];
    expect(await t.sql('select id from oauth_grants where id = any($1)', [ids])).toEqual([{ id: kept.id }]);
    const ofGrants = await t.sql(
      `select org_id, resource_ids from audit_entries where operation = 'revoke_oauth_grant' and user_id = $1`,
      [person.userId],
    );
    expect(ofGrants).toEqual([{ org_id: org.orgId, resource_ids: [ended.id] }]);
  });

  it('proves nothing to another organization', async () => {
    const { admin, ...other } = await t.fixtures.orgWithAdmin();
    const person = await t.fixtures.member(org, {});
    await invitation({ ...other, admin }, { email: person.email });
    await setPassword(t.api, await tokenOf(ofMember(org.admin.api, person)));

    const api = t.api.as({ token: await t.fixtures.login(person.email, CHOSEN) });

    expect((await api.get('/api/v1/orgs/pending')).body).toEqual([]);
    expect((await api.post(`/api/v1/orgs/pending/${other.orgId}/claim`)).status).toBe(404);
  });

  it('returns 403 for operators, ordinary members and every key', async () => {
    const person = await t.fixtures.member(org, {});
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const user = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const pat = (await org.admin.api.post('/api/v1/api-key/current', { description: 'pat' })).body.key;
    const id = await invitation(org, { email: t.fixtures.email() });

    for (const api of [operator.api, user.api, t.api.as({ key: pat, orgId: org.orgId })]) {
      expect((await ofMember(api, person)).status).toBe(403);
      expect((await ofInvitation(api, id)).status).toBe(403);
    }
    expect(codeOf(await ofMember(operator.api, person))).toBe('only_admins_choose_passwords');
    expect(codeOf(await ofMember(t.api.as({ key: pat }), person))).toBe('session_required');
    expect(
      await t.sql('select from password_links where user_id = $1 or invitation_id = $2', [person.userId, id]),
    ).toEqual([]);
  });

  it('returns 403 for a member whose address is proved or who belongs to another organization', async () => {
    const [proved, shared] = [await t.fixtures.member(org, {}), await t.fixtures.member(org, {})];
    await t.sql(
      `update passwords set chosen_by = 'owner', vouching_org_id = null, address_proved = true where user_id = $1`,
      [proved.userId],
    );
    await t.fixtures.addMember(await t.fixtures.orgWithAdmin(), shared, {});

    expect(codeOf(await ofMember(org.admin.api, proved))).toBe('password_is_the_owners');
    expect(codeOf(await ofMember(org.admin.api, shared))).toBe('account_is_shared');
  });

  it('returns 404 for a member of another organization and 409 for a disabled one', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();
    const disabled = await t.fixtures.member(org, {});
    await t.sql('update org_memberships set is_disabled = true where id = $1', [disabled.membershipId]);

    expect(codeOf(await ofMember(org.admin.api, admin))).toBe('member_not_found');
    expect(codeOf(await ofMember(org.admin.api, disabled))).toBe('member_is_disabled');
  });

  it('is not valid once the account may not get a password from this admin any more', async () => {
    const changes: Record<string, (person: Member, admin: Member) => Promise<unknown>> = {
      'the member is disabled': ({ membershipId }) =>
        t.sql('update org_memberships set is_disabled = true where id = $1', [membershipId]),
      'the member is removed': ({ membershipId }) => org.admin.api.delete(`${ORG_MEMBERS}/${membershipId}`),
      'the member joins another organization': async (person) =>
        t.fixtures.addMember(await t.fixtures.orgWithAdmin(), person, {}),
      'the address is proved': ({ userId }) =>
        t.sql(
          `update passwords set chosen_by = 'owner', vouching_org_id = null, address_proved = true where user_id = $1`,
          [userId],
        ),
      'the address changes': ({ userId }) =>
        t.sql(`update users set email = $2 where id = $1`, [userId, t.fixtures.email('moved')]),
      'the admin is demoted': (_, { membershipId }) =>
        org.admin.api.patch(`${ORG_MEMBERS}/${membershipId}`, { role_id: role('ORGANIZATION_USER') }),
      'the admin is disabled': (_, { membershipId }) =>
        t.sql('update org_memberships set is_disabled = true where id = $1', [membershipId]),
      'the admin is removed': (_, { membershipId }) => org.admin.api.delete(`${ORG_MEMBERS}/${membershipId}`),
      'the user changes the password': ({ api }) =>
        api
          .as({ workspaceId: org.workspaceId })
          .patch('/api/v1/orgs/members/basic', { password: 'Another-Horse-Battery' }),
    };
    for (const [what, change] of Object.entries(changes)) {
      const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
      const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
      const token = await tokenOf(ofMember(admin.api, person));

      await change(person, admin);

      const { status, body } = await refusedPassword(t.api, token);
      expect({ what, status, body }).toMatchObject({ what, ...NOT_FOUND });
      await expect(t.fixtures.login(person.email, CHOSEN)).rejects.toThrow('401');
    }
  });

  it.each([
    ['the member', 'update org_memberships set is_disabled = true where id = $1 and org_id = $2'],
    [
      'the organization',
      'update organizations set is_disabled = true where id = $2 and exists (select from org_memberships where id = $1)',
    ],
  ])(
    'is not valid while %s is disabled, although the account may sign in to a personal organization',
    async (_, disable) => {
      const own = await t.fixtures.orgWithAdmin();
      const person = await t.fixtures.member(own, {});
      const personal = await t.fixtures.orgWithAdmin();
      await t.sql('update organizations set is_personal = true where id = $1', [personal.orgId]);
      await t.fixtures.addMember(personal, person, {});
      const token = await tokenOf(ofMember(own.admin.api, person));

      await t.sql(disable, [person.membershipId, own.orgId]);

      expect(await refusedPassword(t.api, token)).toMatchObject(NOT_FOUND);
      await t.fixtures.login(person.email, person.password);
    },
  );

  it('is replaced by the next one', async () => {
    const person = await t.fixtures.member(org, {});
    const first = await tokenOf(ofMember(org.admin.api, person));
    const second = await tokenOf(ofMember(org.admin.api, person));

    expect(await refusedPassword(t.api, first)).toMatchObject(NOT_FOUND);
    expect((await setPassword(t.api, second)).status).toBe(200);
  });

  it('has no address without LANGSMITH_URL, so that none is taken from the request', async () => {
    const plain = await startTestApp({}, t.databaseUrl);
    const person = await t.fixtures.member(org, {});

    const { body } = await ofMember(org.admin.api.at(plain.url), person);

    expect(body).toMatchObject({ token: expect.any(String), url: null });
    await plain.close();
  });
});

it('names the page of another front end where the console is off', async () => {
  const other = await startTestApp({ LANGSMITH_URL: PUBLIC, CONSOLE_ENABLED: 'false' }, t.databaseUrl);
  const person = await t.fixtures.member(org, {});

  const { body } = await ofMember(org.admin.api.at(other.url), person);

  expect(body.url).toBe(`${PUBLIC}/set-password#token=${body.token}`);
  await other.close();
});

describe('a password link of an invitation to hand over', () => {
  it('makes the account and accepts the invitation, with a password that counts as chosen by the admin', async () => {
    const email = t.fixtures.email();
    const id = await invitation(org, { email, role_id: role('ORGANIZATION_VIEWER') });

    const token = await tokenOf(ofInvitation(org.admin.api, id));
    const [link] = await t.sql(
      `select (extract(epoch from expires_at - created_at) / 3600)::int as hours from password_links where invitation_id = $1`,
      [id],
    );
    expect(link).toEqual({ hours: 24 });
    expect((await setPassword(t.api, token)).status).toBe(200);

    const api = t.api.as({ token: await t.fixtures.login(email, CHOSEN) });
    expect((await api.get('/api/v1/orgs/current')).body).toMatchObject({ id: org.orgId });
    expect(await originOf(t, email)).toEqual(chosenBy(org.orgId));
    expect(await refusedPassword(t.api, token)).toMatchObject(USED);
  });

  it('returns 409 for an address that has an account with a password, which stays as it is', async () => {
    const person = await t.fixtures.userWithoutOrg();
    const id = await invitation(org, { email: person.email });

    expect(codeOf(await ofInvitation(org.admin.api, id))).toBe('invited_account_has_password');
    await t.fixtures.login(person.email, person.password);
  });

  it('returns 404 when the invitation has another address by now', async () => {
    const id = await invitation(org, { email: t.fixtures.email() });
    const token = await tokenOf(ofInvitation(org.admin.api, id));
    const other = t.fixtures.email('other');
    await t.sql('update invitations set email = $2 where id = $1', [id, other]);

    expect(await refusedPassword(t.api, token)).toMatchObject(NOT_FOUND);
  });

  it('never touches an account that got a password after the link was made', async () => {
    const { admin, ...other } = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();
    const id = await invitation(org, { email });
    const token = await tokenOf(ofInvitation(org.admin.api, id));
    const made = await t.fixtures.addMember({ ...other, admin }, { email }, {});

    expect(await refusedPassword(t.api, token)).toMatchObject(NOT_FOUND);

    await t.fixtures.login(email, made.password);
  });

  it('never gives a password to an account that has become a member elsewhere', async () => {
    const email = t.fixtures.email();
    const id = await invitation(org, { email });
    const token = await tokenOf(ofInvitation(org.admin.api, id));
    const { admin, ...other } = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember({ ...other, admin }, { email }, {});
    await t.sql('delete from passwords where user_id = (select id from users where email = $1)', [email]);

    expect(await refusedPassword(t.api, token)).toMatchObject(NOT_FOUND);
  });

  it('returns 404 for an invitation of another organization and for one that has ended', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const foreign = await invitation(other, { email: t.fixtures.email() });
    const [revoked, expired] = [
      await invitation(org, { email: t.fixtures.email() }),
      await invitation(org, { email: t.fixtures.email() }),
    ];
    await org.admin.api.delete(`${ORG_MEMBERS}/${revoked}/pending`);
    await letExpire(t, expired);

    expect(codeOf(await ofInvitation(org.admin.api, foreign))).toBe('invitation_not_found');
    expect(codeOf(await ofInvitation(org.admin.api, revoked))).toBe('invitation_not_found');
    expect(codeOf(await ofInvitation(org.admin.api, expired))).toBe('invitation_expired');
  });

  it('is not valid any more when the invitation is sent again or its admin is demoted', async () => {
    const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const [resent, orphaned] = [
      await invitation(org, { email: t.fixtures.email() }),
      await invitation(org, { email: t.fixtures.email() }),
    ];
    const [first, second] = [
      await tokenOf(ofInvitation(org.admin.api, resent)),
      await tokenOf(ofInvitation(admin.api, orphaned)),
    ];

    await org.admin.api.post(`${ORG_MEMBERS}/${resent}/pending/resend`);
    await org.admin.api.patch(`${ORG_MEMBERS}/${admin.membershipId}`, {
      role_id: role('ORGANIZATION_OPERATOR'),
    });

    for (const token of [first, second]) expect(await refusedPassword(t.api, token)).toMatchObject(NOT_FOUND);
  });
});

describe('the list of invited people who wait for a link', () => {
  const waiting = (api: Api) => api.get(`${ORG_MEMBERS}/pending?waiting_for_link=true`);

  it('has those who can get a link and have none, and no one who has an account', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const { userId } = await t.fixtures.member(own, {});
    const former = t.fixtures.email('former');
    await t.sql('update users set email = $2 where id = $1', [userId, former]);
    await t.sql('delete from passwords where user_id = $1', [userId]);
    const account = await t.fixtures.userWithoutOrg();
    const [without, linked, expired] = [
      await invitation(own, { email: t.fixtures.email() }),
      await invitation(own, { email: t.fixtures.email() }),
      await invitation(own, { email: t.fixtures.email() }),
    ];
    await invitation(own, { email: account.email });
    const other = await t.fixtures.orgWithAdmin();
    await invitation(other, { email: former });
    await tokenOf(ofInvitation(own.admin.api, linked));
    await letExpire(t, expired);

    const { body, headers } = await waiting(own.admin.api);

    expect(body.map(({ id }: { id: string }) => id)).toEqual([without]);
    expect(headers.get('x-pagination-total')).toBe('1');
    expect((await waiting(other.admin.api)).body).toEqual([]);
    await t.sql(`update password_links set expires_at = now() where invitation_id = $1`, [linked]);
    expect((await waiting(own.admin.api)).body).toHaveLength(2);
  });

  it('is for Organization Admins only, also before the query is read', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

    for (const { api } of [operator, viewer])
      for (const value of ['true', 'false', 'maybe']) {
        const reply = await api.get(`${ORG_MEMBERS}/pending?waiting_for_link=${value}`);
        expect(reply.status).toBe(403);
        expect(codeOf(reply)).toBe('only_admins_see_who_waits');
      }
    expect((await org.admin.api.get(`${ORG_MEMBERS}/pending?waiting_for_link=maybe`)).status).toBe(422);
  });
});

it('returns 403 for a forgotten password, since there is no mail server', async () => {
  const reply = await t.api.post(LINK, { email: org.admin.email });

  expect(reply.status).toBe(403);
  expect(codeOf(reply)).toBe('mail_server_not_configured');
});

it('has no password links with single sign-on, and those from before are of no use', async () => {
  const person = await t.fixtures.member(org, {});
  const token = await tokenOf(ofMember(org.admin.api, person));
  const id = await invitation(org, { email: t.fixtures.email() });
  const sso = await SsoEnvironment.start({}, t.databaseUrl);
  try {
    const admin = await sso.signIn({ sub: 'the-admin' });
    const waiting = await admin.send('GET', `${ORG_MEMBERS}/pending?waiting_for_link=true`);
    expect(waiting).toMatchObject({ status: 200, body: [] });
    for (const reply of [
      await setPassword(sso.t.api, token),
      await sso.t.api.post(`${LINK}/check`, { token }),
      await sso.t.api.post(LINK, { email: person.email }),
      await admin.send('POST', `${ORG_MEMBERS}/${person.membershipId}/password-link`),
      await admin.send('POST', `${ORG_MEMBERS}/${id}/pending/password-link`),
    ]) {
      expect(reply.status).toBe(403);
      expect(codeOf(reply)).toBe('password_login_disabled');
    }
  } finally {
    await sso.stop();
  }
  expect((await originOf(t, person.email))?.['address_proved']).toBe(false);
});

describe('what rows say about the mail of an invitation, without a mail server', () => {
  const rowsOf = (reply: Reply) => [reply.body].flat() as Row[];
  type Row = { id: string; email: string; mail?: string | null; link_made_at?: string | null };
  const mails = (reply: Reply) => rowsOf(reply).map(({ mail }) => mail);
  /** The row of an invitation in each list that shows it. */
  const listed = async (api: Api, id: string) => {
    const lists = [
      (await api.get(`${ORG_MEMBERS}/pending`)).body,
      (await api.get(WORKSPACE_PENDING)).body,
      (await api.get(ORG_MEMBERS)).body.pending,
      (await api.get('/api/v1/workspaces/current/members')).body.pending,
      (await api.get('/v1/platform/orgs/current/members?pending_is=true')).body,
    ] as Row[][];
    const row = (rows: Row[]) => rows.find((one) => one.id === id);
    return lists.map(row).map((one) => [one?.mail, one?.link_made_at]);
  };
  const times = (value: unknown) => Array.from({ length: 4 }, () => value);
  let own: OrgWithAdmin;
  beforeAll(async () => {
    own = await t.fixtures.orgWithAdmin();
    await letWorkspaceAdminsInvite(own);
  });

  it('is not_configured in every response that invites or resends, and not_needed for a member', async () => {
    const { api } = own.admin;
    const member = await t.fixtures.member(own, {});
    const lead = await t.fixtures.member(own, { workspace: 'WORKSPACE_ADMIN' });
    const pending = t.fixtures.email();
    const one = await api.post(ORG_MEMBERS, { email: pending, workspace_ids: [own.workspaceId] });
    const rows = [t.fixtures.email(), pending, member.email].map((email) => ({ email }));
    const fromWorkspace = await lead.api.post(WORKSPACE_BATCH, [{ email: t.fixtures.email() }, rows[2]!]);
    const { id } = rowsOf(fromWorkspace)[0]!;

    expect(rowsOf(one)).toMatchObject([{ mail: 'not_configured', link_made_at: null }]);
    expect(mails(await api.post(ORG_BATCH, rows))).toEqual([
      'not_configured',
      'not_configured',
      'not_needed',
    ]);
    expect(mails(fromWorkspace)).toEqual(['not_configured', 'not_needed']);
    expect(mails(await api.post(`${ORG_MEMBERS}/${id}/pending/resend`))).toEqual(['not_configured']);
    expect(mails(await lead.api.post(`${WORKSPACE_PENDING.replace('pending', id)}/pending/resend`))).toEqual([
      'not_configured',
    ]);
  });

  it('is in lists for Organization Admins only, with the time of a link that was made', async () => {
    const id = await invitation(own, { email: t.fixtures.email(), workspace_ids: [own.workspaceId] });
    const operator = await t.fixtures.member(own, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const lead = await t.fixtures.member(own, { workspace: 'WORKSPACE_ADMIN' });

    expect((await listed(own.admin.api, id)).slice(0, 4)).toEqual(times(['not_configured', null]));
    await tokenOf(ofInvitation(own.admin.api, id));
    const madeAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(await listed(own.admin.api, id)).toEqual([
      ...times(['not_configured', madeAt]),
      ['not_configured', madeAt],
    ]);
    for (const { api } of [operator, lead]) {
      const [platform, ...rows] = (await listed(api, id)).toReversed();
      expect(platform).toEqual([undefined, undefined]);
      expect(rows).toEqual(times([null, null]));
    }
    const path = `${ORG_MEMBERS}/${id}/pending`;
    const resent = await operator.api.post(`${path}/resend`);
    expect(resent.body).toMatchObject({ mail: 'not_configured', link_made_at: null });
    const changed = { role_id: role('ORGANIZATION_VIEWER') };
    expect((await operator.api.patch(path, changed)).body).toMatchObject({ mail: null, link_made_at: null });
    expect((await own.admin.api.patch(path, changed)).body).toMatchObject({ mail: 'not_configured' });
  });

  it('no longer shows a link that was used, has expired or ended with a resend', async () => {
    const ids = [];
    for (const _ of [1, 2, 3])
      ids.push(await invitation(own, { email: t.fixtures.email(), workspace_ids: [own.workspaceId] }));
    for (const id of ids) await ofInvitation(own.admin.api, id);
    const link = 'where invitation_id = $1';
    await t.sql(`update password_links set used_at = now() ${link}`, [ids[0]]);
    await t.sql(`update password_links set expires_at = now() ${link}`, [ids[1]]);
    await own.admin.api.post(`${ORG_MEMBERS}/${ids[2]}/pending/resend`);

    for (const id of ids)
      expect((await listed(own.admin.api, id)).slice(0, 4)).toEqual(times(['not_configured', null]));
  });

  it('is not_configured after a resend, although a mail server was set up for an earlier mail', async () => {
    const id = await invitation(own, { email: t.fixtures.email() });
    await t.sql(
      `insert into mails (id, kind, invitation_id, state, settled_at)
       values (gen_random_uuid(), 'invitation-mails', $1, 'sent', now())`,
      [id],
    );

    expect((await listed(own.admin.api, id))[0]).toEqual(['queued', null]);
    const { body } = await own.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);
    expect(body).toMatchObject({ mail: 'not_configured' });
    expect((await listed(own.admin.api, id))[0]).toEqual(['not_configured', null]);
  });
});
