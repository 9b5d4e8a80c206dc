import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { onOwnConnection } from '../support/audit-log.js';
import { Scim, scimOf, userOf } from '../support/scim.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

/** People whom SCIM makes and who sign in at the same provider: `externalId` is the subject, and nothing else counts. */
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
/** Whose session it is, as the login said when it began; the last one that did. */
const me = async ({ page }: { page: { status: number } }): Promise<string | null> =>
  page.status === 302 ? (await w.logins())[0]!.user_id : null;
const setActive = (id: string, active: boolean) =>
  scim.patch(`/Users/${id}`, [{ op: 'replace', value: { active } }]);
/** The admin founds it. */
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

describe('a person whom SCIM has made', () => {
  it('is the one who signs in with that subject, whatever address the provider says, roles included', async () => {
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

  it('is out on every replica at the next request when disabled, and may sign in again when enabled', async () => {
    const bob = w.person();
    // Its operator wrote the issuer with a slash: what counts is how the provider writes it.
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
    'and is disabled in %s while a session is being opened for him has none afterwards',
    async (where) => {
      const theirs = where === 'another organization' ? await anotherOrgsScim() : scim;
      const dan = w.person();
      const { body } = await theirs.post('/Users', userOf(dan.email, { externalId: dan.sub }));
      const disable = (active: boolean) =>
        theirs.patch(`/Users/${body.id}`, [{ op: 'replace', value: { active } }]);
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
        await Promise.race([disabling, new Promise((resolve) => setTimeout(resolve, 300))]);
        await client.query('select pg_advisory_unlock(4711)');
        return Promise.all([signingIn, disabling]);
      });
      await w.t.sql('drop function wait_for_the_test cascade');
      await disable(true);

      expect(session.page.status).toBe(302);
      expect((await session.get('/api/v1/orgs/current')).status).toBe(401);
    },
  );

  it('has proved no address: without a subject, an unverified one does not open his account', async () => {
    const unverified = w.person({ email_verified: false });
    const verified = w.person();
    const id = await provision(undefined, verified.email);
    await provision(undefined, unverified.email);

    expect((await w.signIn(unverified)).page.status).toBe(403);
    expect(await me(await w.signIn(verified))).toBe(await ofUser(id));
  });

  it('gets another subject, and whoever has the old one is nobody', async () => {
    const [old, next] = [w.person(), w.person()];
    const id = await provision(old.sub, 'moving@example.com');
    const session = await w.signIn(old);

    await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'externalId', value: next.sub }]);

    expect((await session.get('/api/v1/orgs/current')).status).toBe(401);
    expect((await w.signIn(old)).page.status).toBe(403);
    expect(await me(await w.signIn(next))).toBe(await ofUser(id));
  });

  it('is nobody’s login any more without a subject, until he gets another', async () => {
    const [old, next] = [w.person({ email_verified: false }), w.person()];
    const id = await provision(old.sub, 'unlinked@example.com');
    const session = await w.signIn(old);

    await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'externalId' }]);

    expect((await session.get('/api/v1/orgs/current')).status).toBe(401);
    expect((await w.signIn(old)).page.status).toBe(403);
    await scim.patch(`/Users/${id}`, [{ op: 'add', path: 'externalId', value: next.sub }]);
    expect(await me(await w.signIn(next))).toBe(await ofUser(id));
  });

  it('who was removed by hand and is sent again is the same, and his subject is SCIM’s to change still', async () => {
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

  it('who was deleted and comes back has nothing of before', async () => {
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

describe('a person who has signed in before', () => {
  it('is found by his subject, and keeps his account', async () => {
    await w.updateOrg({ jit_provisioning_enabled: true });
    const ann = w.person();
    const before = await me(await w.signIn(ann));

    const id = await provision(ann.sub, ann.email);
    expect(await ofUser(id)).toBe(before);
    await scim.patch(`/Users/${id}`, [{ op: 'remove', path: 'externalId' }]);
    expect(await me(await w.signIn(ann))).toBe(before); // the login is not SCIM's
  });

  it('is not signed out here by another organization that takes him in by his subject, and deletes him', async () => {
    await w.updateOrg({ jit_provisioning_enabled: true });
    const [ann, theirs] = [w.person(), await anotherOrgsScim()];
    const session = await w.signIn(ann);
    const { body } = await theirs.post('/Users', userOf(ann.email, { externalId: ann.sub }));

    await theirs.delete(`/Users/${body.id}`);

    expect((await session.get('/api/v1/orgs/current')).status).toBe(200);
  });

  it('is not taken over by his address: another subject is refused, and nothing is made', async () => {
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

  it('cannot be given the subject of somebody else', async () => {
    const [ann, bob] = [w.person(), w.person()];
    await provision(ann.sub, ann.email);
    const id = await provision(bob.sub, bob.email);

    const stolen = await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'externalId', value: ann.sub }]);

    expect(stolen).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    expect(await me(await w.signIn(bob))).toBe(await ofUser(id));
  });
});

it('a person whom another organization makes at the same moment is the same one, and no conflict', async () => {
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

it('a sync while people sign in makes each of them once', async () => {
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
