import { createHmac, createPublicKey, verify } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tamper } from '../support/audit-seals.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { MailServer, partOf } from '../support/mail-server.js';
import { startReplicas, type Replicas } from '../support/replicas.js';
import { ALLOWING_RECEIVERS, type Received, type Receiver, startReceiver } from '../support/receiver.js';

const WEBHOOKS = '/api/v1/orgs/current/webhooks';
const ROLES = '/api/v1/orgs/current/roles';

let mail: MailServer;
let t: Replicas;
let org: OrgWithAdmin;
let receiver: Receiver;
beforeAll(async () => {
  mail = await MailServer.start();
  t = await startReplicas({
    ...mail.environment,
    ...ALLOWING_RECEIVERS,
    LANGSMITH_URL: 'https://tenantry.example.com',
  });
});
afterAll(async () => {
  await t.close();
  await mail.stop();
});
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

type Hook = { id: string; secret: string; public_key: string };

const create = async (fields: object = {}): Promise<Hook> =>
  (await org.admin.api.post(WEBHOOKS, { url: receiver.url, types: ['role.created'], ...fields })).body;
const read = async ({ id }: Hook) => (await org.admin.api.get(`${WEBHOOKS}/${id}`)).body;
const patch = ({ id }: Hook, fields: object) => org.admin.api.patch(`${WEBHOOKS}/${id}`, fields);
const redeliver = ({ id }: Hook, selection: object) =>
  org.admin.api.post(`${WEBHOOKS}/${id}/redeliver`, selection);
const attemptsOf = async ({ id }: Hook, query = '') =>
  (await org.admin.api.get(`${WEBHOOKS}/${id}/deliveries${query}`)).body.items;
const newRole = async (): Promise<string> => {
  const fields = { display_name: t.fixtures.email(), description: '', permissions: ['runs:read'] };
  return (await org.admin.api.post(ROLES, fields)).body.id;
};
/** Of the webhook, that have not arrived. */
const rowsOf = ({ id }: Hook) =>
  t.sql<{ attempts: number; seconds: number | null }>(
    `select attempts, extract(epoch from next_attempt_at - now())::float8 as seconds
     from webhook_deliveries where webhook_id = $1`,
    [id],
  );
/** As if the time until the next attempts had passed. */
const letTimePass = ({ id }: Hook, attempts: number | null = null) =>
  t.sql(
    `update webhook_deliveries set next_attempt_at = now(), attempts = coalesce($2, attempts) where webhook_id = $1`,
    [id, attempts],
  );
/** How many requests have come, once none has for a while. */
async function receivedSoFar(): Promise<number> {
  for (let count = -1; ; await pause(500)) {
    if (count === receiver.received.length) return count;
    count = receiver.received.length;
  }
}
const until = async <T>(ask: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> => {
  for (const end = performance.now() + 60_000; ; await pause(50)) {
    const found = await ask();
    if (isSo(found)) return found;
    if (performance.now() > end) expect({ found }).toBe('as awaited');
  }
};

const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex'); // SubjectPublicKeyInfo, RFC 8410

/** Which of the signatures of a request the secret and the public key verify. */
function verified({ secret, public_key: publicKey }: Hook, { headers, body }: Received) {
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const shared = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const raw = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
  const key = createPublicKey({ key: Buffer.concat([ED25519_PREFIX, raw]), format: 'der', type: 'spki' });
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => {
      const [version, text = ''] = signature.split(',');
      return version === 'v1'
        ? text === createHmac('sha256', shared).update(content).digest('base64')
        : verify(null, Buffer.from(content), key, Buffer.from(text, 'base64'));
    });
}

