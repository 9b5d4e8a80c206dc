import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { invitation } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const MEMBERS = '/v1/platform/orgs/current/members';
const CURRENT = '/api/v1/orgs/current';

const QUIET = { AUDIT_SEAL_SECONDS: '3600' }; // sealing would be counted

type Row = { email: string; last_active_at?: string };

let t: TestApp;
/** The same installation after `t` has stopped. */
let after: TestApp;
let org: OrgWithAdmin;
let people: Record<'session' | 'token' | 'idle' | 'contextless' | 'disabled' | 'colleague', Member>;
let pendingId: string;
let startedAt: number;

/** All requests are sent to the first server; stopping it writes the activity that it still holds. */
beforeAll(async () => {
  t = await startTestApp(QUIET);
  org = await t.fixtures.orgWithAdmin();
  const member = () => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  people = {
    session: await member(),
    token: await member(),
    idle: await member(),
    contextless: await member(),
    disabled: await member(),
    colleague: await member(),
  };
  pendingId = await invitation(org, { email: t.fixtures.email() });
  const { body: pat } = await people.token.api.post(`${CURRENT}/personal-access-tokens`, {});
  await t.sql('delete from member_activity'); // nothing is written before the stop, unless this took a minute
  await t.sql('update org_memberships set is_disabled = true where id = $1', [people.disabled.membershipId]);
  startedAt = (await t.sql<{ now: Date }>('select now()'))[0]!.now.getTime();

  for (let request = 0; request < 20; request++) await people.session.api.get(CURRENT);
  await t.api.as({ key: pat.key }).get(CURRENT);
  await people.contextless.api.get('/api/v1/me/ls_user_id');
  await people.disabled.api.get(CURRENT);
  await people.colleague.api.get(CURRENT);
  after = await restarted();
});
afterAll(() => after.close());

async function restarted(): Promise<TestApp> {
  const second = await startTestApp(QUIET, t.databaseUrl);
  await t.close();
  return second;
}

const rowsFor = async ({ api }: Member): Promise<Map<string, Row>> => {
  const { body } = await api.at(after.url).get(`${MEMBERS}?limit=500`);
  return new Map((body as Row[]).map((row) => [row.email, row]));
};
const activity = () =>
  after.sql<{ id: string }>('select membership_id as id from member_activity where membership_id = any($1)', [
    Object.values(people).map(({ membershipId }) => membershipId),
  ]);

describe('the last activity of members', () => {
  it('shows when members used a session or a personal token, also after a restart', async () => {
    const rows = await rowsFor(org.admin);

    for (const { email } of [people.session, people.token]) {
      const at = Date.parse(rows.get(email)!.last_active_at!);
      expect(at).toBeGreaterThanOrEqual(startedAt);
      expect(at).toBeLessThan(startedAt + 60_000);
    }
  });

  it('shows no activity for members who were idle, refused, or used no organization, nor for pending ones', async () => {
    const rows = await rowsFor(org.admin);
    const pending = [...rows.values()].find((row) => (row as { id?: string }).id === pendingId);

    for (const { email } of [people.idle, people.contextless, people.disabled])
      expect(rows.get(email)).not.toHaveProperty('last_active_at');
    expect(pending).not.toHaveProperty('last_active_at');
  });

  it('shows a member without organization:manage only their own activity', async () => {
    const rows = await rowsFor(people.colleague);

    expect(rows.get(people.colleague.email)!.last_active_at).toEqual(expect.any(String));
    expect(rows.get(people.session.email)).not.toHaveProperty('last_active_at');
  });

  it('removes the activity with the membership', async () => {
    expect((await activity()).map(({ id }) => id)).toContain(people.session.membershipId);

    const { status } = await org.admin.api
      .at(after.url)
      .delete(`${CURRENT}/members/${people.session.membershipId}`);

    expect(status).toBe(200);
    expect((await activity()).map(({ id }) => id)).not.toContain(people.session.membershipId);
  });
});

it('recognizes a caller with one statement and writes no activity during requests', async () => {
  const { api } = people.colleague;
  await api.at(after.url).get('/api/v1/workspaces/current/members'); // prepares the statements
  const before = await after.statements();

  for (let request = 0; request < 20; request++)
    expect((await api.at(after.url).get('/auth/public')).status).toBe(200);

  expect((await after.statements()) - before).toBeLessThanOrEqual(22); // the shared request counter may be written meanwhile
});
