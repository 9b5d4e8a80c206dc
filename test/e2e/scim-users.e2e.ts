import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, letExpire } from '../support/invitations.js';
import { ENTERPRISE, listOf, Scim, scimError, scimOf, USER, userOf } from '../support/scim.js';
import { columnsContaining } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

const create = async (more: object = {}, by = scim) => {
  const { status, body } = await by.post('/Users', userOf(t.fixtures.email(), more));
  if (status !== 201) throw new Error(`creating a user: ${status} ${JSON.stringify(body)}`);
  return body;
};
const membership = async (email: string, orgId = org.orgId) =>
  (
    await t.sql<{ userId: string; isDisabled: boolean; source: string; roleId: string }>(
      `select m.user_id as "userId", m.is_disabled as "isDisabled", m.source, m.role_id as "roleId"
       from org_memberships m join users u on u.id = m.user_id where m.org_id = $1 and u.email = $2`,
      [orgId, email],
    )
  )[0];

describe('the number of SCIM users in a list', () => {
  const totals = async (by: Scim) => {
    const total = async (filter: string) =>
      (await by.get(`/Users?count=1${filter && `&filter=${encodeURIComponent(filter)}`}`)).body.totalResults;
    return {
      all: await total(''),
      active: await total('active eq true'),
      inactive: await total('active eq false'),
    };
  };

  it('follows users who are created, deactivated, deleted over SCIM, and removed as members', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const by = await scimOf(own.admin.api);
    const [kept, deleted, removed] = [await create({}, by), await create({}, by), await create({}, by)];
    await by.patch(`/Users/${kept.id}`, [{ op: 'replace', path: 'active', value: false }]);
    const before = await totals(by);

    await by.delete(`/Users/${deleted.id}`);
    await t.sql(`delete from org_memberships m using users u where u.id = m.user_id and u.email = $1`, [
      removed.userName.toLowerCase(),
    ]);

    expect(before).toEqual({ all: 3, active: 2, inactive: 1 });
    expect(await totals(by)).toEqual({ all: 1, active: 0, inactive: 1 });
  });
});

