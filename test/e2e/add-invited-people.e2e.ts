import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  inviteBatch,
  invitationsOf,
  ORG_BATCH,
  ORG_MEMBERS,
} from '../support/invitations.js';
import { leastCosts } from '../support/least-costs.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** No background task whose statements would be counted. */
let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off' }); // their statements would be counted
});
afterAll(() => t.close());

const USER = role('ORGANIZATION_USER');
const ORG_VIEWER = role('ORGANIZATION_VIEWER');
const ORG_ADMIN = role('ORGANIZATION_ADMIN');
const LEAD = role('WORKSPACE_ADMIN');
const EDITOR = role('WORKSPACE_USER');
const VIEWER = role('WORKSPACE_VIEWER');

type Place = [workspaceId: string, roleId: string, source: string];
type Member = { org: string; source: string; places: Place[] };
type Kind = {
  emails: string[];
  /** The organization's invitation, or null, and the role that the second workspace adds to it. */
  invited: Record<string, unknown> | null;
  inSecond?: string;
  hasExpired?: boolean;
  /** The membership after the user was added to the second workspace as its admin. */
  becomes: Member;
};

/** `each` users of every kind, invited to an organization of two workspaces. */
async function invitedPeople(org: OrgWithAdmin, second: string, each: number): Promise<Kind[]> {
  const inFirst = { workspace_ids: [org.workspaceId], workspace_role_id: EDITOR };
  const added: Place = [second, LEAD, 'manual'];
  const editor: Place = [org.workspaceId, EDITOR, 'invitation'];
  const viewer: Place = [second, VIEWER, 'invitation'];
  const newcomer = { org: USER, source: 'manual', places: [added] };
  const kinds = [
    { invited: null, becomes: newcomer },
    { invited: {}, becomes: { org: USER, source: 'invitation', places: [added] } },
    {
      invited: { role_id: ORG_VIEWER, ...inFirst },
      becomes: { org: ORG_VIEWER, source: 'invitation', places: [editor, added] },
    },
    {
      ...{ invited: { role_id: ORG_ADMIN, ...inFirst }, inSecond: VIEWER },
      becomes: { org: ORG_ADMIN, source: 'invitation', places: [editor, viewer] },
    },
    { invited: { role_id: ORG_ADMIN, ...inFirst }, hasExpired: true, becomes: newcomer },
  ].map((kind) => ({ ...kind, emails: Array.from({ length: each }, () => t.fixtures.email()) }));
  await invite(org, second, kinds);
  return kinds;
}

async function invite({ admin }: OrgWithAdmin, second: string, kinds: Kind[]): Promise<void> {
  const rows = kinds.flatMap(({ emails, invited }) =>
    invited ? emails.map((email) => ({ email, ...invited })) : [],
  );
  expect((await admin.api.post(ORG_BATCH, rows)).status).toBe(200);
  for (const { emails, inSecond: workspace_role_id } of kinds.filter(({ inSecond }) => inSecond)) {
    const here = { ...admin, api: admin.api.as({ workspaceId: second }) };
    const offers = emails.map((email) => ({ email, workspace_role_id }));
    expect((await inviteBatch(here, offers)).status).toBe(200);
  }
  await t.sql(`update invitations set expires_at = now() - interval '1 second' where email = any($1)`, [
    kinds.filter(({ hasExpired }) => hasExpired).flatMap(({ emails }) => emails),
  ]);
}

/** One user of each kind, then the next of each, so that neighbouring rows differ in kind. */
const mixed = (kinds: readonly Kind[]): string[] =>
  kinds[0]!.emails.flatMap((_, index) => kinds.map(({ emails }) => emails[index]!));

const add = ({ admin }: OrgWithAdmin, workspaceId: string, emails: readonly string[]) =>
  admin.api.post(
    `${ORG_MEMBERS}/basic/batch`,
    emails.map((email) => ({ email, workspace_ids: [workspaceId], workspace_role_id: LEAD })),
  );

/** All members but the founder; the workspaces of each in the order in which they were added. */
async function membersOf({ orgId, admin }: OrgWithAdmin): Promise<Map<string, Member>> {
  const rows = await t.sql<Member & { email: string }>(
    `select u.email, m.role_id as org, m.source,
       (select jsonb_agg(jsonb_build_array(workspace_id, role_id, source) order by w.created_at, w.id)
        from workspace_memberships w where w.org_id = m.org_id and w.user_id = m.user_id) as places
     from org_memberships m join users u on u.id = m.user_id where m.org_id = $1 and u.email <> $2`,
    [orgId, admin.email],
  );
  return new Map(rows.map(({ email, ...member }) => [email, member]));
}

it('gives every added user what was invited and what is given now, and ends every invitation', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const second = await anotherWorkspace(org);
  const kinds = await invitedPeople(org, second, 12);
  const emails = mixed(kinds);

  const { status, body } = await add(org, second, emails);

  expect(status).toBe(200);
  expect(body.map(({ email }: { email: string }) => email)).toEqual(emails);
  const members = await membersOf(org);
  for (const { emails: own, becomes } of kinds)
    for (const email of own) expect({ email, ...members.get(email) }).toEqual({ email, ...becomes });
  expect(members.size).toBe(emails.length);
  const ends = new Map((await invitationsOf(t, org)).map((ended) => [ended.email, ended]));
  for (const { emails: own, invited, hasExpired } of kinds) {
    const end = { status: hasExpired ? 'revoked' : 'accepted', grants: {} };
    for (const email of own)
      expect(ends.get(email)).toEqual(invited ? expect.objectContaining(end) : undefined);
  }
  const taken = await t.sql('select members, pending from headcounts where org_id = $1', [org.orgId]);
  expect(taken).toEqual([{ members: 1 + emails.length, pending: 0 }]);
});

it('writes one audit entry for a batch, which names the users in the order of the rows', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const second = await anotherWorkspace(org);
  const emails = mixed(await invitedPeople(org, second, 12));

  const { body } = await add(org, second, emails);

  const entries = await auditOf(t, org.orgId, ['add_basic_auth_users_to_org', 'delete_org_pending_member']);
  const ids = body.map(({ id }: { id: string }) => id);
  expect(entries).toMatchObject([{ operation: 'add_basic_auth_users_to_org', resourceIds: ids }]);
});

it('sends a fixed number of statements however many invited users a batch adds', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const second = await anotherWorkspace(org);
  const costOf = async (each: number) => {
    const emails = mixed(await invitedPeople(org, second, each));
    const before = await t.statements();
    expect((await add(org, second, emails)).status).toBe(200);
    return (await t.statements()) - before;
  };

  const [one, twenty] = await leastCosts(
    () => costOf(1),
    () => costOf(20),
  );

  expect(one).toBeGreaterThan(0);
  expect(twenty).toBe(one);
});