describe('an event', () => {
  it('is sent as the events API returns it, signed in both ways', async () => {
    const hook = await create();
    const roleId = await newRole();

    const [request] = await receiver.waitFor(1);
    const { body: page } = await org.admin.api.get('/api/v1/orgs/current/events?types=role.created');
    expect(request!.event).toEqual({ ...page.items[0], organization_id: org.orgId });
    expect(request!.event).toMatchObject({ type: 'role.created', subject: { kind: 'role', id: roleId } });
    expect(request!.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Tenantry\/\d/),
      'webhook-id': page.items[0].id,
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
    });
    expect(verified(hook, request!)).toEqual([true, true]);

    const [attempt] = await until(
      () => attemptsOf(hook),
      ({ length }) => length === 1,
    );
    expect(attempt).toEqual({
      id: expect.any(String),
      event_id: page.items[0].id,
      event_type: 'role.created',
      attempt: 1,
      attempted_at: expect.any(String),
      duration_ms: expect.any(Number),
      status: '2xx',
      code: null,
      response: null,
      next_attempt_at: null,
    });
    expect(await read(hook)).toMatchObject({ undelivered: 0, last_attempt: { status: '2xx', code: null } });
  });

  it('is signed with both secrets during the overlap after a rotation', async () => {
    const old = await create();
    const { body: now } = await org.admin.api.post(`${WEBHOOKS}/${old.id}/rotate-secret`);
    await newRole();

    const [request] = await receiver.waitFor(1);
    expect(verified(now, request!)).toEqual([true, true, false, false]);
    expect(verified(old, request!)).toEqual([false, false, true, true]);
  });

  it('is no longer signed with the secret before a rotation once the overlap is over', async () => {
    const old = await create();
    const { body: now } = await org.admin.api.post(`${WEBHOOKS}/${old.id}/rotate-secret`);
    await t.sql(
      `update webhooks set previous_secret_expires_at = now() - interval '1 second' where id = $1`,
      [old.id],
    );
    await newRole();

    const [request] = await receiver.waitFor(1);
    expect(verified(now, request!)).toEqual([true, true]);
    expect(verified(old, request!)).toEqual([false, false]);
    expect(await read(old)).toMatchObject({ previous_secret_expires_at: null });
  });

  it('is attempted again with the same id and content, and the row ends when it arrives', async () => {
    receiver.answer = { status: 500 };
    const hook = await create();
    await newRole();
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );
    const [failure] = await attemptsOf(hook);
    const nextAt = Date.parse(failure.next_attempt_at);
    expect(nextAt - receiver.received[0]!.at).toBeGreaterThan(3_000);
    expect(nextAt - Date.now()).toBeLessThanOrEqual(5_000);

    receiver.answer = { status: 200 };
    await letTimePass(hook);
    const [first, second] = await receiver.waitFor(2);
    expect(second!.body).toBe(first!.body);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    await until(
      () => rowsOf(hook),
      ({ length }) => length === 0,
    );
    const attempts = await attemptsOf(hook);
    expect(
      attempts.map(({ attempt, status }: { attempt: number; status: string }) => [attempt, status]),
    ).toEqual([
      [2, '2xx'],
      [1, '5xx'],
    ]);
    const failed = await attemptsOf(hook, '?failed=true');
    expect(failed).toEqual([attempts[1]]);
    expect(await attemptsOf(hook, `?event_id=${attempts[0].event_id}&failed=false`)).toEqual([attempts[0]]);
  });

  it('is sent to no redirect target', async () => {
    receiver.answer = { status: 302, headers: { location: receiver.url } };
    const hook = await create();
    await newRole();

    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );
    expect(receiver.received).toHaveLength(1);
  });

  it('is not sent to webhooks of other organizations', async () => {
    await create({ types: null });
    const other = await t.fixtures.orgWithAdmin();
    await other.admin.api.post(ROLES, { display_name: 'x', description: '', permissions: ['runs:read'] });
    await newRole();

    await receiver.waitFor(2); // its own webhook.created, too
    expect(receiver.received.map(({ event }) => event.organization_id)).toEqual([org.orgId, org.orgId]);
  });
});

