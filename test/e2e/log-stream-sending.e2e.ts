import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVER, fillAuditLog, until } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { ALLOWING_RECEIVERS, type Receiver, startReceiver } from '../support/receiver.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const STREAMS = '/api/v1/orgs/current/log-streams';

let t: TestApp;
let org: OrgWithAdmin;
let receiver: Receiver;
beforeAll(async () => {
  t = await startTestApp({ ...ALLOWING_RECEIVERS, AUDIT_SEAL_SECONDS: '3600' });
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  receiver = await startReceiver();
});
afterEach(async () => {
  await t.sql(`delete from log_cursors`);
  await t.sql('delete from log_streams');
  await receiver.stop();
});

type Line = { metadata: { uid: string }; api: { operation: string } };
const linesOf = ({ body }: { body: string }): Line[] =>
  body.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Line] : []));
const uids = (received = receiver.received) => received.flatMap(linesOf).map(({ metadata }) => metadata.uid);
const batchesOf = () => receiver.received.map(({ headers }) => String(headers['tenantry-batch']));

const create = async (wish: object = {}): Promise<string> => {
  const { status, body } = await org.admin.api.post(STREAMS, { url: receiver.url, ...wish });
  if (status !== 201) throw new Error(`creating: ${status} ${JSON.stringify(body)}`);
  return body.id;
};
const get = async (id: string) => (await org.admin.api.get(`${STREAMS}/${id}`)).body;
const patch = (id: string, changes: object) => org.admin.api.patch(`${STREAMS}/${id}`, changes);
/** Ends a pause after a failure, or the claim of a process. */
const makeDue = (id: string) => t.sql('update log_cursors set due_at = now() where id = $1', [id]);
const newEntry = () => org.admin.api.patch('/api/v1/orgs/current/info', { display_name: t.fixtures.email() });
/** In order of recording, from the creation of the stream on. */
const recorded = async (): Promise<string[]> => {
  const rows = await t.sql<{ id: string }>(
    `select id from audit_entries e where org_id = $1 and position >= (
       select min(position) from audit_entries where org_id = e.org_id and operation = 'create_log_stream')
     order by position`,
    [org.orgId],
  );
  return rows.map(({ id }) => id);
};
async function arrived(id: string): Promise<void> {
  const lag = async (): Promise<number> => (await get(id)).lag_entries;
  await until(async () => (await lag()) === 0).catch(() => undefined);
  expect(await lag()).toBe(0);
}