describe('a SCIM user', () => {
  it('a SCIM user is created as sent and returned with the attributes that the service assigns', async () => {
    const email = t.fixtures.email('Jane');
    const sent = userOf(email, {
      [ENTERPRISE]: { department: 'D' },
      schemas: [USER, ENTERPRISE],
      title: 'T',
    });

    const made = await scim.post('/Users', sent, { headers: { 'content-type': 'application/json' } });
    const read = await scim.get(`/Users/${made.body.id}`);

    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...sent,
      id: expect.any(String),
      groups: [],
      meta: {
        resourceType: 'User',
        created: expect.any(String),
        lastModified: made.body.meta.created,
        location: `${t.url}/scim/v2/Users/${made.body.id}`,
        version: 'W/"1"',
      },
    });
    expect(made.headers.get('location')).toBe(made.body.meta.location);
    expect(read).toMatchObject({ status: 200, body: made.body });
    expect(read.headers.get('etag')).toBe('W/"1"');
    expect(await membership(email.toLowerCase())).toMatchObject({
      isDisabled: false,
      source: 'scim',
      roleId: role('ORGANIZATION_USER'),
    });
  });

  it('a SCIM user has no externalId when none was sent', async () => {
    const email = t.fixtures.email();
    const made = await scim.post('/Users', { userName: email, emails: [{ value: email }] });

    expect(made.body).toMatchObject({ userName: email, active: true });
    expect(made.body).not.toHaveProperty('externalId');
  });

  it('a SCIM user is unique by name in any case, by externalId and by account', async () => {
    const { userName, externalId } = await create();
    const other = t.fixtures.email();

    for (const taken of [
      { userName: userName.toUpperCase() },
      { externalId },
      userOf(userName, { userName: 'other', externalId: 'other' }),
    ])
      expect(await scim.post('/Users', userOf(other, taken))).toMatchObject(scimError(409, 'uniqueness'));
    expect(await membership(other)).toBeUndefined();
  });

  it('a SCIM user ignores a password and never returns one', async () => {
    const { userName } = await create({ password: 'Secret-Secret-Secret' });

    expect(await columnsContaining(t.sql, 'Secret-Secret-Secret')).toEqual([]);
    await expect(t.fixtures.login(userName, 'Secret-Secret-Secret')).rejects.toThrow('401');
  });

  it('a SCIM user is replaced as a whole by PUT, except for active when it is absent', async () => {
    const made = await create({ nickName: 'N', active: false });
    const { userName, externalId } = made;

    const replaced = await scim.put(`/Users/${made.id}`, {
      userName,
      externalId,
      emails: made.emails,
      name: { familyName: 'Other' },
    });

    expect(replaced).toMatchObject({ status: 200, body: { name: { familyName: 'Other' }, active: false } });
    expect(replaced.body).not.toHaveProperty('nickName');
    expect(replaced.body.meta.version).toBe('W/"2"');
  });

  it('a SCIM user is not written when a request contains only its current values', async () => {
    const made = await create();
    const { id } = made;

    const put = await scim.put(`/Users/${id}`, made);
    const patched = await scim.patch(`/Users/${id}`, [
      { op: 'Replace', path: 'active', value: 'True' },
      { op: 'Remove', path: 'title' },
    ]);

    expect(put).toMatchObject({ status: 200, body: made });
    expect(patched).toMatchObject({ status: 200, body: made });
    expect(await auditOf(t, org.orgId, ['update_scim_user'])).not.toContainEqual(
      expect.objectContaining({ resourceIds: expect.arrayContaining([id]) }),
    );
  });

  it('a SCIM user is changed by all operations of a PATCH or by none', async () => {
    const { id, userName } = await create();
    const { userName: taken } = await create();
    const [rename, steal] = [
      { op: 'replace', path: 'displayName', value: 'New' },
      { op: 'replace', path: 'userName', value: taken },
    ];

    expect(await scim.patch(`/Users/${id}`, [rename, { op: 'add', path: 'nope', value: 1 }])).toMatchObject(
      scimError(400, 'invalidPath'),
    );
    expect(await scim.patch(`/Users/${id}`, [rename, steal])).toMatchObject(scimError(409, 'uniqueness'));
    expect((await scim.get(`/Users/${id}`)).body).toMatchObject({ userName, meta: { version: 'W/"1"' } });
    expect((await scim.patch(`/Users/${id}`, [rename])).body).toMatchObject({ displayName: 'New' });
  });

  it.each(['\ud800', 'q\udc00', 'a\0'])(
    'returns invalidValue for the text %j, which PostgreSQL cannot store',
    async (text) => {
      const { id, userName } = await create();
      const set = (path: string) => scim.patch(`/Users/${id}`, [{ op: 'replace', path, value: text }]);
      const operation = {
        method: 'POST',
        path: '/Users',
        bulkId: 'a',
        data: userOf(t.fixtures.email(), { title: text }),
      };
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];

      for (const name of ['userName', 'title', 'externalId'])
        expect(await scim.post('/Users', userOf(t.fixtures.email(), { [name]: text }))).toMatchObject(
          scimError(400, 'invalidValue'),
        );
      for (const path of ['userName', 'title', 'externalId', 'name.givenName'])
        expect(await set(path)).toMatchObject(scimError(400, 'invalidValue'));
      expect(await scim.post('/Groups', { displayName: text })).toMatchObject(scimError(400, 'invalidValue'));
      expect((await scim.post('/Bulk', { schemas, Operations: [operation] })).body.Operations).toMatchObject([
        { status: '400' },
      ]);
      expect((await scim.get(`/Users/${id}`)).body).toMatchObject({ userName, meta: { version: 'W/"1"' } });
    },
  );

  it('a SCIM user is protected by its version', async () => {
    const { id } = await create();
    const rename = (value: string, version: string) =>
      scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'displayName', value }], {
        headers: { 'if-match': version },
      });
    const get = (version: string) => scim.get(`/Users/${id}`, { headers: { 'if-none-match': version } });

    expect((await rename('A', 'W/"1"')).headers.get('etag')).toBe('W/"2"');
    expect(await rename('B', 'W/"1"')).toMatchObject(scimError(412));
    expect(await scim.delete(`/Users/${id}`, { headers: { 'if-match': 'W/"1"' } })).toMatchObject(
      scimError(412),
    );
    expect((await get('W/"2"')).status).toBe(304);
    expect((await get('W/"1"')).status).toBe(200);
    expect((await rename('B', '*')).status).toBe(200);
  });

  it('a SCIM user is returned with the requested attributes only', async () => {
    const { id, userName } = await create();

    expect((await scim.get(`/Users/${id}?attributes=userName`)).body).toEqual({
      schemas: [USER],
      id,
      userName,
    });
    expect((await scim.get(`/Users/${id}?excludedAttributes=groups,meta`)).body).not.toHaveProperty('meta');
    expect((await scim.put(`/Users/${id}?attributes=id`, userOf(userName))).body).toEqual({
      schemas: [USER],
      id,
    });
    expect(await scim.get(`/Users/${id}?attributes=a&excludedAttributes=b`)).toMatchObject(scimError(400));
  });

  it.each(['attributes=userName', 'excludedAttributes=meta', 'attributes=meta.created'])(
    'a SCIM user is returned with location and version when the query is %s',
    async (wish) => {
      const made = await scim.post(`/Users?${wish}`, userOf(t.fixtures.email()));
      const { id } = made.body;
      const location = expect.stringMatching(new RegExp(`/scim/v2/Users/${id}$`));

      expect(made.status).toBe(201);
      expect(made.headers.get('location')).toEqual(location);
      expect(made.headers.get('etag')).toBe('W/"1"');
      const known = { headers: { 'if-none-match': 'W/"1"' } };
      expect((await scim.get(`/Users/${id}?${wish}`, known)).status).toBe(304);
      const group = await scim.post(`/Groups?${wish}`, { displayName: wish });
      expect(group.headers.get('location')).toMatch(new RegExp(`/scim/v2/Groups/${group.body.id}$`));
    },
  );
});