describe('a receiver', () => {
  it('that is dead delays no other', async () => {
    const dead = await startReceiver(() => undefined, '127.0.0.2');
    await create({ url: dead.url });
    await create();
    const begunAt = performance.now();
    for (let n = 0; n < 5; n++) await newRole();

    await receiver.waitFor(5);
    expect(performance.now() - begunAt).toBeLessThan(8_000);
    await dead.stop();
  });

  it('that never answers has one connection, so that 15 of them leave some to another at their address', async () => {
    const hanging = await Promise.all(Array.from({ length: 15 }, () => startReceiver(() => undefined)));
    for (const { url } of hanging) await create({ url });
    for (let n = 0; n < 4; n++) await newRole();
    await until(
      async () => hanging.reduce((open, each) => open + each.open.now, 0),
      (open) => open >= hanging.length,
    );

    await create();
    const roleId = await newRole();
    await receiver.waitFor((received) => received.some(({ event }) => event.subject.id === roleId));
    for (const { open, received } of hanging) expect([open.most, open.now]).toEqual([1, received.length]);
    await Promise.all(hanging.map((each) => each.stop()));
  });

  it('that takes long for its answers gets more requests at a time', async () => {
    receiver.answer = (response) => setTimeout(() => response.end(), 1_500);
    await create();
    await newRole();
    await receiver.waitFor(1);
    await t.sql(
      `insert into audit_entries (id, org_id, operation, succeeded, resource_ids, request_method, request_path)
       select gen_random_uuid(), $1, 'create_role', true, array[gen_random_uuid()], 'POST', '/x'
       from generate_series(1, 40)`,
      [org.orgId],
    );
    await receiver.waitFor(41, 60);
    expect(receiver.open.most).toBeGreaterThanOrEqual(8);
    expect(receiver.open.most).toBeLessThanOrEqual(12);
  });

  it.each([
    ['new', 'log_cursors', 'due_at', 'id', 200],
    ['repeated', 'webhook_deliveries', 'next_attempt_at', 'webhook_id', 500],
  ])(
    'that has not answered has the %s event leased for 15 s at most, and longer while it is sent',
    async (_, table, dueAt, key, status) => {
      receiver.answer = { status };
      const hook = await create();
      await newRole();
      await until(
        () => attemptsOf(hook),
        ({ length }) => length === 1,
      );
      const answers: (() => unknown)[] = [];
      receiver.answer = (response) => answers.push(() => response.end());
      if (status === 500) await letTimePass(hook);
      else await newRole();
      await receiver.waitFor(2);

      const ask = `select ${dueAt}::text as until, ${dueAt} <= now() + interval '15 seconds' as "isShort"
        from ${table} where ${key} = $1`;
      const leaseOf = async () => (await t.sql<{ until: string; isShort: boolean }>(ask, [hook.id]))[0];
      const first = await leaseOf();
      expect(first?.isShort).toBe(true);
      const renewed = await until(leaseOf, (lease) => lease?.until !== first?.until);
      expect(renewed?.isShort).toBe(true);
      expect(receiver.received).toHaveLength(2);
      answers[0]?.();
      await until(
        () => attemptsOf(hook),
        ({ length }) => length === 2,
      );
      expect(await rowsOf(hook)).toEqual([]);
    },
  );

  it('that throttles is left alone as long as it asks, and the events wait', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '3600' } };
    const hook = await create();
    for (let n = 0; n < 12; n++) await newRole();

    await until(
      () => rowsOf(hook),
      ({ length }) => length > 0,
    );
    const before = await receivedSoFar();
    await letTimePass(hook);
    await pause(1_200);
    expect(receiver.received).toHaveLength(before);
    expect(before).toBeLessThanOrEqual(4);
    const { paused_until: pausedUntil } = await read(hook);
    expect(Date.parse(pausedUntil) - Date.now()).toBeGreaterThan(3_500_000);

    receiver.answer = { status: 200 };
    const { body: changed } = await patch(hook, { description: 'Back again' }); // which ends the pause
    expect(changed.paused_until).toBeNull();
    await letTimePass(hook);
    await until(
      async () => new Set(receiver.received.map(({ event }) => event.id)).size,
      (count) => count === 12,
    );
    await until(
      () => rowsOf(hook),
      ({ length }) => length === 0,
    );
  });

  it('that is disabled during a pause says since when events have been missed, which are sent on request', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '3600' } };
    const hook = await create();
    await newRole();
    await until(
      () => rowsOf(hook),
      ({ length }) => length > 0,
    );
    await newRole();
    await newRole();
    await pause(20);
    await patch(hook, { is_enabled: false });
    const { missed_since: since, disabled_at: disabledAt } = await read(hook);
    expect(Date.parse(since)).toBeLessThan(Date.parse(disabledAt));

    receiver.answer = { status: 200 };
    await patch(hook, { is_enabled: true });
    expect((await read(hook)).missed_since).toBeNull();
    const before = receiver.received.length;
    const { body } = await redeliver(hook, { from: since, to: disabledAt });
    expect(body).toEqual({ count: 2 });
    await receiver.waitFor(before + 2);
  });

  it('that throttles events that are sent again gets no new ones either', async () => {
    receiver.answer = { status: 500 };
    const hook = await create();
    await newRole();
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );
    receiver.answer = { status: 429, headers: { 'retry-after': '3600' } };
    await letTimePass(hook);
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 2,
    );

    await newRole();
    await t.sql('update log_cursors set due_at = now() where id = $1', [hook.id]);
    const [cursor] = await until(
      () =>
        t.sql(
          'select due_at > now() + interval \'59 minutes\' as "isPaused" from log_cursors where id = $1',
          [hook.id],
        ),
      ([row]) => row?.['isPaused'] === true,
    );
    expect(cursor).toBeDefined();
    expect(receiver.received).toHaveLength(2);
  });

  it('that is gone is disabled, and admins see why', async () => {
    receiver.answer = { status: 410 };
    const hook = await create();
    await newRole();

    await until(
      () => read(hook),
      ({ is_enabled }) => !is_enabled,
    );
    expect(await read(hook)).toMatchObject({ disabled_reason: 'gone', undelivered: 1 });
    expect(await attemptsOf(hook)).toMatchObject([{ status: '4xx', next_attempt_at: null }]);
    const { body } = await org.admin.api.get('/api/v1/orgs/current/events?types=webhook.disabled');
    expect(body.items).toMatchObject([
      { actor: { user_id: null, credential_id: null }, subject: { id: hook.id }, data: { reason: 'gone' } },
    ]);
  });

  it('is disabled when an event fails for the tenth time', async () => {
    receiver.answer = { status: 500 };
    const hook = await create();
    await newRole();
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );

    await letTimePass(hook, 8);
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 9,
    );
    expect(await read(hook)).toMatchObject({ is_enabled: true });
    await letTimePass(hook);
    await until(
      () => read(hook),
      ({ is_enabled }) => !is_enabled,
    );
    expect(await read(hook)).toMatchObject({ disabled_reason: 'failures', undelivered: 1 });
    expect(await rowsOf(hook)).toMatchObject([{ attempts: 10, seconds: null }]);
  });

  it('is disabled with a mail to each admin, in their language, without secrets of its address', async () => {
    receiver.answer = { status: 410 };
    await org.admin.api.patch('/api/v1/orgs/current/info', { mail_language: 'de' });
    const admin = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const hook = await create({ url: `${receiver.url}?token=secret`, description: 'Für die Buchhaltung' });
    await newRole();

    const [ours] = await mail.mailsTo(org.admin.email);
    await mail.mailsTo(admin.email);
    const text = partOf(ours!, 'text/plain');
    expect(text).toContain('(Für die Buchhaltung)');
    expect(text).toContain('(410)');
    expect(text).toContain(
      `https://tenantry.example.com/console/organizations/${org.orgId}/settings/webhooks/${hook.id}`,
    );
    expect(ours!.raw).not.toContain('token');
    expect(mail.to(operator.email)).toEqual([]);
  });
});