describe('a log stream', () => {
  it('sends every entry from its creation on, in order, as the export has them', async () => {
    await newEntry();
    const id = await create({ headers: { Authorization: 'Splunk 4711' }, include_names: true });
    for (let n = 0; n < 5; n++) await newEntry();
    await receiver.waitFor(() => uids().length >= 6);

    expect(uids()).toEqual(await recorded());
    const exported = await org.admin.api.get(`/api/v1/audit-logs/export?${EVER}`);
    const lines = String(exported.body).trim().split('\n');
    const sent = receiver.received.flatMap(({ body }) => body.trim().split('\n'));
    expect(lines).toEqual(expect.arrayContaining(sent));
    for (const { headers } of receiver.received)
      expect(headers).toMatchObject({
        authorization: 'Splunk 4711',
        'content-type': 'application/x-ndjson',
        'tenantry-batch': expect.stringMatching(/^\d+-\d+$/),
      });
    await arrived(id);
    expect(await get(id)).toMatchObject({
      failures: 0,
      lag_seconds: 0,
      last_attempt: { status: '2xx', code: null },
      next_attempt_at: null,
    });
  });

  it('sends names only if it was created or changed with include_names', async () => {
    const id = await create();
    await newEntry();
    await receiver.waitFor(() => uids().length >= 2);
    expect(JSON.stringify(receiver.received)).not.toContain(org.admin.email);

    expect((await patch(id, { include_names: true })).body).toMatchObject({ include_names: true });
    await receiver.waitFor(() => uids().length >= 3);

    const user = { uid: org.admin.userId, email_addr: org.admin.email };
    expect(receiver.received.flatMap(linesOf).at(-1)).toMatchObject({ actor: { user } });
    expect((await patch(id, { include_names: false })).body).toMatchObject({ include_names: false });
    const [entry] = (
      await t.sql<{ details: object }>(
        `select details from audit_entries where org_id = $1 and operation = 'update_log_stream'`,
        [org.orgId],
      )
    ).map(({ details }) => details);
    expect(entry).toMatchObject({ changed: ['include_names'] });
  });

  it('sends at most 1,000 lines and a megabyte at a time', async () => {
    const id = await create();
    await fillAuditLog(t, org.orgId, 2500);
    await t.sql(
      `insert into audit_entries (id, org_id, operation, succeeded, resource_ids, request_path)
       select gen_random_uuid(), $1, 'update_workspace', true, '{}', '/' || repeat('x', 400000)
       from generate_series(1, 3)`,
      [org.orgId],
    );
    await arrived(id);

    expect(uids()).toEqual(await recorded());
    for (const request of receiver.received) {
      expect(linesOf(request).length).toBeLessThanOrEqual(1000);
      expect(request.body.length).toBeLessThanOrEqual(1_000_000);
    }
  });

  it('repeats the same batch until it arrives, and says so', async () => {
    receiver.answer = { status: 500, headers: { 'content-type': 'text/plain' }, body: 'no' };
    const id = await create();
    await receiver.waitFor((received) => received.length === 1);
    await until(async () => (await get(id)).failures === 1);

    const failed = await get(id);
    const { body: metrics } = await t.api.get('/metrics');
    expect(metrics).toMatch(/^tenantry_log_streams_failing 1$/m);
    expect(metrics).toMatch(
      /^tenantry_log_streams_lag_seconds 0\.\d+$|^tenantry_log_streams_lag_seconds [1-9]/m,
    );
    expect(metrics).toMatch(/^tenantry_log_stream_batches_total\{outcome="failed"\} [1-9]/m);
    expect(failed).toMatchObject({ lag_entries: 1, last_attempt: { status: '5xx', code: null } });
    expect(pauseAfter(failed)).toBeCloseTo(5, -1);
    await makeDue(id);
    await until(async () => (await get(id)).failures === 2);
    expect(pauseAfter(await get(id))).toBeGreaterThan(7);
    receiver.answer = { status: 204 };
    await newEntry();
    await makeDue(id);
    await arrived(id);

    expect(batchesOf()[1]).toBe(batchesOf()[0]);
    expect(new Set(uids())).toEqual(new Set(await recorded()));
    expect(await get(id)).toMatchObject({ failures: 0, last_attempt: { status: '2xx' } });
  });

  it('waits as long as the receiver asks for, at most a day', async () => {
    receiver.answer = { status: 503, headers: { 'retry-after': '99999999' } };
    const id = await create();
    await until(async () => (await get(id)).failures === 1);

    expect(await secondsUntil((await get(id)).next_attempt_at)).toBeGreaterThan(86_000);
    expect(await secondsUntil((await get(id)).next_attempt_at)).toBeLessThanOrEqual(86_400);
  });

  it('is disabled by 410, which is recorded, and continues where it was when it is enabled', async () => {
    receiver.answer = { status: 410 };
    const id = await create();
    await until(async () => !(await get(id)).is_enabled);

    expect(await get(id)).toMatchObject({ disabled_reason: 'gone', next_attempt_at: null });
    const { body } = await org.admin.api.get('/api/v1/orgs/current/events?types=log_stream.disabled');
    expect(body.items).toMatchObject([
      { subject: { kind: 'log_stream', id }, data: { reason: 'gone' }, actor: { user_id: null } },
    ]);
    await makeDue(id).then(() => t.sql(`update log_cursors set due_at = 'infinity' where id = $1`, [id]));
    receiver.received.length = 0;
    receiver.answer = { status: 200 };
    await patch(id, { is_enabled: true });
    await arrived(id);
    expect(uids()).toEqual(await recorded());
  });

  it.each([
    ['deleted', (id: string) => org.admin.api.delete(`${STREAMS}/${id}`)],
    ['disabled', (id: string) => patch(id, { is_enabled: false })],
  ])('that is %s while it sends writes nothing more', async (what, end) => {
    let open: ServerResponse | undefined;
    receiver.answer = (response) => (open = response);
    const id = await create();
    await receiver.waitFor(() => open !== undefined);

    expect((await end(id)).status).toBeLessThan(300);
    open?.writeHead(410).end();
    await new Promise((resolve) => setTimeout(resolve, 300));

    if (what === 'deleted') expect(await t.sql('select from log_cursors where id = $1', [id])).toEqual([]);
    else
      expect(await get(id)).toMatchObject({ disabled_reason: 'admin', lag_entries: 2, last_attempt: null });
    expect(receiver.received).toHaveLength(1);
  });

  it('sends what another process has claimed when the claim is over', async () => {
    const id = await create();
    await arrived(id);
    await t.sql(
      `update log_cursors set claim_id = gen_random_uuid(), due_at = now() + interval '1 minute' where id = $1`,
      [id],
    );
    await newEntry();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(uids()).toHaveLength(1);

    await makeDue(id);
    await arrived(id);
    expect(uids()).toEqual(await recorded());
  });

  it('sends although the clock was set back, but not while the receiver wants a pause, nor once it is disabled', async () => {
    const [sending, pausing, disabled] = [await create(), await create(), await create()];
    await arrived(sending);
    await patch(disabled, { is_enabled: false });
    receiver.answer = { status: 429, headers: { 'retry-after': '7200' } };
    await newEntry();
    await until(async () => (await get(sending)).failures + (await get(pausing)).failures === 2);
    receiver.answer = { status: 200 };
    await t.sql(`update log_streams set failures = 0 where id = $1`, [sending]); // due in two hours without a reason
    await arrived(sending);

    const { failures, next_attempt_at: nextAttempt } = await get(pausing);
    expect([failures, (await secondsUntil(nextAttempt)) > 7_000]).toEqual([1, true]);
    const [cursor] = await t.sql('select due_at::text from log_cursors where id = $1', [disabled]);
    expect(cursor).toEqual({ due_at: 'infinity' });

    await t.sql(`update log_streams set last_attempt_at = now() + interval '1 hour' where id = $1`, [
      pausing,
    ]);
    await arrived(pausing);
  });

  it('says from when on entries are missing that retention has removed before they were sent', async () => {
    const id = await create();
    await arrived(id);
    await patch(id, { is_enabled: false });
    await newEntry();
    const [first, , third] = await t.sql<{ position: string }>(
      `select position from audit_entries where org_id = $1 and position > (
         select position from log_cursors where id = $2) order by position`,
      [org.orgId, id],
    );
    expect([first, third]).toEqual([expect.anything(), undefined]);
    await newEntry();
    await removeEntries(first?.position ?? '');
    receiver.received.length = 0;
    await patch(id, { is_enabled: true });
    await arrived(id);

    const { missed_before } = await get(id);
    const [oldest] = await t.sql<{ at: Date }>(
      'select min(created_at) as at from audit_entries where org_id = $1 and position > $2',
      [org.orgId, first?.position],
    );
    expect(missed_before).toBe(oldest?.at.toISOString());
  });

  it('ends with a receiver that answers without end, and says nothing about certificates of private addresses', async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536);
      const write = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    };
    const id = await create();
    await arrived(id);

    await patch(id, { url: receiver.url.replace('http:', 'https:') });
    await until(async () => (await get(id)).failures > 0);
    expect((await get(id)).last_attempt).toMatchObject({ status: null, code: 'connection_failed' });
  });

  it('does not send headers that it cannot decrypt', async () => {
    const id = await create({ headers: { Authorization: 'Splunk 4711' } });
    await arrived(id);
    await t.sql(`update log_streams set header_values = 'AAAA' where id = $1`, [id]);
    receiver.received.length = 0;
    await newEntry();
    await until(async () => receiver.received.length > 0 || (await get(id)).failures > 0);

    expect(receiver.received).toEqual([]);
    expect((await get(id)).last_attempt).toMatchObject({ status: null, code: 'secrets_unreadable' });
    await patch(id, { headers: { Authorization: 'Splunk 4712' } });
    await arrived(id);
    expect(receiver.received[0]?.headers).toMatchObject({ authorization: 'Splunk 4712' });
  });

  it('does not wait for the slow receiver of another', async () => {
    const slow = await startReceiver();
    slow.answer = () => undefined;
    await create({ url: slow.url });
    const id = await create();
    await slow.waitFor((received) => received.length > 0);
    await newEntry();
    await arrived(id);

    expect(slow.received).toHaveLength(1);
    await slow.stop();
  });
});

/** In seconds, between an attempt and the next one. */
const pauseAfter = (stream: { last_attempt: { at: string }; next_attempt_at: string }): number =>
  (Date.parse(stream.next_attempt_at) - Date.parse(stream.last_attempt.at)) / 1000;

async function secondsUntil(time: string): Promise<number> {
  const [row] = await t.sql<{ seconds: number }>(
    'select extract(epoch from $1::timestamptz - now())::float8 as seconds',
    [time],
  );
  return row?.seconds ?? NaN;
}

/** As retention does. */
const removeEntries = (through: string) =>
  t.sql(
    [
      'alter table audit_entries disable trigger user',
      `delete from audit_entries where org_id = '${org.orgId}' and position <= ${Number(through)}`,
      'alter table audit_entries enable trigger user',
      `insert into audit_anchors (chain, sequence, through, mac, signature)
       values ('${org.orgId}', 1, ${Number(through)}, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))`,
    ].join(';'),
  );
