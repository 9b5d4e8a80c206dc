import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

const LOCK_SECONDS = 1;
const UNAVAILABLE = 'answered 503';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ DATABASE_LOCK_SECONDS: String(LOCK_SECONDS) });
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
});

const createWorkspace = async () =>
  (await org.admin.api.post('/api/v1/workspaces', { display_name: 'New' })).status;

describe('a change that waits while an earlier one of the organization holds the roster lock', () => {
  it('succeeds when the earlier one fails because it waits too long for a row', async () => {
    const { membershipId } = await t.fixtures.member(org, {});
    await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select from org_memberships where id = $1 for update', [membershipId]);
      const path = `/api/v1/orgs/current/members/${membershipId}`;
      const slow = expect(org.admin.api.patch(path, { role_id: role('ORGANIZATION_ADMIN') })).rejects;
      const slowFails = slow.toThrow(UNAVAILABLE);
      await waitForBlockedQuery(t);

      const others = [createWorkspace(), createWorkspace()];

      await slowFails;
      await expect(Promise.all(others)).resolves.toEqual([200, 200]);
      await client.query('rollback');
    });
  });

  it('is refused with it when another server holds the lock for too long', async () => {
    await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const begun = performance.now();
      const first = expect(createWorkspace()).rejects.toThrow(UNAVAILABLE);
      await pause(200);
      const second = expect(createWorkspace()).rejects.toThrow(UNAVAILABLE);

      await Promise.all([first, second]);
      expect(performance.now() - begun).toBeLessThan(LOCK_SECONDS * 2000);
      await client.query('rollback');
    });
  });
});

describe('a change after another program has changed the type of a column', () => {
  const MOST_CONNECTIONS = 10;
  const changeType = (type: string) =>
    onOwnConnection(t, (client) => client.query(`alter table roles alter permissions type ${type}`));

  /** 200, or why there was no such answer. */
  const change = () => createWorkspace().catch(({ message }: Error) => message);

  it('is answered 503 once for each connection that has prepared its statements, and then succeeds', async () => {
    const stop = new AbortController();
    const client = async () => {
      while (!stop.signal.aborted) await org.admin.api.get('/api/v1/workspaces').catch(() => undefined);
    };
    const clients = [client(), client()];
    await Promise.all(Array.from({ length: MOST_CONNECTIONS }, createWorkspace));

    await changeType('varchar(100)[]');
    const answers: (number | string)[] = [];
    for (let n = 0; n < 2 * MOST_CONNECTIONS; n++) answers.push(await change());
    stop.abort();
    await Promise.all(clients);

    const refused = answers.filter((answer) => answer !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expect(answer).toContain(UNAVAILABLE);
    expect(answers.slice(MOST_CONNECTIONS)).toEqual(Array.from({ length: MOST_CONNECTIONS }, () => 200));
    await changeType('text[]');
    for (let n = 0; n < MOST_CONNECTIONS; n++) await change();
  });
});