describe('a clock that was set back', () => {
  const receivedCount = async () => receiver.received.length;
  const TOO_LONG = `now() + interval '1 hour'`;

  it('delays neither new events nor events that are sent again, and enables nothing', async () => {
    const hook = await create();
    const disabled = await create();
    await patch(disabled, { is_enabled: false });
    const roleId = await newRole();
    await receiver.waitFor(1);
    receiver.answer = { status: 500 };
    const failing = await create({ types: ['role.deleted'] });
    const early = await create({ types: ['role.deleted'] });
    await org.admin.api.delete(`${ROLES}/${roleId}`);
    await receiver.waitFor(3);
    for (const each of [failing, early])
      await until(
        () => rowsOf(each),
        ([row]) => row?.attempts === 1,
      );

    receiver.answer = { status: 200 };
    await t.sql(
      `update webhook_deliveries set next_attempt_at = ${TOO_LONG}, attempts = 5 where webhook_id = $1`,
      [early.id],
    );
    await t.sql(`update webhook_deliveries set next_attempt_at = ${TOO_LONG} where webhook_id = $1`, [
      failing.id,
    ]);
    await until(
      () => rowsOf(failing),
      ({ length }) => length === 0,
    );
    await t.sql(`update log_cursors set due_at = ${TOO_LONG} where id = $1`, [hook.id]);
    await newRole();
    await until(receivedCount, (count) => count >= 5);

    expect(await rowsOf(early)).toEqual([{ attempts: 5, seconds: expect.any(Number) }]); // due after 5 h
    const [cursor] = await t.sql('select due_at::text from log_cursors where id = $1', [disabled.id]);
    expect(cursor).toEqual({ due_at: 'infinity' });
  });

  it('does not make a pause longer than any receiver may ask for', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '86400' } };
    const hook = await create();
    await newRole();
    await until(
      () => read(hook),
      ({ paused_until: pausedUntil }) => pausedUntil !== null,
    );
    receiver.answer = { status: 200 };
    const before = await receivedSoFar();
    await t.sql(`update webhooks set paused_until = paused_until + interval '1 hour' where id = $1`, [
      hook.id,
    ]);
    await t.sql(`update log_cursors set due_at = due_at + interval '1 hour' where id = $1`, [hook.id]);
    await letTimePass(hook);
    await newRole();
    await until(receivedCount, (count) => count >= before + 2);
  });
});