describe('the account and memberships of a SCIM user', () => {
  it('a disabled user loses sessions, tokens and pending invitations at once, and has access again when enabled', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const record = (await scim.post('/Users', userOf(person.email))).body;
    const { key } = (await person.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body;
    const second = t.fixtures.email();
    await org.admin.api.post('/api/v1/orgs/current/members', { email: second });
    await scim.patch(`/Users/${record.id}`, [
      { op: 'add', path: 'emails', value: [{ type: 'home', value: second }] },
    ]);

    await scim.patch(`/Users/${record.id}`, [{ op: 'Replace', path: 'active', value: 'False' }]);

    expect(await membership(person.email)).toMatchObject({ isDisabled: true, source: 'manual' });
    expect((await person.api.get('/api/v1/orgs/current')).status).toBe(401);
    expect((await t.api.as({ key }).get('/api/v1/orgs/current')).status).toBe(401);
    expect((await org.admin.api.get('/api/v1/orgs/current/members')).body.pending).not.toContainEqual(
      expect.objectContaining({ email: second }),
    );

    expect(
      (await scim.patch(`/Users/${record.id}`, [{ op: 'replace', value: { active: true } }])).body.active,
    ).toBe(true);
    const token = await t.fixtures.login(person.email, person.password);
    expect((await t.api.as({ token }).get('/api/v1/orgs/current')).status).toBe(200);
    expect((await t.api.as({ key }).get('/api/v1/orgs/current')).status).toBe(200);
  });

  it('a deleted user is removed from the organization, and is a new user when created again', async () => {
    const made = await create();
    const before = await membership(made.userName);

    expect((await scim.delete(`/Users/${made.id}`)).status).toBe(204);
    expect(await scim.get(`/Users/${made.id}`)).toMatchObject(scimError(404));
    expect(await scim.delete(`/Users/${made.id}`)).toMatchObject(scimError(404));
    expect(await membership(made.userName)).toBeUndefined();

    const again = await scim.post('/Users', userOf(made.userName, { externalId: made.externalId }));
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(made.id);
    expect((await membership(made.userName))!.userId).not.toBe(before!.userId);
  });

  it('a deleted user keeps the account, but not a password that proves no address', async () => {
    const person = await t.fixtures.member(org, {});
    const { body } = await scim.post('/Users', userOf(person.email));

    await scim.delete(`/Users/${body.id}`);

    expect((await person.api.get('/api/v1/orgs/current')).status).toBe(401);
    await expect(t.fixtures.login(person.email, person.password)).rejects.toThrow('401');
    expect(await t.sql('select from users where id = $1', [person.userId])).toHaveLength(1);
  });

  it('the last admin cannot be disabled or deleted, and the attempt is audited', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const own = await scimOf(other.admin.api);
    const { id } = (await own.post('/Users', userOf(other.admin.email))).body;

    const disabled = await own.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]);
    const deleted = await own.delete(`/Users/${id}`);

    expect(disabled).toMatchObject(scimError(409));
    expect(disabled.headers.get('x-should-retry')).toBe('false');
    expect(deleted).toMatchObject(scimError(409));
    expect((await own.get(`/Users/${id}`)).body).toMatchObject({ active: true, meta: { version: 'W/"1"' } });
    expect((await other.admin.api.get('/api/v1/orgs/current')).status).toBe(200);
    expect(await auditOf(t, other.orgId, ['update_scim_user', 'delete_scim_user'])).toMatchObject([
      { succeeded: false, responseStatus: 409 },
      { succeeded: false, responseStatus: 409 },
    ]);
  });

  it('a refused request says why in the audit log, without a value of it', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const own = await scimOf(other.admin.api);
    const user = userOf(t.fixtures.email());
    const { id } = (await own.post('/Users', user)).body;

    await own.post('/Users', user);
    await own.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: 'perhaps' }]);
    await own.delete(`/Users/${randomUUID()}`);

    const rows = await t.sql(
      `select operation, details - 'request_id' as details from audit_entries
       where org_id = $1 and not succeeded and operation like '%scim_user' order by position`,
      [other.orgId],
    );
    expect(rows).toEqual([
      { operation: 'create_scim_user', details: { code: 'scim_uniqueness', scimType: 'uniqueness' } },
      { operation: 'update_scim_user', details: { code: 'scim_invalid_value', scimType: 'invalidValue' } },
      { operation: 'delete_scim_user', details: { code: 'scim_resource_not_found' } },
    ]);
  });

  it('one of two admins at most is removed or demoted, however many requests are sent at once', async () => {
    for (let round = 0; round < 3; round++) {
      const other = await t.fixtures.orgWithAdmin();
      const own = await scimOf(other.admin.api);
      const second = await t.fixtures.member(other, { org: 'ORGANIZATION_ADMIN' });
      const [a, b] = [
        (await own.post('/Users', userOf(other.admin.email))).body.id,
        (await own.post('/Users', userOf(second.email))).body.id,
      ];

      await Promise.all([
        own.patch(`/Users/${a}`, [{ op: 'replace', path: 'active', value: false }]),
        own.delete(`/Users/${b}`),
        other.admin.api.delete(`/api/v1/orgs/current/members/${second.membershipId}`),
        own.put(`/Users/${a}`, userOf(other.admin.email, { active: false })),
        own.post('/Groups', { displayName: 'Organization User:Workspace 1:Viewer', members: [{ value: a }] }),
      ]);

      const admins = await t.sql(
        'select from org_memberships where org_id = $1 and role_id = $2 and not is_disabled',
        [other.orgId, role('ORGANIZATION_ADMIN')],
      );
      expect(admins).toHaveLength(1);
    }
  });

  it('a SCIM user takes one seat of the organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const own = await scimOf(other.admin.api);
    await t.sql('update organizations set max_identities = 2 where id = $1', [other.orgId]);
    await create({}, own);

    const attempts = await Promise.all(
      Array.from({ length: 5 }, () => own.post('/Users', userOf(t.fixtures.email()))),
    );

    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(attempts[0]).toMatchObject({ body: { status: '403', detail: expect.stringContaining('seats') } });
    expect((await own.get('/Users')).body.totalResults).toBe(1);
  });

  describe('a SCIM user with a pending invitation', () => {
    const pendingOf = ({ orgId }: OrgWithAdmin, email: string) =>
      t.sql(`select from invitations where org_id = $1 and email = $2 and status = 'pending'`, [
        orgId,
        email,
      ]);
    const invited = async (own: OrgWithAdmin, email: string) => {
      const id = await invitation(own, {
        email,
        role_id: role('ORGANIZATION_ADMIN'),
        workspace_ids: [own.workspaceId],
      });
      return { id, scim: await scimOf(own.admin.api) };
    };
    const seatsOf = async ({ orgId }: OrgWithAdmin) =>
      (await t.sql('select members, pending from headcounts where org_id = $1', [orgId]))[0];
    const placesIn = ({ orgId }: OrgWithAdmin) =>
      t.sql(`select source from workspace_memberships where org_id = $1 and source = 'invitation'`, [orgId]);

    it('an invited user keeps one seat and gets nothing of the invitation while the address is unverified', async () => {
      const own = await t.fixtures.orgWithAdmin();
      const email = t.fixtures.email();
      await t.sql('update organizations set max_identities = 2 where id = $1', [own.orgId]);
      const { id, scim: ownScim } = await invited(own, email);

      expect((await ownScim.post('/Users', userOf(email))).status).toBe(201);

      expect(await pendingOf(own, email)).toEqual([]);
      expect(await seatsOf(own)).toEqual({ members: 2, pending: 0 });
      expect(await membership(email, own.orgId)).toMatchObject({
        source: 'scim',
        roleId: role('ORGANIZATION_USER'),
      });
      expect(await placesIn(own)).toEqual([]);
      expect(
        await t.sql(
          `select details - 'request_id' as details from audit_entries where org_id = $1 and operation = 'create_scim_user'`,
          [own.orgId],
        ),
      ).toEqual([
        { details: { invitation_id: id, invitation: 'revoked', org_members_added: expect.any(Object) } },
      ]);
      expect((await ownScim.post('/Users', userOf(t.fixtures.email()))).status).toBe(403);
    });

    it('an invited user gets the roles of the invitation when the address is verified, as if they had accepted it', async () => {
      const own = await t.fixtures.orgWithAdmin();
      const { email } = await t.fixtures.userWithoutOrg();
      const { scim: ownScim } = await invited(own, email);

      expect((await ownScim.post('/Users', userOf(email))).status).toBe(201);

      expect(await pendingOf(own, email)).toEqual([]);
      expect(await seatsOf(own)).toEqual({ members: 2, pending: 0 });
      expect(await membership(email, own.orgId)).toMatchObject({
        source: 'invitation',
        roleId: role('ORGANIZATION_ADMIN'),
      });
      expect(await placesIn(own)).toHaveLength(1);
    });

    it('a user loses the invitation to an address that SCIM assigns later', async () => {
      const own = await t.fixtures.orgWithAdmin();
      const email = t.fixtures.email();
      const { id, scim: ownScim } = await invited(own, email);
      const { body } = await ownScim.post('/Users', userOf(t.fixtures.email('before')));

      await ownScim.patch(`/Users/${body.id}`, [
        { op: 'replace', path: 'emails[type eq "work"].value', value: email },
      ]);

      expect(await pendingOf(own, email)).toEqual([]);
      expect(await seatsOf(own)).toEqual({ members: 2, pending: 0 });
      expect(
        await t.sql(
          `select details->'revoked_invitation_ids' as revoked from audit_entries
           where org_id = $1 and operation = 'update_scim_user'`,
          [own.orgId],
        ),
      ).toEqual([{ revoked: [id] }]);
    });

    it('an invited user gets nothing of an expired invitation', async () => {
      const own = await t.fixtures.orgWithAdmin();
      const { email } = await t.fixtures.userWithoutOrg();
      const { id, scim: ownScim } = await invited(own, email);
      await letExpire(t, id);

      await ownScim.post('/Users', userOf(email));

      expect(await pendingOf(own, email)).toEqual([]);
      expect(await membership(email, own.orgId)).toMatchObject({ source: 'scim' });
    });

    it('an invited user gets nothing of the invitation while invitations are switched off', async () => {
      const own = await t.fixtures.orgWithAdmin();
      const { email } = await t.fixtures.userWithoutOrg();
      const { scim: ownScim } = await invited(own, email);
      await own.admin.api.patch('/api/v1/orgs/current/info', { invites_enabled: false });

      expect((await ownScim.post('/Users', userOf(email))).status).toBe(201);

      expect(await pendingOf(own, email)).toEqual([]);
      expect(await membership(email, own.orgId)).toMatchObject({
        source: 'scim',
        roleId: role('ORGANIZATION_USER'),
      });
      expect(await placesIn(own)).toEqual([]);
    });

    it.each(['deleted', 'disabled'])(
      'a user loses the invitation to the address of their account, which SCIM does not know, when %s',
      async (end) => {
        const own = await t.fixtures.orgWithAdmin();
        const ownScim = await scimOf(own.admin.api);
        const person = await t.fixtures.member(own, {});
        const { id } = (await ownScim.post('/Users', userOf(person.email))).body;
        await ownScim.put(`/Users/${id}`, userOf(t.fixtures.email('other')));
        const [offer] = await t.sql<{ id: string }>(
          `insert into invitations (id, org_id, email, org_role_id, from_workspace)
           values (gen_random_uuid(), $1, $2, $3, false) returning id`,
          [own.orgId, person.email, role('ORGANIZATION_ADMIN')],
        );

        if (end === 'deleted') await ownScim.delete(`/Users/${id}`);
        else await ownScim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]);

        expect(await pendingOf(own, person.email)).toEqual([]);
        const named = `select operation from audit_entries where details->'revoked_invitation_ids' ? $1`;
        expect(await t.sql(named, [offer!.id])).toEqual([
          { operation: end === 'deleted' ? 'delete_scim_user' : 'update_scim_user' },
        ]);
      },
    );
  });

  it('an invited user is created once, however many times they are sent at the same moment', async () => {
    const user = userOf(t.fixtures.email());

    const replies = await Promise.all(Array.from({ length: 8 }, () => scim.post('/Users', user)));

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(7);
    expect((await scim.get(`/Users${listOf(`userName eq "${user.userName}"`)}`)).body.totalResults).toBe(1);
  });
});

