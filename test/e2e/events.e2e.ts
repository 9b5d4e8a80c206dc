import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { EVENT_TYPES } from '../../src/contract/audit-log/events.js';
import { attach, policy } from '../support/access-policies.js';
import { fillAuditLog, until } from '../support/audit-log.js';
import { tamper } from '../support/audit-seals.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { pg } from '../support/postgres-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const EVENTS = '/api/v1/orgs/current/events';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
});

const read = (query = '') => org.admin.api.get(`${EVENTS}${query}`);
const cursorNow = async (): Promise<string> => (await read('?after=now')).body.next_cursor;
const after = async (cursor: string, query = '') => (await read(`?after=${cursor}${query}`)).body;
const typesOf = ({ items }: { items: { type: string }[] }) => items.map(({ type }) => type);
const newRole = (of = org) =>
  of.admin.api.post('/api/v1/orgs/current/roles', {
    display_name: t.fixtures.email(),
    description: '',
    permissions: ['runs:read'],
  });
const KEYS = '/api/v1/orgs/current/service-keys';

type ServiceKey = { id: string; key: string };

/** Of the rank of its maker. */
const newServiceKey = async (of = org): Promise<ServiceKey> =>
  (await of.admin.api.post(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') })).body;
const newKey = async (of = org): Promise<string> => (await newServiceKey(of)).key;
async function endKey({ id }: ServiceKey): Promise<void> {
  await org.admin.api.delete(`${KEYS}/${id}`);
}
async function changeKey({ id }: ServiceKey): Promise<void> {
  await org.admin.api.patch(`${KEYS}/${id}`, { org_role_id: role('ORGANIZATION_OPERATOR') });
}
async function disableOrg(): Promise<void> {
  await t.sql('update organizations set is_disabled = true where id = $1', [org.orgId]);
}

describe('the events of an organization', () => {
  it('tell what happened, who did it and to what, and are the same when they are read again', async () => {
    const cursor = await cursorNow();
    const { body: made } = await newRole();

    const page = await after(cursor);

    expect(page.items).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}-0$/),
        sequence: expect.stringMatching(/^\d+$/),
        type: 'role.created',
        timestamp: expect.stringMatching(/Z$/),
        actor: { user_id: org.admin.userId, credential_kind: 'session', credential_id: null },
        subject: { kind: 'role', id: made.id },
        data: {},
      },
    ]);
    expect((await after(cursor)).items).toEqual(page.items);
    expect((await after(page.next_cursor)).items).toEqual([]);
  });

  it('tell the roles of a member before and after', async () => {
    const member = await t.fixtures.member(org, {});
    const cursor = await cursorNow();

    await org.admin.api.patch(`/api/v1/orgs/current/members/${member.membershipId}`, {
      role_id: role('ORGANIZATION_OPERATOR'),
    });
    await org.admin.api.delete(`/api/v1/orgs/current/members/${member.membershipId}`);

    const subject = { kind: 'user', id: member.userId };
    expect((await after(cursor)).items).toMatchObject([
      {
        type: 'membership.role_changed',
        subject,
        data: { from_role_id: role('ORGANIZATION_USER'), to_role_id: role('ORGANIZATION_OPERATOR') },
      },
      { type: 'membership.deleted', subject, data: { role_id: role('ORGANIZATION_OPERATOR') } },
    ]);
  });

  it('are read in pages of any size, also within one change, and none is missing', async () => {
    await newRole();
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Two events' });
    await newRole();
    const all = (await read()).body.items;
    expect(typesOf({ items: all })).toEqual([
      'role.created',
      'workspace.created',
      'workspace_membership.created',
      'role.created',
    ]);

    const ids: string[] = [];
    let page = (await read('?limit=1')).body;
    while (page.items.length > 0) {
      ids.push(...page.items.map(({ id }: { id: string }) => id));
      page = await after(page.next_cursor, '&limit=1');
    }
    expect(ids).toEqual(all.map(({ id }: { id: string }) => id));
  });

  it('follow the sequence of an event, too', async () => {
    await newRole();
    await newRole();
    const { items } = (await read()).body;

    const { sequence } = items.at(-2);
    expect((await after(sequence)).items).toEqual([items.at(-1)]);
  });

  it('begin with those of the newest 1,000 entries after `recent`', async () => {
    expect((await after('recent')).items).toEqual([]);
    const { body: first } = await newRole();
    await fillAuditLog(t, org.orgId, 999);
    const recent = async () => (await after('recent', '&limit=1000&types=role.created')).items;
    expect(await recent()).toMatchObject([{ subject: { id: first.id } }]);

    const { body: second } = await newRole();

    expect(await recent()).toMatchObject([{ subject: { id: second.id } }]);
  });

  it('name a policy once that is attached twice', async () => {
    const policies = [await policy(org), await policy(org)];
    const cursor = await cursorNow();

    await attach(org.admin, role('WORKSPACE_VIEWER'), policies.slice(0, 1));
    await attach(org.admin, role('WORKSPACE_VIEWER'), policies);

    const { items } = await after(cursor);
    expect(typesOf({ items })).toEqual(['access_policy.attached', 'access_policy.attached']);
    expect(items.map(({ subject }: { subject: { id: string } }) => subject.id)).toEqual(policies);
  });

  it('include refused requests and reads of the log only if these are named', async () => {
    const cursor = await cursorNow();
    await org.admin.api.delete(`/api/v1/orgs/current/roles/${org.orgId}`);
    await newRole();

    expect(typesOf(await after(cursor))).toEqual(['role.created']);
    expect((await after(cursor, '&types=request.refused')).items).toMatchObject([
      { data: { operation: 'delete_role', status: 404 }, subject: null },
    ]);
    expect(typesOf((await read('?types=audit_log.read')).body)).toEqual(['audit_log.read']);
  });

  it('are those of the organization only', async () => {
    const cursor = await cursorNow();
    const other = await t.fixtures.orgWithAdmin();
    await newRole(other);
    await newRole();

    expect(typesOf(await after(cursor))).toEqual(['role.created']);
  });
});

