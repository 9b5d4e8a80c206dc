import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { onOwnConnection } from '../support/audit-log.js';
import { Scim, scimOf, userOf } from '../support/scim.js';
import { loggedDuring } from '../support/server-host.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

/** SCIM creates users who sign in at the same provider: only `externalId` is compared, with the subject claim. */
let w: SsoEnvironment;
let scim: Scim;
beforeAll(async () => {
  w = await SsoEnvironment.start();
  scim = await scimOf(w.org.admin.api);
});
afterAll(() => w.stop());
beforeEach(() => w.updateOrg({ jit_provisioning_enabled: false }));

const provision = async (externalId: string | undefined, email: string): Promise<string> => {
  const { status, body } = await scim.post('/Users', userOf(email, { externalId }));
  if (status !== 201) throw new Error(`creating a user: ${status} ${JSON.stringify(body)}`);
  return body.id;
};
const ofUser = async (scimUserId: string) =>
  (
    await w.t.sql<{ userId: string }>('select user_id as "userId" from scim_users where id = $1', [
      scimUserId,
    ])
  )[0]!.userId;
/** The user of the session, or null: read from the audit entry of the latest login. */
const me = async ({ page }: { page: { status: number } }): Promise<string | null> =>
  page.status === 302 ? (await w.logins())[0]!.user_id : null;
const setActive = (id: string, active: boolean) =>
  scim.patch(`/Users/${id}`, [{ op: 'replace', value: { active } }]);
/** The SCIM client of another organization, which the admin has created. */
async function anotherOrgsScim(): Promise<Scim> {
  const { headers } = await w.signIn({ sub: 'the-admin' });
  const founding = { display_name: 'Other', is_personal: false };
  const { body: org } = await w.t.api.send('POST', '/api/v1/orgs', founding, { headers });
  const { body } = await w.t.api.send(
    'POST',
    '/v1/platform/orgs/current/scim/tokens',
    {},
    {
      headers: { ...headers, 'x-organization-id': org.id },
    },
  );
  return new Scim(w.t.url, body.token);
}
const SUBJECT_OF_ANOTHER = {
  status: 409,
  body: { scimType: 'uniqueness', detail: expect.stringContaining('externalId') },
};