describe('the SCIM client of another organization', () => {
  it('a foreign SCIM client neither sees nor changes the SCIM users of this organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const foreign = await scimOf(other.admin.api);
    const { id, userName, externalId } = await create();

    for (const reply of [
      await foreign.get(`/Users/${id}`),
      await foreign.put(`/Users/${id}`, userOf(userName)),
      await foreign.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]),
      await foreign.delete(`/Users/${id}`),
      await foreign.get('/Users/1'),
      await foreign.get(`/Users/${randomUUID()}`),
    ])
      expect(reply).toMatchObject(scimError(404));
    for (const filter of [
      `id eq "${id}"`,
      `userName eq "${userName}"`,
      `externalId eq "${externalId}"`,
      'userName pr or active eq true',
    ])
      expect((await foreign.get(`/Users${listOf(filter)}`)).body).toMatchObject({
        totalResults: 0,
        Resources: [],
      });
    expect((await scim.get(`/Users/${id}`)).body.active).toBe(true);
  });

  it.each(['disables', 'deletes'])(
    'a foreign SCIM client does not end the sessions of an admin here when it adds and then %s them',
    async (how) => {
      const own = await t.fixtures.orgWithAdmin();
      const foreign = await scimOf(own.admin.api);
      const victim = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
      const { id } = (await foreign.post('/Users', userOf(victim.email))).body;

      if (how === 'deletes') await foreign.delete(`/Users/${id}`);
      else await foreign.patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }]);

      expect((await victim.api.get('/api/v1/orgs/current')).status).toBe(200);
      expect((await victim.api.as({ orgId: own.orgId }).get('/api/v1/orgs/current')).status).toBe(403);
    },
  );

  it('an account is kept that another organization adds while SCIM deletes its user here', async () => {
    const made = await create();
    const { userId } = (await membership(made.userName))!;
    const other = await t.fixtures.orgWithAdmin();

    await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query(
        `insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
         values (gen_random_uuid(), $1, $2, $3, 'manual', 'unknown')`,
        [other.orgId, userId, role('ORGANIZATION_USER')],
      );
      const removal = scim.delete(`/Users/${made.id}`);
      await waitForBlockedQuery(t);
      await client.query('commit');
      expect((await removal).status).toBe(204);
    });

    expect(await t.sql('select org_id from org_memberships where user_id = $1', [userId])).toEqual([
      { org_id: other.orgId },
    ]);
  });

  it('a foreign SCIM client does not change the address and the name of an account that both organizations share', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const foreign = await scimOf(other.admin.api);
    const person = await t.fixtures.member(org, {});
    const { id } = (await foreign.post('/Users', userOf(person.email))).body;

    await foreign.patch(`/Users/${id}`, [
      { op: 'replace', path: 'emails[type eq "work"].value', value: t.fixtures.email('stolen') },
      { op: 'replace', path: 'displayName', value: 'Stolen' },
      { op: 'replace', path: 'externalId', value: 'stolen' },
    ]);
    await foreign.delete(`/Users/${id}`);

    expect(await t.sql('select email, full_name from users where id = $1', [person.userId])).toEqual([
      { email: person.email, full_name: null },
    ]);
    expect(await membership(person.email)).toMatchObject({ isDisabled: false });
  });

  it('SCIM no longer changes an account that it created once another organization has it as a member', async () => {
    const made = await create();
    const { userId } = (await membership(made.userName))!;
    const account = async () =>
      (await t.sql('select email, full_name from users where id = $1', [userId]))[0];
    const change = (email: string, name: string) =>
      scim.patch(`/Users/${made.id}`, [
        { op: 'replace', path: 'emails[type eq "work"].value', value: email },
        { op: 'replace', path: 'displayName', value: name },
      ]);
    const [second, third] = [t.fixtures.email(), t.fixtures.email()];
    const { email: elsewhere } = await t.fixtures.userWithoutOrg();

    await change(second, 'Second');
    expect(await account()).toEqual({ email: second, full_name: 'Second' });
    expect((await change(elsewhere, 'Taken')).status).toBe(200);
    expect(await account()).toEqual({ email: second, full_name: 'Taken' });
    await t.fixtures.addMember(await t.fixtures.orgWithAdmin(), { email: second }, {});
    await change(third, 'Third');
    expect(await account()).toEqual({ email: second, full_name: 'Taken' });
  });

  it('returns 409 and changes nothing when the new address is assigned elsewhere at the same moment', async () => {
    const made = await create();
    const wanted = t.fixtures.email('wanted');

    const { status, body } = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('insert into users (id, email) values (gen_random_uuid(), $1)', [wanted]);
      const change = scim.put(`/Users/${made.id}`, userOf(wanted));
      await waitForBlockedQuery(t);
      await client.query('commit');
      return change;
    });

    expect({ status, body }).toMatchObject(scimError(409));
    expect((await scim.get(`/Users/${made.id}`)).body.userName).toBe(made.userName);
  });

  it('deletes a user whose externalId is the user id of an admin, without effect on the admin', async () => {
    const { id } = await create({ externalId: org.admin.userId });

    expect((await scim.delete(`/Users/${id}`)).status).toBe(204);
    expect((await org.admin.api.get('/api/v1/orgs/current')).status).toBe(200);
  });
});