it('give every event once to readers who change between replicas while 200 transactions write and wait before they commit', async () => {
  const startReplica = () => startTestApp({ PORT: undefined }, t.databaseUrl);
  const others = [await startReplica(), await startReplica()];
  const replicas = [t, ...others].map(({ url }) => org.admin.api.at(url));
  const upTo = (most: number) => Math.floor(Math.random() * (most + 1));
  const write = async (count: number) => {
    const client = new pg.Client({ connectionString: t.databaseUrl });
    await client.connect();
    for (let n = 0; n < count; n++) {
      await client.query('begin');
      for (let entry = 0; entry <= upTo(2); entry++) {
        await client.query(
          `insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
           values (gen_random_uuid(), $1, 'create_role', true, array[gen_random_uuid()])`,
          [org.orgId],
        );
        await pause(upTo(30));
      }
      await client.query(upTo(9) === 0 ? 'rollback' : 'commit');
    }
    await client.end();
  };
  let isWriting = true;
  const follow = async (limit: number, start: string) => {
    const ids: string[] = [];
    let cursor = start;
    for (let isLast = false; ;) {
      const page = (await replicas[upTo(2)]!.get(`${EVENTS}?after=${cursor}&limit=${limit}`)).body;
      ids.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
      if (page.items.length === 0 && isLast) return ids;
      isLast = page.items.length === 0 && !isWriting;
      if (page.items.length === 0) await pause(upTo(5));
    }
  };
  const start = await cursorNow();

  const readers = [7, 100, 1000].map((limit) => follow(limit, start));
  await Promise.all(Array.from({ length: 20 }, () => write(10)));
  isWriting = false;

  const rows = await t.sql<{ id: string }>(
    `select id || '-0' as id from audit_entries where org_id = $1 and operation = 'create_role' order by position`,
    [org.orgId],
  );
  expect(rows.length).toBeGreaterThan(100);
  const written = rows.map(({ id }) => id);
  for (const seen of await Promise.all(readers)) expect(seen).toEqual(written);
  for (const other of others) await other.close();
});