describe('a user whom SCIM has created', () => {
  it('a SCIM user signs in with the subject of externalId, whatever address the provider states, and has the roles of SCIM', async () => {
    const ada = w.person();
    const id = await provision(ada.sub, 'ada.at.scim@example.com');
    await scim.post('/Groups', {
      displayName: 'LS:Organization Viewer:Workspace 1:Viewer',
      members: [{ value: id }],
    });

    const session = await w.signIn(ada);

    expect(await me(session)).toBe(await ofUser(id));
    expect((await session.get('/api/v1/workspaces')).body).toMatchObject([{ role_name: 'Viewer' }]);
    expect(await w.workspaceRolesOf('ada.at.scim@example.com')).toEqual([
      { workspace: null, role: 'Organization Viewer', source: 'scim' },
      { workspace: 'Workspace 1', role: 'Viewer', source: 'scim' },
    ]);
    expect(await w.workspaceRolesOf(ada.email)).toEqual([]);
  });

  it('a SCIM user loses access on every replica at the next request when disabled, and may sign in again when enabled', async () => {
    const bob = w.person();
    // Its operator configured the issuer with a trailing slash: the form in the provider's metadata counts.
    const replica = await w.replica({ OAUTH_ISSUER_URL: `${w.idp.issuer}/` });
    const { body } = await new Scim(replica.t.url, scim.token).post(
      '/Users',
      userOf(bob.email, { externalId: bob.sub }),
    );
    const { id } = body;
    const session = await w.signIn(bob);
    expect(await me(session)).toBe(await ofUser(id));

    await setActive(id, false);

    expect((await session.get('/api/v1/orgs/current')).status).toBe(401);
    expect((await replica.t.api.get('/api/v1/orgs/current', { headers: session.headers })).status).toBe(401);
    expect((await w.signIn(bob)).page.status).toBe(403);
    await setActive(id, true);
    expect((await (await w.signIn(bob)).get('/api/v1/orgs/current')).status).toBe(200);
    await replica.t.close();
    await replica.idp.stop();
  });

  it.each(['the default organization', 'another organization'])(
    'a SCIM user has no session after being disabled in %s while the session is created',
    async (where) => {
      const scimThere = where === 'another organization' ? await anotherOrgsScim() : scim;
      const dan = w.person();
      const { body } = await scimThere.post('/Users', userOf(dan.email, { externalId: dan.sub }));
      const disable = (active: boolean) =>
        scimThere.patch(`/Users/${body.id}`, [{ op: 'replace', value: { active } }]);
      await w.t.sql(`
        create function wait_for_the_test() returns trigger language plpgsql as
          $$ begin perform pg_advisory_xact_lock_shared(4711); return new; end $$;
        create trigger wait_for_the_test before insert on sessions
          for each row execute function wait_for_the_test()`);

      const [session] = await onOwnConnection(w.t, async (client) => {
        await client.query('select pg_advisory_lock(4711)');
        const signingIn = w.signIn(dan);
        await waitForBlockedQuery(w.t);
        const disabling = disable(false);
        await Promise.race([disabling, untilOthersWait(w.t)]);
        await client.query('select pg_advisory_unlock(4711)');
        return Promise.all([signingIn, disabling]);
      });
      await w.t.sql('drop function wait_for_the_test cascade');
      await disable(true);

      expect(session.page.status).toBe(302);
      expect((await session.get('/api/v1/orgs/current')).status).toBe(401);
    },
  );

  it('a SCIM user without a subject signs in only by a verified e-mail: SCIM verifies no address', async () => {
    const unverified = w.person({ email_verified: false });
    const verified = w.person();
    const id = await provision(undefined, verified.email);
    await provision(undefined, unverified.email);

    expect((await w.signIn(unverified)).page.status).toBe(403);
    expect(await me(await w.signIn(verified))).toBe(await ofUser(id));
  });

  it('a SCIM user whose externalId is not the subject gets a page and a log line that name the mapping', async () => {
    const person = w.person();
    const id = await provision('an id of the directory', person.email);
    let login: Awaited<ReturnType<SsoEnvironment['signIn']>> | undefined;

    const log = await loggedDuring(async () => (login = await w.signIn(person)));

    expect(login!.page).toMatchObject({ status: 403 });
    expect(login!.page.body).toContain('scim_subject_mismatch');
    expect(login!.message).toMatch(/externalId.*Ask the administrators of your identity provider/);
    expect(log).toMatch(/scim_subject_mismatch.*externalId.*sub.*docs\/scim\.md/);
    expect((await w.logins())[0]).toMatchObject({
      succeeded: false,
      details: { refusal: 'scim_subject_mismatch', account_id: await ofUser(id) },
    });
    await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'externalId', value: person.sub }]);
    expect(await me(await w.signIn(person))).toBe(await ofUser(id));
    const other = w.person({ email: person.email });
    expect((await w.signIn(other)).page.body).toContain('account_has_another_login');
  });

  it('a SCIM user gets another subject, and the old one signs in to no account', async () => {
    const [old, next] = [w.person(), w.person()];
    const id = await provision(old.sub, 'moving@example.com');
    const session = await w.signIn(old);

    await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'externalId', value: next.sub }]);

    expect((await session.get('/api/v1/orgs/current')).status).toBe(401);
    expect((await w.signIn(old)).page.status).toBe(403);
    expect(await me(await w.signIn(next))).toBe(await ofUser(id));
  });

  it('a SCIM user cannot sign in without a subject until they get another', async () => {
    const [old, next] = [w.person({ email_verified: false }), w.person()];
    const id = await provision(old.sub, 'unlinked@example.com');
    const session = await w.signIn(old);

    await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'externalId' }]);

    expect((await session.get('/api/v1/orgs/current')).status).toBe(401);
    expect((await w.signIn(old)).page.status).toBe(403);
    await scim.patch(`/Users/${id}`, [{ op: 'add', path: 'externalId', value: next.sub }]);
    expect(await me(await w.signIn(next))).toBe(await ofUser(id));
  });

  it('a SCIM user keeps the account when sent again after removal by hand, and SCIM may still change the subject', async () => {
    const [old, next] = [w.person(), w.person()];
    const account = await ofUser(await provision(old.sub, 'back@example.com'));
    const [{ id: membership }] = (await w.t.sql('select id from org_memberships where user_id = $1', [
      account,
    ])) as [{ id: string }];
    await w.org.admin.api.delete(`/api/v1/orgs/current/members/${membership}`);

    const again = await provision(old.sub, 'back@example.com');
    await scim.patch(`/Users/${again}`, [{ op: 'replace', path: 'externalId', value: next.sub }]);

    expect(await ofUser(again)).toBe(account);
    expect((await w.signIn(old)).page.status).toBe(403);
    expect(await me(await w.signIn(next))).toBe(account);
  });

  it('a SCIM user has no roles or sessions of before when created again after deletion', async () => {
    const eve = w.person();
    const first = await ofUser(await provision(eve.sub, eve.email));
    await w.signIn(eve);
    const { id } = await scim.findOne('Users', `externalId eq "${eve.sub}"`);

    await scim.delete(`/Users/${id}`);

    expect((await w.signIn(eve)).page.status).toBe(403);
    const again = await provision(eve.sub, eve.email);
    expect(await ofUser(again)).not.toBe(first);
    expect(await me(await w.signIn(eve))).toBe(await ofUser(again));
  });
});