it('leaves one audit entry without personal data for each request that changes something', async () => {
  const other = await t.fixtures.orgWithAdmin();
  const own = await scimOf(other.admin.api);
  const made = await create({}, own);
  const [account] = await t.sql<{ userId: string }>(
    `select user_id as "userId" from scim_users where id = $1`,
    [made.id],
  );
  await own.patch(`/Users/${made.id}`, [
    { op: 'replace', path: 'displayName', value: 'Shown' },
    { op: 'replace', path: 'active', value: false },
  ]);
  await own.delete(`/Users/${made.id}`);

  const rows = await t.sql(
    `select operation, credential_kind, resource_ids[1] as id, 
        nullif(details - 'request_id', '{}') as details from audit_entries
     where org_id = $1 and operation like '%scim_user' order by created_at, id`,
    [other.orgId],
  );
  const joined = { [account!.userId]: role('ORGANIZATION_USER') };
  expect(rows).toEqual([
    {
      operation: 'create_scim_user',
      credential_kind: 'scim-token',
      id: made.id,
      details: { org_members_added: joined },
    },
    {
      operation: 'update_scim_user',
      credential_kind: 'scim-token',
      id: made.id,
      details: { changed: ['active', 'displayName'], active: false },
    },
    {
      operation: 'delete_scim_user',
      credential_kind: 'scim-token',
      id: made.id,
      details: { org_members_removed: joined },
    },
  ]);
});