describe('waiting for events', () => {
  it('ends with the first one, and not with those of other organizations', async () => {
    const cursor = await cursorNow();
    const begun = performance.now();
    const waiting = after(cursor, '&wait=30');
    await pause(200);
    await newRole(await t.fixtures.orgWithAdmin());
    await pause(300);
    await newRole();

    expect(typesOf(await waiting)).toEqual(['role.created']);
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(400);
    expect(took).toBeLessThan(20_000);
  });

  it('ends without one when the time is over, and its cursor goes on from there', async () => {
    const cursor = await cursorNow();
    const page = await after(cursor, '&wait=1');
    expect(page.items).toEqual([]);
    await newRole();
    expect(typesOf(await after(page.next_cursor, '&wait=10'))).toEqual(['role.created']);
  });

  it('returns 429 for the third request with a credential', async () => {
    const cursor = await cursorNow();
    const waiting = [1, 2, 3].map(() => read(`?after=${cursor}&wait=30`));

    const refused = await Promise.race(waiting);

    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([429, 'too_many_waiting_requests']);
    expect((await read(`?after=${cursor}`)).status).toBe(200);
    await newRole();
    const pages = (await Promise.all(waiting)).filter((reply) => reply !== refused);
    for (const { body } of pages) expect(typesOf(body)).toEqual(['role.created']);
  });

  it('frees its place when the client closes the connection', async () => {
    const key = await newKey();
    const cursor = await cursorNow();
    const ask = () => t.api.as({ key }).get(`${EVENTS}?after=${cursor}&wait=1`);
    const leaving = new AbortController();
    const wait = { headers: { 'x-api-key': key }, signal: leaving.signal };
    const left = [1, 2].map(() =>
      fetch(`${t.url}${EVENTS}?after=${cursor}&wait=10`, wait).catch(() => 'left'),
    );
    await pause(300);
    expect((await ask()).status).toBe(429);
    await pause(300); // the entry of the refused request wakes those that wait

    leaving.abort();

    await until(async () => (await ask()).status === 200);
    expect(await Promise.all(left)).toEqual(['left', 'left']);
  });

  it('returns 429 for more than 100 requests of an organization, and for more than 200 of all callers', async () => {
    const orgs = [org, await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()] as const;
    const statuses: number[] = [];
    const ask = async (key: string) => {
      const reply = await t.api.as({ key }).get(`${EVENTS}?after=now&wait=30`);
      statuses.push(reply.status);
      return reply;
    };
    const askTwice = async (of: OrgWithAdmin, count: number) => {
      const keys = await Promise.all(Array.from({ length: count }, () => newKey(of)));
      return [...keys, ...keys].map(ask);
    };
    const ofOne = await askTwice(orgs[0], 51);
    await until(() => statuses.length >= 2, 25).catch(() => undefined);
    expect(statuses).toEqual([429, 429]);

    const ofOthers = [...(await askTwice(orgs[1], 50)), ...(await askTwice(orgs[2], 2))];
    await until(() => statuses.length >= 6, 25).catch(() => undefined);
    expect(statuses).toEqual(Array(6).fill(429));

    await Promise.all(orgs.map((each) => newRole(each)));
    const pages = (await Promise.all([...ofOne, ...ofOthers])).filter(({ status }) => status === 200);
    expect(pages).toHaveLength(200);
    for (const { body } of pages) expect(typesOf(body)).toEqual(['role.created']);
  });

  it('counts each credential of a user separately', async () => {
    const cursor = await cursorNow();
    const session = [after(cursor, '&wait=2'), after(cursor, '&wait=2')];
    const { body } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    await pause(300);

    const token = t.api.as({ key: body.key, orgId: org.orgId });
    expect((await token.get(`${EVENTS}?after=now&wait=1`)).status).toBe(200);
    await Promise.all(session);
  });

  it.each([
    ['is revoked', 401, 'invalid_credential', endKey, 30],
    ['gets another role', 409, 'rights_changed', changeKey, 30],
    ['is of an organization that is disabled', 403, 'organization_disabled', disableOrg, 6], // nothing ends the wait
  ] as const)('returns no event to a key that %s meanwhile', async (_, status, code, end, seconds) => {
    const key = await newServiceKey();
    const cursor = await cursorNow();
    const waiting = t.api.as({ key: key.key }).get(`${EVENTS}?after=${cursor}&wait=${seconds}`);
    const hasRead = async () =>
      (await t.sql('select from audit_entries where credential_id = $1', [key.id])).length > 0;
    await until(hasRead);

    await end(key);
    await newRole();

    const reply = await waiting;
    expect([reply.status, reply.headers.get('x-error-code')]).toEqual([status, code]);
    await t.sql('update organizations set is_disabled = false where id = $1', [org.orgId]);
  });

  it('returns an error, not the event, to a caller whose right has ended meanwhile', async () => {
    const other = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const cursor = await cursorNow();
    const waiting = other.api.get(`${EVENTS}?after=${cursor}&wait=10`);
    await pause(300);

    await org.admin.api.delete(`/api/v1/orgs/current/members/${other.membershipId}`);

    expect([401, 403]).toContain((await waiting).status);
  });
});

