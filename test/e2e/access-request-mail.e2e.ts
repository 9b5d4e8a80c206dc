import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { MailServer, partOf } from '../support/mail-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { EDITOR, GROUPS, groupWith } from '../support/user-groups.js';

const REQUESTS = '/api/v1/orgs/current/access-requests';
const LINK = 'https://tenantry.example.com';

let mail: MailServer;
let t: TestApp;
let org: OrgWithAdmin;
let [ann, lead]: [Member?, Member?] = [];
beforeAll(async () => {
  mail = await MailServer.start();
  t = await startTestApp({ ...mail.environment, LANGSMITH_URL: LINK });
  org = await t.fixtures.orgWithAdmin();
  ann = await t.fixtures.member(org, {});
  lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  await org.admin.api.patch(`/api/v1/workspaces/${org.workspaceId}`, { requestable: true });
});
afterAll(async () => {
  await t.close();
  await mail.stop();
});

const inOrg = ({ api }: Member) => api.as({ workspaceId: '' });
const ask = async (fields: object = { workspace_id: org.workspaceId, role_id: EDITOR }): Promise<string> =>
  (await inOrg(ann!).post(REQUESTS, { reason: 'See http://attacker.test', ...fields })).body.id;
const decidersOf = async (id: string) =>
  (
    await t.sql<{ email: string }>(
      `select u.email from mails m join users u on u.id = m.user_id where m.about = array[$1] order by u.email`,
      [id],
    )
  ).map(({ email }) => email);

it('mails those who decide and then the requester, with links to the console and without the reasons', async () => {
  await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  const disabled = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  await t.sql('update org_memberships set is_disabled = true where id = $1', [disabled.membershipId]);

  const id = await ask();

  expect(await decidersOf(id)).toEqual([lead!.email, org.admin.email].toSorted((a, b) => a.localeCompare(b)));
  const [asked] = await mail.mailsTo(lead!.email);
  const settings = `${LINK}/console/organizations/${org.orgId}/settings`;
  const text = partOf(asked!, 'text/plain');
  expect(text).toContain(`${ann!.email} asks for the role Editor in the workspace Workspace 1`);
  expect(text).toContain(`${settings}/access-requests`);
  expect(asked!.raw).not.toContain('attacker.test');

  const approval = `${REQUESTS}/${id}/approval`;
  await inOrg(lead!).post(approval, { role_id: role('WORKSPACE_VIEWER') });
  const [approved] = await mail.mailsTo(ann!.email);
  expect(approved!.raw).toContain('was approved');
  expect(partOf(approved!, 'text/plain')).toContain('the role Viewer in the workspace Workspace 1');
  expect(partOf(approved!, 'text/plain')).toContain(`${settings}/ask-for-access`);
});

it('mails Organization Admins about user groups, unless the request is withdrawn before', async () => {
  const group = await groupWith(org, EDITOR);
  await org.admin.api.patch(`${GROUPS}/${group}`, { requestable: true, name: 'Analysts' });
  let wasAsked = false;
  mail.reply = () => {
    wasAsked = true;
    return { responseCode: 451, message: 'try again later' };
  };
  const before = mail.to(org.admin.email).length;
  const first = await ask({ user_group_id: group });
  expect(await decidersOf(first)).toEqual([org.admin.email]);
  await until(() => wasAsked);
  await inOrg(ann!).delete(`${REQUESTS}/${first}`);
  mail.reply = () => undefined;

  const second = await ask({ user_group_id: group });
  const mails = await mail.mailsTo(org.admin.email, before + 1);
  expect(partOf(mails.at(-1)!, 'text/plain')).toContain('asks to be in the user group Analysts');
  await inOrg(org.admin).post(`${REQUESTS}/${second}/decline`, { reason: 'Not now' });
  const decisions = await mail.mailsTo(ann!.email, 2);
  expect(decisions.at(-1)!.raw).toContain('was declined');
  expect(mail.to(org.admin.email)).toHaveLength(before + 1);
});