describe('a webhook', () => {
  it('that was disabled begins with what happens when it is enabled, and gets the rest on request', async () => {
    const hook = await create();
    await newRole();
    await receiver.waitFor(1);
    await patch(hook, { is_enabled: false });
    const from = (await t.sql<{ now: Date }>('select now()'))[0]!.now;
    await newRole();
    const to = (await t.sql<{ now: Date }>('select now()'))[0]!.now;
    await patch(hook, { is_enabled: true });
    const last = await newRole();
    await receiver.waitFor(2);
    const { subject, timestamp } = receiver.received[1]!.event;
    expect(subject.id).toBe(last);

    expect((await redeliver(hook, { from, to })).body).toEqual({ count: 1 });
    await receiver.waitFor(3);
    expect((await redeliver(hook, { from, to: timestamp })).body).toEqual({ count: 2 });
    await receiver.waitFor(5);
    const first = receiver.received[0]!.event;
    expect((await redeliver(hook, { ids: [first.id] })).body).toEqual({ count: 1 });
    await receiver.waitFor(6);
    expect(receiver.received[5]!.event).toEqual(first);
  });

  it('gets all that has not arrived on request, also what was given up', async () => {
    receiver.answer = { status: 500 };
    const hook = await create();
    await newRole();
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );
    await letTimePass(hook, 9);
    await until(
      () => read(hook),
      ({ is_enabled }) => !is_enabled,
    );

    receiver.answer = { status: 200 };
    await patch(hook, { is_enabled: true });
    expect((await redeliver(hook, { failed: true })).body).toEqual({ count: 1 });
    await until(
      () => rowsOf(hook),
      ({ length }) => length === 0,
    );
  });

  it('gets 10 attempts of what is asked for during the last one', async () => {
    receiver.answer = { status: 500 };
    const hook = await create();
    await newRole();
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );

    receiver.answer = async (response) => {
      receiver.answer = { status: 500 };
      await redeliver(hook, { failed: true });
      response.writeHead(500).end();
    };
    await letTimePass(hook, 8);
    await receiver.waitFor(3);
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );
  });

  it('is tested with an event that says so, also while it is disabled', async () => {
    receiver.answer = { status: 503, body: 'not for others to read' };
    const hook = await create();
    await patch(hook, { is_enabled: false });

    const { status, body } = await org.admin.api.post(`${WEBHOOKS}/${hook.id}/test`);
    expect([status, body]).toMatchObject([
      200,
      { event_type: 'webhook.test', attempt: 0, status: '5xx', response: null, next_attempt_at: null },
    ]);
    expect(receiver.received).toMatchObject([{ event: { type: 'webhook.test', id: body.event_id } }]);
    const { body: key } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    await t.api.as({ key: key.key, orgId: org.orgId }).post(`${WEBHOOKS}/${hook.id}/test`);
    expect(receiver.received[1]).toMatchObject({
      event: {
        actor: { user_id: org.admin.userId, credential_kind: 'personal_access_token', credential_id: key.id },
      },
    });
    expect(verified(hook, receiver.received[0]!)).toEqual([true, true]);
    expect((await attemptsOf(hook)).at(-1)).toEqual(body);
  });

  it('leaves further events in the log while 100,000 have not arrived', async () => {
    const hook = await create();
    await t.sql(
      `insert into webhook_deliveries (webhook_id, event_id, position, attempts)
       select $1, n::text, 1, 10 from generate_series(1, 100000) n`,
      [hook.id],
    );
    await newRole();
    await until(
      () => t.sql('select from log_cursors where id = $1 and due_at > now()', [hook.id]),
      ({ length }) => length === 1,
    );
    expect(await read(hook)).toMatchObject({ undelivered: 100_000 });
    expect(receiver.received).toEqual([]);

    await t.sql("delete from webhook_deliveries where webhook_id = $1 and event_id = '7'", [hook.id]);
    await t.sql('update log_cursors set due_at = now() where id = $1', [hook.id]);
    await receiver.waitFor(1);
    await t.sql('delete from webhook_deliveries where webhook_id = $1', [hook.id]);
  });

  it('gets nothing while its organization is disabled', async () => {
    receiver.answer = { status: 500 };
    const hook = await create();
    await newRole();
    await until(
      () => rowsOf(hook),
      ([row]) => row?.attempts === 1,
    );
    const before = receiver.received.length;

    await t.sql('update organizations set is_disabled = true where id = $1', [org.orgId]);
    await letTimePass(hook);
    await t.sql(
      `insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
       values (gen_random_uuid(), $1, 'create_role', true, array[gen_random_uuid()])`,
      [org.orgId],
    );
    await t.sql('update log_cursors set due_at = now() where id = $1', [hook.id]);
    await pause(1_200);
    expect(receiver.received).toHaveLength(before);

    await t.sql('update organizations set is_disabled = false where id = $1', [org.orgId]);
    await receiver.waitFor(before + 2);
  });

  it('keeps the last 1,000 attempts, in pages', async () => {
    const hook = await create();
    await t.sql(
      `insert into webhook_attempts
         (id, webhook_id, event_id, event_type, attempt, attempted_at, duration_ms, succeeded)
       select gen_random_uuid(), $1, 'old', 'role.created', 1, now() - make_interval(secs => n), 1, true
       from generate_series(1, 1001) n`,
      [hook.id],
    );
    await newRole();
    await receiver.waitFor(1);

    const count = () =>
      t.sql<{ count: number }>('select count(*)::int from webhook_attempts where webhook_id = $1', [hook.id]);
    await until(count, ([row]) => row?.count === 1000);
    const { body } = await org.admin.api.get(`${WEBHOOKS}/${hook.id}/deliveries?limit=2`);
    const next = await org.admin.api.get(
      `${WEBHOOKS}/${hook.id}/deliveries?limit=2&cursor=${body.next_cursor}`,
    );
    const times = [...body.items, ...next.body.items].map(({ attempted_at: at }) => at);
    expect(times).toEqual([...times].map(String).sort().reverse());
    expect(new Set(times).size).toBe(4);

    const [digest] = JSON.parse(Buffer.from(body.next_cursor, 'base64url').toString()) as [string];
    const key = '2026-02-31T00:00:00.000000Z'; // no day
    const forged = Buffer.from(JSON.stringify([digest, key, hook.id])).toString('base64url');
    const first = await org.admin.api.get(`${WEBHOOKS}/${hook.id}/deliveries?limit=2&cursor=${forged}`);
    expect(first.body.items).toEqual(body.items);
  });

  it.each([
    ['nothing', {}, 'invalid_redelivery'],
    ['two selections', { ids: ['x'], failed: true }, 'invalid_redelivery'],
    ['half a period', { from: '2026-01-01T00:00:00Z' }, 'invalid_redelivery'],
    [
      'a period that ends before',
      { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      'invalid_redelivery',
    ],
    ['false', { failed: false }, 'invalid_redelivery'],
    ['an unknown event', { ids: ['01900000-0000-7000-8000-000000000001-0'] }, 'unknown_events'],
    ['a text that is no id', { ids: ['x'] }, 'unknown_events'],
  ])('is not asked for %s', async (_, selection, code) => {
    const { status, headers } = await redeliver(await create(), selection);
    expect([status, headers.get('x-error-code')]).toEqual([422, code]);
  });

  it.each([
    ['more than 10,000 entries', 10_001, 0],
    ['entries of more than 100,000 events, whichever of them it wants', 501, 200],
  ])('is not asked for %s', async (_, entries, members) => {
    await t.sql(
      `insert into audit_entries (id, org_id, operation, succeeded, resource_ids, details)
       select gen_random_uuid(), $1, 'update_scim_group', true, array[gen_random_uuid()], (
         select jsonb_build_object('added_ids', jsonb_agg(gen_random_uuid()))
         from generate_series(1, $3::int) where n > 0)
       from generate_series(1, $2::int) n`,
      [org.orgId, entries, members],
    );
    const { status, headers } = await redeliver(await create(), {
      from: '2026-01-01T00:00:00Z',
      to: '2100-01-01T00:00:00Z',
    });
    expect([status, headers.get('x-error-code')]).toEqual([422, 'too_many_to_redeliver']);
  });

  it('gets no events of other organizations on request', async () => {
    const other = await t.fixtures.orgWithAdmin();
    await other.admin.api.post(ROLES, { display_name: 'x', description: '', permissions: ['runs:read'] });
    const { body } = await other.admin.api.get('/api/v1/orgs/current/events?types=role.created');

    const { headers } = await redeliver(await create(), { ids: [body.items[0].id] });
    expect(headers.get('x-error-code')).toBe('unknown_events');
  });
});