it('records reading once per credential and hour, however it is asked for', async () => {
  const reads = () =>
    t.sql(`select id from audit_entries where org_id = $1 and operation = 'get_audit_logs' and succeeded`, [
      org.orgId,
    ]);
  const cursor = await cursorNow();
  await after(cursor);
  await read();
  await after('1');
  expect(await reads()).toHaveLength(1);

  await t.sql(
    `alter table audit_entries disable trigger user;
     update audit_entries set created_at = now() - interval '61 minutes' where operation = 'get_audit_logs';
     alter table audit_entries enable trigger user;`,
    [],
  );
  const [position, , proof] = cursor.split('.');
  const late = `${position}.${Math.floor(Date.now() / 1000) - 10}.${proof}`;
  await after(late); // a proof of another time proves nothing
  expect(await reads()).toHaveLength(2);
});

it('records reading once for several requests at once', async () => {
  await Promise.all(Array.from({ length: 40 }, () => read('?after=now')));

  const reads = await t.sql(`select from audit_entries where org_id = $1 and operation = 'get_audit_logs'`, [
    org.orgId,
  ]);
  expect(reads).toHaveLength(1);
});

it('goes forward through entries without a wanted event, a thousand at a time', async () => {
  const start = await cursorNow();
  await fillAuditLog(t, org.orgId, 2500);
  const { body: made } = await newRole();

  const pages: any[] = [];
  for (
    let cursor = start;
    pages.length < 10 && !pages.at(-1)?.items.length;
    cursor = pages.at(-1).next_cursor
  )
    pages.push(await after(cursor, '&limit=1&types=role.created&wait=1'));

  expect(pages.map(({ items }) => items.length)).toEqual([0, 0, 1]);
  expect(pages.at(-1).items[0].subject.id).toBe(made.id);
});

it('returns 422 invalid_cursor for what is no cursor, and for a position that was never given', async () => {
  for (const cursor of ['x', '-1', '1-', '0-1', '1.2', '99999999999999999999', '999999999999'])
    expect(await read(`?after=${cursor}`)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['query', 'after'], type: 'value_error' }] },
    });
  expect((await read('?after=x')).headers.get('x-error-code')).toBe('invalid_cursor');
});

const removeEntries = (condition: string) => tamper(t, `delete from audit_entries where ${condition}`);

/** As retention does. */
async function retainAfter(position: string): Promise<void> {
  await t.sql(
    `insert into audit_anchors (chain, sequence, through, mac, signature) values ($1, 1, $2, '', '')`,
    [org.orgId, position],
  );
  await removeEntries(`org_id = '${org.orgId}' and position <= ${position}`);
}

it('returns 410 with the oldest cursor for events that retention has removed', async () => {
  await newRole();
  const [first] = (await read()).body.items;
  await retainAfter(first.sequence);

  const gone = await read('?after=0');

  expect(gone).toMatchObject({ status: 410, body: { oldest: first.sequence } });
  expect((await after(gone.body.oldest)).items).toEqual((await read()).body.items);
  expect((await read(`?after=${first.sequence}-0`)).status).toBe(410); // within the last one that was removed
});

it('accepts a cursor when retention has removed all entries', async () => {
  await newRole();
  await cursorNow(); // is recorded
  const cursor = await cursorNow();
  await retainAfter(cursor.split('.')[0]!);

  expect(await after(cursor)).toMatchObject({ items: [] });
  await newRole();
  expect(typesOf(await after(cursor))).toEqual(['role.created']);
  expect(typesOf(await after((await after(cursor)).next_cursor))).toEqual([]);
});