describe('a user who has signed in before SCIM sends them', () => {
  it('a user with a login is found by the subject and keeps the account', async () => {
    await w.updateOrg({ jit_provisioning_enabled: true });
    const ann = w.person();
    const before = await me(await w.signIn(ann));

    const id = await provision(ann.sub, ann.email);
    expect(await ofUser(id)).toBe(before);
    await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'externalId' }]);
    expect(await me(await w.signIn(ann))).toBe(before); // the login method was not created by SCIM
  });

  it('a user with a login stays signed in when another organization adds them by their subject and deletes them', async () => {
    await w.updateOrg({ jit_provisioning_enabled: true });
    const [ann, otherScim] = [w.person(), await anotherOrgsScim()];
    const session = await w.signIn(ann);
    const { body } = await otherScim.post('/Users', userOf(ann.email, { externalId: ann.sub }));

    await otherScim.delete(`/Users/${body.id}`);

    expect((await session.get('/api/v1/orgs/current')).status).toBe(200);
  });

  it('a user with a login is not matched by address: another subject returns 409 and creates nothing', async () => {
    await w.updateOrg({ jit_provisioning_enabled: true });
    const [ann, thief] = [w.person(), w.person()];
    const account = await me(await w.signIn(ann));

    expect(await scim.post('/Users', userOf(ann.email, { externalId: thief.sub }))).toMatchObject(
      SUBJECT_OF_ANOTHER,
    );
    await w.updateOrg({ jit_provisioning_enabled: false });
    expect((await w.signIn(thief)).page.status).toBe(403);
    expect(await me(await w.signIn(ann))).toBe(account);
  });

  it('a user with a login cannot be given the subject of another user', async () => {
    const [ann, bob] = [w.person(), w.person()];
    await provision(ann.sub, ann.email);
    const id = await provision(bob.sub, bob.email);

    const stolen = await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'externalId', value: ann.sub }]);

    expect(stolen).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    expect(await me(await w.signIn(bob))).toBe(await ofUser(id));
  });

  it('a user is disabled by a request with the subject of another login, and keeps their own', async () => {
    await w.updateOrg({ jit_provisioning_enabled: true });
    const [ann, bob] = [w.person(), w.person()];
    await w.signIn(ann);
    const id = await provision(bob.sub, bob.email);
    const take = { op: 'replace', path: 'externalId', value: ann.sub };

    expect(await scim.patch(`/Users/${id}`, [take])).toMatchObject({ status: 409 });
    expect(
      await scim.patch(`/Users/${id}`, [take, { op: 'replace', path: 'active', value: false }]),
    ).toMatchObject({ status: 200, body: { active: false, externalId: bob.sub } });
  });
});

it('creates one account for a user whom two organizations send at the same moment, without a conflict', async () => {
  const eve = w.person();
  const userId = randomUUID();

  const { status } = await onOwnConnection(w.t, async (client) => {
    await client.query('begin');
    await client.query('insert into users (id, email) values ($1, $2)', [userId, eve.email]);
    await client.query(
      `insert into login_methods (id, user_id, provider, issuer, subject, provisioning_method)
       values (gen_random_uuid(), $1, 'custom-oidc', $2, $3, 'scim')`,
      [userId, w.idp.issuer, eve.sub],
    );
    const made = scim.post('/Users', userOf(eve.email, { externalId: eve.sub }));
    await waitForBlockedQuery(w.t);
    await client.query('commit');
    return made;
  });

  expect(status).toBe(201);
  expect(await me(await w.signIn(eve))).toBe(userId);
});

it('creates one account per user when users sign in during a sync', async () => {
  await w.updateOrg({ jit_provisioning_enabled: true });
  const people = Array.from({ length: 6 }, () => w.person());

  const synced = people.map(({ sub, email }) => provision(sub, email));
  const sessions = await Promise.all(people.map((person) => w.signIn(person)));
  const ids = await Promise.all(synced);

  expect(sessions.map(({ page }) => page.status)).toEqual(people.map(() => 302));
  for (const [index, { sub }] of people.entries()) {
    const owners = await w.t.sql('select user_id as id from login_methods where subject = $1', [sub]);
    expect(owners).toEqual([{ id: await ofUser(ids[index]!) }]);
  }
});