/** The last test, since servers without webhooks take 5 s to see the first one of another server. */
it('sends an event once although three servers send, and no type that was not chosen', async () => {
  await create();
  await create({ types: null });
  for (let n = 0; n < 20; n++) await newRole();

  await receiver.waitFor(40);
  await pause(600);
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  const sentToFirst = receiver.received.filter(({ event }) => event.type === 'role.created');
  expect(new Set(ids.filter((id) => ids.indexOf(id) !== ids.lastIndexOf(id))).size).toBe(20); // to both
  expect(sentToFirst).toHaveLength(40);
  expect(receiver.received.map(({ event }) => event.type)).not.toContain('audit_log.read');
});

it('sends what happens after the database has gone back, at positions that were given before', async () => {
  const hook = await create();
  await newRole();
  await receiver.waitFor(1);
  const isStored = (position: string) =>
    t.sql('select from log_cursors where id = $1 and claim_id is null and position >= $2', [
      hook.id,
      position,
    ]);
  const newest = async () =>
    (await t.sql<{ last: string }>('select max(position) as last from audit_entries'))[0]!;
  const { last: kept } = await newest();
  await until(
    () => isStored(kept),
    (rows) => rows.length > 0,
  );
  for (let count = 0; count < 5; count++) await newRole();
  await receiver.waitFor(6);
  const { last: lost } = await newest();
  await until(
    () => isStored(lost),
    (rows) => rows.length > 0,
  );

  await tamper(
    t,
    `delete from audit_entries where position > ${kept}`,
    `delete from audit_seals where through > ${kept}`,
    `select setval(pg_get_serial_sequence('audit_entries', 'position'), ${kept})`,
    `update log_cursors set position = ${kept}, claim_id = null, due_at = now() where position > ${kept}`,
  );
  const roleId = await newRole();

  const isThere = () => receiver.received.some(({ body }) => body.includes(roleId));
  await receiver.waitFor(isThere).catch(() => undefined);
  expect(isThere()).toBe(true);
});