describe('a cursor of which the database has gone back to a state before its entry', () => {
  const positionOf = (cursor: string) => cursor.split('.')[0]!;
  const replaceEntry = (position: string) =>
    tamper(t, `update audit_entries set id = gen_random_uuid() where position = ${position}`);
  const makeOlder = (position: string, minutes: number) =>
    tamper(
      t,
      `update audit_entries set created_at = now() - interval '${minutes} minutes' where position = ${position}`,
    );

  it.each([
    ['another entry has its position', (position: string) => replaceEntry(position)],
    ['no entry has its position', (position: string) => removeEntries(`position = ${position}`)],
  ])('returns 422 cursor_gone when %s, and goes on ten minutes before', async (_, goBack) => {
    for (let count = 0; count < 3; count++) await newRole();
    const { items, next_cursor: cursor } = (await read()).body;
    const [old, recent] = items;
    await makeOlder(old.sequence, 11);
    await makeOlder(recent.sequence, 9);
    await goBack(positionOf(cursor));
    const { body: fresh } = await newRole();

    const gone = await read(`?after=${cursor}`);

    expect([gone.status, gone.headers.get('x-error-code')]).toEqual([422, 'cursor_gone']);
    expect(gone.body).toMatchObject({
      detail: [{ loc: ['query', 'after'], type: 'value_error' }],
      after: old.sequence,
    });
    const page = await after(gone.body.after);
    expect(page.items[0]).toEqual({ ...recent, timestamp: page.items[0].timestamp });
    expect(page.items.at(-1).subject.id).toBe(fresh.id);
  });

  it('goes on at the beginning, or where retention has left off, when no entry is old enough', async () => {
    await newRole();
    await newRole();
    const cursor = await cursorNow();
    await replaceEntry(positionOf(cursor));
    expect((await read(`?after=${cursor}`)).body.after).toBe('0');

    const [first] = (await read()).body.items;
    await retainAfter(first.sequence);
    const { after: left } = (await read(`?after=${cursor}`)).body;
    expect(left).toBe(first.sequence);
    expect((await read(`?after=${left}`)).status).toBe(200);
  });

  it('is found within the events of an entry, on an empty page and while a request waits', async () => {
    await newRole();
    await org.admin.api.post('/api/v1/workspaces', { display_name: 'Two events' });
    const within = (await read('?limit=2')).body.next_cursor;
    expect(positionOf(within)).toMatch(/-1$/);
    const empty = (await after(await cursorNow())).next_cursor;
    const waiting = read(`?after=${empty}&wait=30`);
    await replaceEntry(positionOf(within).replace(/-1$/, ''));
    expect((await read(`?after=${within}`)).headers.get('x-error-code')).toBe('cursor_gone');

    await replaceEntry(positionOf(empty));

    expect((await read(`?after=${empty}`)).headers.get('x-error-code')).toBe('cursor_gone');
    await newRole();
    expect((await waiting).headers.get('x-error-code')).toBe('cursor_gone');
  });

  it('is found for a position that is not given again yet', async () => {
    await newRole();
    const cursor = await cursorNow();
    const [, ...proof] = cursor.split('.');
    expect((await read(`?after=${['999999999999', ...proof].join('.')}`)).headers.get('x-error-code')).toBe(
      'cursor_gone',
    );
  });

  it('proves nothing as a sequence, or as a cursor of an earlier version', async () => {
    await newRole();
    const cursor = await cursorNow();
    await newRole();
    const earlier = cursor.slice(0, -32);
    expect(earlier).toMatch(/^\d+\.\d+\.[\w-]{22}$/);
    await replaceEntry(positionOf(cursor));

    for (const one of [positionOf(cursor), earlier])
      expect(typesOf(await after(one))).toEqual(['role.created']);
  });
});

it('names the last entry of the organization in its cursor, not those of others', async () => {
  const { body: first } = await newRole();
  await newRole(await t.fixtures.orgWithAdmin());
  const last = async () =>
    (
      await t.sql<{ place: string; id: string }>(
        `select position as place, replace(id::text, '-', '') as id from audit_entries where org_id = $1
         order by position desc limit 1`,
        [org.orgId],
      )
    )[0]!;

  await read(); // is recorded
  const { place, id } = await last();

  expect((await read()).body.items[0].subject.id).toBe(first.id);
  for (const query of ['', '?after=now', '?after=recent', `?after=${place}`, '?after=0&types=role.deleted'])
    expect((await read(query)).body.next_cursor).toMatch(new RegExp(`^${place}\\.\\d+\\.[\\w-]{22}${id}$`));
});

it('returns 422 for an unknown type, and lists the known ones', async () => {
  const refused = await read('?types=role.invented');
  expect(refused.status).toBe(422);
  expect(refused.body.detail[0].msg).toContain('membership.created');
  expect((await read('/types')).body).toEqual({ types: [...EVENT_TYPES] });
});

it('is for those who manage the organization', async () => {
  const member = await t.fixtures.member(org, {});
  for (const path of [EVENTS, `${EVENTS}/types`, `${EVENTS}?after=x`, `${EVENTS}?limit=0`])
    expect((await member.api.get(path)).status).toBe(403);
});
