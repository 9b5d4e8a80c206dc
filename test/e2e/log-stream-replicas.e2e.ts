import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { ALLOWING_RECEIVERS, type Receiver, startReceiver } from '../support/receiver.js';
import { type Replicas, startReplicas } from '../support/replicas.js';

const STREAMS = '/api/v1/orgs/current/log-streams';

let t: Replicas;
const receivers: Receiver[] = [];
beforeAll(async () => {
  t = await startReplicas({ ...ALLOWING_RECEIVERS, TEST_LOOK_EVERY_MS: '100' });
  for (let n = 0; n < 3; n++) receivers.push(await startReceiver());
});
afterAll(async () => {
  for (const receiver of receivers) await receiver.stop();
  await t.close();
});

const FIRST_AND_LAST = /^(\d+)-(\d+)$/;

/** Answers a while later, every third time with an error, and notes when two requests overlap. */
function answerUnreliably(receiver: Receiver, overlaps: string[]): void {
  let open = 0;
  let count = 0;
  receiver.answer = (response: ServerResponse, { headers }) => {
    if (++open > 1) overlaps.push(String(headers['tenantry-batch']));
    const isRefused = ++count % 3 === 0;
    setTimeout(() => {
      open -= 1;
      response.writeHead(isRefused ? 500 : 200).end();
    }, 30);
  };
}

it('sends every entry of three servers in order, one request at a time for each stream, although receivers fail', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const overlaps: string[] = [];
  for (const receiver of receivers) {
    answerUnreliably(receiver, overlaps);
    expect((await org.admin.api.post(STREAMS, { url: receiver.url })).status).toBe(201);
  }

  const writing = Promise.all(
    t.urls.map(async (url) => {
      for (let n = 0; n < 40; n++)
        await org.admin.api.at(url).patch('/api/v1/orgs/current/info', { display_name: `${url} ${n}` });
    }),
  );
  const isBehind = async () => {
    await t.sql(`update log_cursors set due_at = now() where claim_id is null`); // no pause after a failure
    const { body } = await org.admin.api.get(STREAMS);
    return body.items.some((item: { lag_entries: number }) => item.lag_entries > 0);
  };
  await writing;
  await until(async () => !(await isBehind()), 90);

  const rows = await t.sql<{ id: string }>(
    `select id from audit_entries where org_id = $1 and operation = 'update_organization_info' order by position`,
    [org.orgId],
  );
  expect(rows).toHaveLength(120);
  for (const { received } of receivers) {
    const sent = received.map(({ headers, body }) => {
      const [, first, last] = FIRST_AND_LAST.exec(String(headers['tenantry-batch'])) ?? [];
      const ids = body.split('\n').flatMap((line) => (line ? [JSON.parse(line).metadata.uid as string] : []));
      return { first: Number(first), last: Number(last), ids };
    });
    const once: string[] = [];
    let end = 0;
    for (const { first, last, ids } of sent) {
      expect(first).toBeGreaterThan(0);
      if (last <= end) continue; // as the contract tells receivers to do
      once.push(...ids.filter((id) => !once.includes(id)));
      end = last;
    }
    expect(once.filter((id) => rows.some((row) => row.id === id))).toEqual(rows.map(({ id }) => id));
  }
  expect(overlaps).toEqual([]);
}, 150_000);
